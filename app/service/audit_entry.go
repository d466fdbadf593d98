package service

import "hookline/models"

// update makes the entry of a change that may not be one: a form that was saved as
// it was leaves no trace in the log.
func (d deps) update(actor models.Actor, action, subjectID, subject string, before, after []models.Field) []models.Audit {
	if a := d.entry(actor, action, subjectID, subject, before, after); len(a.Changes) > 0 {
		return []models.Audit{a}
	}
	return nil
}

// entry makes an audit entry for a change that is about to be stored. before or
// after is nil when the object is made or removed.
func (d deps) entry(actor models.Actor, action, subjectID, subject string, before, after []models.Field) models.Audit {
	a := models.Audit{
		ID: newID(models.AuditPrefix), At: d.now(), Action: action, SubjectID: subjectID, Subject: subject,
		Changes: models.Diff(before, after),
	}
	switch {
	case actor.User != nil:
		a.ActorKind, a.ActorID, a.ActorName = models.UserActor, actor.User.ID, actor.User.Name
	case actor.Token != nil:
		a.ActorKind, a.ActorID, a.ActorName = models.TokenActor, actor.Token.ID, actor.Token.Name
	default:
		a.ActorKind, a.ActorName = models.SystemActor, "Command line"
	}
	return a
}
