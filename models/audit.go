package models

import "time"

// Audit is one entry of the audit log (B10): who did what to which object, and
// how it was before and after. It never holds a secret.
type Audit struct {
	ID        string
	At        time.Time
	ActorKind ActorKind
	ActorID   string
	ActorName string // as it was then
	Action    string // noun.verb, e.g. webhook.updated
	SubjectID string
	Subject   string // its name as it was then
	Changes   []Change
}

// ActorKind says what an Actor was.
type ActorKind string

const (
	UserActor   ActorKind = "user"
	TokenActor  ActorKind = "token"
	SystemActor ActorKind = "system" // the command line, or Hookline by itself
	// VisitorActor is a visitor who is not signed in.
	VisitorActor ActorKind = "visitor"
)

// NewAudit makes the entry of a change that is about to be stored. before or after is
// nil when the object is made or removed.
func NewAudit(id string, at time.Time, actor Actor, action, subjectID, subject string, before, after []Field) Audit {
	a := Audit{ID: id, At: at, Action: action, SubjectID: subjectID, Subject: subject, Changes: Diff(before, after)}
	switch {
	case actor.User != nil:
		a.ActorKind, a.ActorID, a.ActorName = UserActor, actor.User.ID, actor.User.Name
	case actor.Token != nil:
		a.ActorKind, a.ActorID, a.ActorName = TokenActor, actor.Token.ID, actor.Token.Name
	default:
		a.ActorKind, a.ActorName = SystemActor, "Command line"
	}
	return a
}

// IfChanged is the entry alone, or none when nothing differs: a form that was saved
// as it was leaves no trace in the log.
func (a Audit) IfChanged() []Audit {
	if len(a.Changes) == 0 {
		return nil
	}
	return []Audit{a}
}

// Change is one field before and after. A secret shows as a mask.
type Change struct {
	Field  string `json:"field"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// Field is one field of an object as the audit log shows it.
type Field struct {
	Name  string
	Value string
	// Same tells two values apart that show alike, such as two secrets; it is
	// compared and never kept.
	Same string
}

// SecretField shows a secret as a mask, or as nothing when there is none. Two
// sealings of one secret count as a change: it was entered again.
func SecretField(name string, sealed Sealed) Field {
	f := Field{Name: name, Same: string(sealed)}
	if len(sealed) > 0 {
		f.Value = Mask
	}
	return f
}

// maxAuditValue is how much of a long value the log keeps.
const maxAuditValue = 2000

// Diff lists what differs, in the order of after, then what is only before. An
// empty list stands for an object that is not there.
func Diff(before, after []Field) []Change {
	changes := []Change{}
	old := map[string]Field{}
	for _, f := range before {
		old[f.Name] = f
	}
	for _, f := range after {
		was, there := old[f.Name]
		delete(old, f.Name)
		if (there && was == f) || (!there && f.Value == "") {
			continue
		}
		changes = append(changes, Change{Field: f.Name, Before: shortened(was.Value), After: shortened(f.Value)})
	}
	for _, f := range before {
		if _, gone := old[f.Name]; gone && f.Value != "" {
			changes = append(changes, Change{Field: f.Name, Before: shortened(f.Value)})
		}
	}
	return changes
}

func shortened(value string) string {
	if len(value) <= maxAuditValue {
		return value
	}
	cut := maxAuditValue
	for cut > 0 && value[cut]&0xC0 == 0x80 { // not inside a character
		cut--
	}
	return value[:cut] + "…"
}

// AuditFilter narrows the audit log. Zero members do not.
type AuditFilter struct {
	ActorKind ActorKind
	ActorID   string
	SubjectID string
	Action    string // webhook.updated, or webhook for all that is done to webhooks
	Since     time.Time
	Until     time.Time
	Search    string // in the names of actor and subject
}
