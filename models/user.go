package models

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Role is what a user may do in the workspace (seed 001 calls them admin,
// author and standard user).
type Role string

const (
	Owner   Role = "owner"
	Manager Role = "manager"
	Member  Role = "member"
)

// Roles from most to least.
var Roles = []Role{Owner, Manager, Member}

// Valid reports whether there is such a role.
func (r Role) Valid() bool { return slices.Contains(Roles, r) }

// User is a person who can sign in.
type User struct {
	ID           string
	Email        string // lower case
	Name         string
	Role         Role
	PasswordHash string `json:"-"`
	Disabled     bool
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

// NormalEmail is an address as it is stored and compared.
func NormalEmail(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

// Validate checks a user's profile.
func (u User) Validate() FieldErrors {
	var errs FieldErrors
	at := strings.LastIndexByte(u.Email, '@')
	if at < 1 || at == len(u.Email)-1 || len(u.Email) > 254 || strings.ContainsAny(u.Email, " <>,;\"") || strings.ContainsFunc(u.Email, unicode.IsControl) || !utf8.ValidString(u.Email) {
		errs.Add("email", "Give an e-mail address such as name@example.com.")
	}
	checkLine(&errs, "name", u.Name, "a name", 200)
	if !u.Role.Valid() {
		errs.Add("role", "Choose owner, manager or member.")
	}
	return errs
}

// Password lengths, in characters.
const (
	MinPassword = 12
	MaxPassword = 128
)

// CheckPassword says what is wrong with a new password, as a field fault.
func CheckPassword(password string, errs *FieldErrors) {
	n := utf8.RuneCountInString(password)
	if n < MinPassword || n > MaxPassword || !utf8.ValidString(password) {
		errs.Add("password", "A password has %d to %d characters.", MinPassword, MaxPassword)
	}
}
