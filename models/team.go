package models

import (
	"strings"
	"time"
)

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

// AuditFields lists what people set on a team: its name, and who is in it by
// their addresses.
func (t Team) AuditFields(emails map[string]string) []Field {
	members := make([]string, len(t.Members))
	for i, id := range t.Members {
		if members[i] = emails[id]; members[i] == "" {
			members[i] = id
		}
	}
	return []Field{{Name: "name", Value: t.Name}, {Name: "members", Value: strings.Join(members, ", ")}}
}
