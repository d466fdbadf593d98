package form

import (
	"slices"
	"strings"
)

// A form that is saved as it was drawn must change nothing, but a browser does not
// send back the text it was given: it writes every line break of a text area as
// CRLF, and leaves them out of a field of one line. So each text is compared with
// the one that was drawn, by what the browser keeps of both; when they agree,
// the field is untouched, and the text that was drawn stays byte for byte.

var (
	asLF      = strings.NewReplacer("\r\n", "\n", "\r", "\n")
	withoutLF = strings.NewReplacer("\r", "", "\n", "")
)

// Block is the text of a text area: the one drawn when it is untouched. Else its
// lines end as those of the one drawn did, or in LF.
func Block(drawn, sent string) string {
	text := asLF.Replace(sent)
	switch {
	case asLF.Replace(drawn) == text:
		return drawn
	case endsLinesInCRLF(drawn):
		return strings.ReplaceAll(text, "\n", "\r\n")
	}
	return text
}

func endsLinesInCRLF(text string) bool {
	n := strings.Count(text, "\r\n")
	return n > 0 && n == strings.Count(text, "\n") && n == strings.Count(text, "\r")
}

// Line is the text of a field of one line: the one drawn when it is untouched,
// else without spaces around it.
func Line(drawn, sent string) string {
	if sameLine(drawn, sent) {
		return drawn
	}
	return strings.TrimSpace(sent)
}

// Exact is Line for a text in which spaces count.
func Exact(drawn, sent string) string {
	if sameLine(drawn, sent) {
		return drawn
	}
	return sent
}

func sameLine(drawn, sent string) bool { return withoutLF.Replace(drawn) == withoutLF.Replace(sent) }

// keepUntouchedRow is Line and Exact for name and value of a row. The row was drawn as
// the nth, unless rows before it were taken out.
func keepUntouchedRow[R any](name, value *string, n int, drawn []R, texts func(*R) (name, value *string)) {
	same := func(r R) bool {
		wasName, wasValue := texts(&r)
		return sameLine(*wasName, *name) && sameLine(*wasValue, *value)
	}
	if n >= len(drawn) || !same(drawn[n]) {
		if i := slices.IndexFunc(drawn, same); i >= 0 {
			n = i
		}
	}
	if n >= len(drawn) {
		*name = strings.TrimSpace(*name)
		return
	}
	wasName, wasValue := texts(&drawn[n])
	*name, *value = Line(*wasName, *name), Exact(*wasValue, *value)
}
