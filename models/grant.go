package models

import "time"

// Level is what a grant allows on a webhook (Z8).
type Level string

const (
	NoGrant   Level = ""
	ViewGrant Level = "view" // details and logs, no secrets
	EditGrant Level = "edit" // also change, test, toggle, retrigger
)

// Levels in the order a form offers them.
var Levels = []Level{ViewGrant, EditGrant}

// Valid reports whether a grant may have this level.
func (l Level) Valid() bool { return l == ViewGrant || l == EditGrant }

// Higher is the stronger of two levels.
func (l Level) Higher(other Level) Level {
	if l == EditGrant || other == NoGrant {
		return l
	}
	return other
}

// Grant gives a user or a team view or edit on one webhook. Exactly one of
// UserID and TeamID is set.
type Grant struct {
	ID        string
	WebhookID string
	UserID    string
	TeamID    string
	Level     Level
	CreatedAt time.Time
}

// MaxGrants is how many users and teams one webhook is shared with at most; more
// people than that belong into a team.
const MaxGrants = 200

// ErrManyGrants is for one grant more than a webhook may have.
func ErrManyGrants() error {
	var errs FieldErrors
	errs.Add("holder", "A webhook is shared with at most %d users and teams. Put people into a team, and share with that.", MaxGrants)
	return errs.Err()
}

// Holder is the id of the user or team that has the grant.
func (g Grant) Holder() string { return g.UserID + g.TeamID }
