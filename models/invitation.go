package models

import (
	"strings"
	"time"
)

// InvitationLifetime is how long an invitation's link works.
const InvitationLifetime = 7 * 24 * time.Hour

// Invitation lets one person make an account, with the role and the teams that
// an owner chose. The link's token is shown once; Hash is what the database
// knows of it.
type Invitation struct {
	ID        string
	Email     string // lower case
	Role      Role
	Teams     []string // ids; those that are gone when it is accepted do not count
	Hash      []byte   `json:"-"`
	InvitedBy string   // name of the user or token, as it was then
	InviterID string   // of the user; "" when it was a token or the command line
	CreatedAt time.Time
	ExpiresAt time.Time
}

// Expired reports whether the link no longer works.
func (i Invitation) Expired(now time.Time) bool { return !now.Before(i.ExpiresAt) }

// Validate checks what an owner may set.
func (i Invitation) Validate() FieldErrors {
	var errs FieldErrors
	checkEmail(&errs, i.Email)
	checkRole(&errs, i.Role)
	return errs
}

// Lifetimes of links to set a new password: one that an owner hands over, and
// one that goes by e-mail.
const (
	ResetLifetime       = 24 * time.Hour
	MailedResetLifetime = time.Hour
)

// Reset lets one user set a new password, once. Hash is what the database knows
// of the link's token. A user has one at most.
type Reset struct {
	Hash      []byte
	UserID    string
	CreatedAt time.Time
	ExpiresAt time.Time
}

// AuditFields lists what an owner chose for an invitation.
func (i Invitation) AuditFields() []Field {
	return []Field{{Name: "email", Value: i.Email}, {Name: "role", Value: string(i.Role)}, {Name: "teams", Value: strings.Join(i.Teams, ", ")}}
}
