package api

import (
	"context"
	"net/http"
	"time"

	"hookline/app/policy"
	"hookline/models"
)

// auditEntry is one line of the audit log.
type auditEntry struct {
	ID          string           `json:"id"`
	At          time.Time        `json:"at"`
	Actor       auditActor       `json:"actor"`
	Action      string           `json:"action" doc:"What was done: a noun and a verb." example:"webhook.updated"`
	SubjectID   string           `json:"subject_id" doc:"Of what it was done to; empty for the settings."`
	SubjectName string           `json:"subject_name" doc:"As it was then."`
	Changes     []auditedChanges `json:"changes" nullable:"false" doc:"Secrets read ***; *** to *** means that one was entered again."`
}

type auditActor struct {
	Kind models.ActorKind `json:"kind" enum:"user,token,system,visitor" doc:"system is the command line, or Hookline by itself; visitor is somebody not signed in."`
	ID   string           `json:"id" doc:"Empty for system and visitor."`
	Name string           `json:"name" doc:"As it was then."`
}

type auditedChanges struct {
	Field  string `json:"field"`
	Before string `json:"before"`
	After  string `json:"after"`
}

func auditOf(a models.Audit) auditEntry {
	out := auditEntry{
		ID: a.ID, At: a.At, Actor: auditActor{Kind: a.ActorKind, ID: a.ActorID, Name: a.ActorName},
		Action: a.Action, SubjectID: a.SubjectID, SubjectName: a.Subject, Changes: make([]auditedChanges, len(a.Changes)),
	}
	for i, c := range a.Changes {
		out.Changes[i] = auditedChanges{Field: c.Field, Before: c.Before, After: c.After}
	}
	return out
}

type auditQuery struct {
	Paging
	ActorID   string    `query:"actor_id" doc:"What this user or token did."`
	SubjectID string    `query:"subject_id" doc:"What was done to this object; for an event type, its name."`
	Action    string    `query:"action" doc:"One action, such as webhook.updated, or a noun, such as webhook, for all of its actions."`
	Since     time.Time `query:"since" doc:"Done at this time or later."`
	Until     time.Time `query:"until" doc:"Done before this time."`
	Q         string    `query:"q" doc:"Part of the actor's or the object's name."`
}

func (s *server) mountAudit() {
	add(s, route{
		method: http.MethodGet, path: "/audit", action: policy.ReadAudit, tag: "Audit log",
		summary: "Who changed what", description: "Newest first. The audit log is kept for ever. Of sign-ins that failed, the first of an account from a network has an entry at once; those that follow are counted in one more, a quarter of an hour later.",
	}, s.audit)
}

func (s *server) audit(ctx context.Context, actor models.Actor, in *auditQuery) (list[auditEntry], error) {
	page, err := s.Service.Audit.List(ctx, actor, models.AuditFilter{
		ActorID: in.ActorID, SubjectID: in.SubjectID, Action: in.Action, Since: in.Since, Until: in.Until, Search: in.Q,
	}, in.request())
	return listOf(page, auditOf), err
}
