package form

import (
	"strings"

	"hookline/views/webhooks"
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

// row is a row of a table: n is its place in the table that was drawn, unless rows
// were taken out of that before.
func row(drawn []webhooks.RowValues, n int, sent webhooks.RowValues) webhooks.RowValues {
	same := func(r webhooks.RowValues) bool { return sameLine(r.Name, sent.Name) && sameLine(r.Value, sent.Value) }
	var was webhooks.RowValues
	if n < len(drawn) {
		was = drawn[n]
	}
	if !same(was) {
		for _, r := range drawn {
			if same(r) {
				was = r
				break
			}
		}
	}
	sent.Name, sent.Value = Line(was.Name, sent.Name), Exact(was.Value, sent.Value)
	return sent
}
