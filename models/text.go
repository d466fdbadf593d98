package models

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// checkLine checks a one-line text that people read: 1 to max bytes.
func checkLine(errs *FieldErrors, field, value, what string, max int) {
	switch {
	case strings.TrimSpace(value) == "":
		errs.Add(field, "Give %s.", what)
	default:
		checkText(errs, field, value, max, "")
	}
}

// checkText allows an empty text, and the control characters named.
func checkText(errs *FieldErrors, field, value string, max int, allowed string) {
	bad := func(r rune) bool { return unicode.IsControl(r) && !strings.ContainsRune(allowed, r) }
	switch {
	case len(value) > max:
		errs.Add(field, "Keep it to %d bytes; it has %d.", max, len(value))
	case !utf8.ValidString(value) || strings.ContainsFunc(value, bad):
		errs.Add(field, "Remove the control characters.")
	}
}
