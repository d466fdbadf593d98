package models

import (
	"slices"
	"strconv"
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
	SeenAt       time.Time // last use of a session, to the minute; zero: never
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

// NormalEmail is an address as it is stored and compared.
func NormalEmail(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

// Validate checks a user's profile.
func (u User) Validate() FieldErrors {
	var errs FieldErrors
	checkEmail(&errs, u.Email)
	checkLine(&errs, "name", u.Name, "a name", 200)
	checkRole(&errs, u.Role)
	return errs
}

// EnabledOwner reports whether the user may do everything, now.
func (u User) EnabledOwner() bool { return u.Role == Owner && !u.Disabled }

func checkEmail(errs *FieldErrors, email string) {
	at := strings.LastIndexByte(email, '@')
	odd := func(r rune) bool {
		return unicode.IsControl(r) || unicode.IsSpace(r) || strings.ContainsRune("<>,;:\\\"()[]", r)
	}
	if at < 1 || at == len(email)-1 || len(email) > 254 || strings.ContainsFunc(email, odd) || !utf8.ValidString(email) {
		errs.Add("email", "Give an e-mail address such as name@example.com.")
	}
}

func checkRole(errs *FieldErrors, r Role) {
	if !r.Valid() {
		errs.Add("role", "Choose owner, manager or member.")
	}
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

// AuditFields lists what people set on a user.
func (u User) AuditFields() []Field {
	return []Field{
		{Name: "email", Value: u.Email}, {Name: "name", Value: u.Name}, {Name: "role", Value: string(u.Role)},
		{Name: "disabled", Value: strconv.FormatBool(u.Disabled)},
		{Name: "password", Value: maskOf(u.PasswordHash), Same: u.PasswordHash},
	}
}

func maskOf(secret string) string {
	if secret == "" {
		return ""
	}
	return Mask
}
