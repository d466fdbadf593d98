package layout

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"hookline/models"
)

// Initials are the first letters of the first and the last name.
func Initials(name string) string {
	words := strings.Fields(name)
	if len(words) == 0 {
		return "?"
	}
	out := firstRune(words[0])
	if len(words) > 1 {
		out += firstRune(words[len(words)-1])
	}
	return strings.ToUpper(out)
}

func firstRune(s string) string {
	_, n := utf8.DecodeRuneInString(s)
	return s[:n]
}

// RoleTitle is a role as people read it.
func RoleTitle(r models.Role) string {
	switch r {
	case models.Owner:
		return "Owner"
	case models.Manager:
		return "Manager"
	case models.Member:
		return "Member"
	}
	return string(r)
}

func pressed(is bool) string { return strconv.FormatBool(is) }

// colorScheme tells the browser before the style sheet is there, so that a dark
// page does not flash white.
func colorScheme(theme string) string {
	if theme == "system" {
		return "light dark"
	}
	return theme
}
