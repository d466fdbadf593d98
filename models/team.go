package models

import "time"

// Team is a group of users, so that grants need not be given one by one.
type Team struct {
	ID        string
	Name      string
	Members   []string // user ids
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Validate checks what an owner may set.
func (t Team) Validate() FieldErrors {
	var errs FieldErrors
	checkLine(&errs, "name", t.Name, "the team a name", 100)
	return errs
}
