package models

import (
	"slices"
	"strings"
	"time"
)

// Scope is what a token may do.
type Scope string

const (
	EventsWrite       Scope = "events:write"
	EventsRead        Scope = "events:read"
	WebhooksRead      Scope = "webhooks:read"
	WebhooksWrite     Scope = "webhooks:write"
	DeliveriesRead    Scope = "deliveries:read"
	DeliveriesWrite   Scope = "deliveries:write"
	TracksRead        Scope = "tracks:read"
	TracksWrite       Scope = "tracks:write"
	ParticipantsRead  Scope = "participants:read"
	ParticipantsWrite Scope = "participants:write"
	MetricsRead       Scope = "metrics:read"
	Admin             Scope = "admin" // everything
)

// Scopes in the order the form offers them.
var Scopes = []Scope{
	EventsWrite, EventsRead, WebhooksRead, WebhooksWrite, DeliveriesRead, DeliveriesWrite,
	TracksRead, TracksWrite, ParticipantsRead, ParticipantsWrite, MetricsRead, Admin,
}

// TokenStart is how every API token begins, so that scanners find leaked ones.
const TokenStart = "hl_"

// Token lets a program call the API. The token itself is shown once; Hash is
// what the database knows of it.
type Token struct {
	ID        string
	Name      string
	Hash      []byte `json:"-"`
	Hint      string // its first characters, to tell tokens apart
	Scopes    []Scope
	CreatedAt time.Time
	ExpiresAt time.Time // zero: never
	LastUsed  time.Time // to the minute; zero: never
}

// Has reports whether the token may do what scope names.
func (t Token) Has(scope Scope) bool {
	return slices.Contains(t.Scopes, Admin) || slices.Contains(t.Scopes, scope)
}

// Expired reports whether the token no longer counts.
func (t Token) Expired(now time.Time) bool {
	return !t.ExpiresAt.IsZero() && !now.Before(t.ExpiresAt)
}

// Validate checks a new token.
func (t Token) Validate(now time.Time) error {
	var errs FieldErrors
	checkLine(&errs, "name", t.Name, "the token a name", 200)
	if len(t.Scopes) == 0 {
		errs.Add("scopes", "Choose at least one scope.")
	}
	for _, s := range t.Scopes {
		if !slices.Contains(Scopes, s) {
			errs.Add("scopes", "%q is not a scope.", s)
			break
		}
	}
	if !t.ExpiresAt.IsZero() && !t.ExpiresAt.After(now) {
		errs.Add("expires_at", "Choose a time in the future, or leave it empty.")
	}
	return errs.Err()
}

// AuditFields lists what people set on a token.
func (t Token) AuditFields() []Field {
	scopes := make([]string, len(t.Scopes))
	for i, s := range t.Scopes {
		scopes[i] = string(s)
	}
	expires := "never"
	if !t.ExpiresAt.IsZero() {
		expires = t.ExpiresAt.Format("2006-01-02T15:04:05Z07:00")
	}
	return []Field{{Name: "name", Value: t.Name}, {Name: "scopes", Value: strings.Join(scopes, ", ")}, {Name: "expires", Value: expires}}
}
