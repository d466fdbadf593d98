package models

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// PasteProblem says what was copied along with a credential, or "". White space
// at its ends and control characters come from a terminal or a document; taken as
// they are, every request would be refused by a receiver that has the credential
// without them.
func PasteProblem(credential string) string {
	switch {
	case !printable(credential):
		return "It cannot have line breaks or control characters: perhaps one was copied along."
	case strings.TrimFunc(credential, unseen) != credential:
		return "Remove the spaces and invisible characters at its ends: perhaps they were copied along."
	}
	return ""
}

// unseen reports white space, and what has no shape at all, such as a zero width
// space or a byte order mark.
func unseen(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) }

// printable reports whether text is UTF-8 without control characters.
func printable(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, unicode.IsControl)
}

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
