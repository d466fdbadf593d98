package expression

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/expr-lang/expr/file"
)

// Fault is what is wrong with a source, or with what it met when it ran. The message
// is a sentence or two that say how to mend it. It never holds values, only source.
type Fault struct {
	Offset       int // bytes from the start of the source
	Line, Column int // from 1; a column is a character
	Message      string
}

// Error is the place and the message, as a form shows them.
func (f *Fault) Error() string {
	return fmt.Sprintf("Line %d, column %d: %s", f.Line, f.Column, f.Message)
}

// FaultAt makes a fault at an offset of a source.
func FaultAt(source string, offset int, format string, args ...any) *Fault {
	offset = min(max(offset, 0), len(source))
	before := source[:offset]
	line := strings.Count(before, "\n")
	return &Fault{
		Offset: offset, Line: line + 1,
		Column:  utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]) + 1,
		Message: fmt.Sprintf(format, args...),
	}
}

var unexpectedToken = regexp.MustCompile(`^unexpected token (\w+)(?:\("(.*)"\))?$`)

// parseFault says in plain words what the parser objects to.
func (c *compiler) parseFault(err *file.Error) *Fault {
	source, offset := c.source, c.byteOffset(err.From)
	if m := unexpectedToken.FindStringSubmatch(err.Message); m != nil {
		if m[1] == "EOF" {
			return FaultAt(source, len(source), "%s", endsEarly)
		}
		return FaultAt(source, offset, "%s", misplaced(m[1], m[2]))
	}
	for _, known := range parserWords {
		if strings.Contains(err.Message, known.says) {
			return FaultAt(source, offset, "%s", known.means)
		}
	}
	return FaultAt(source, offset, "This cannot be understood here.")
}

const endsEarly = "The expression ends too early: something is missing at its end, such as a value or a closing bracket."

var parserWords = []struct{ says, means string }{
	{"unexpected end", endsEarly},
	{"literal not terminated", "This text has no closing quote."},
	{"invalid char escape", `This escape is not known. For a backslash write \\.`},
	{"unrecognized character", "This character has no meaning here. If it belongs to a text, put the text between quotes."},
	{"bad number syntax", "This is not a number. If it is a text, put it between quotes; a field with such a name is written contact[\"name\"]."},
	{"literal: ", "This number is too large. Put it between quotes to use it as a text."},
	{"literal is too large", "This number is too large. Put it between quotes to use it as a text."},
	{"unclosed comment", "This comment is not closed. End it with */."},
	{"maximum allowed nodes", fmt.Sprintf("The expression is too long: it has more than %d parts. Make it shorter.", maxNodes)},
	{"cannot be mixed", "Put the part with ?? between parentheses."},
	{"expected at least", "This function needs another value."},
	{"expected name", "After the dot comes a name. A name with other characters is written contact[\"last name\"]."},
	{"a map key", "Before the colon comes a name, a text or a number."},
	{"wrap predicate", "Put this part between { and }."},
}

func misplaced(kind, text string) string {
	switch {
	case text == "=":
		return "To compare, write == with two signs."
	case text == "&&" || text == "||" || kind == "EOF":
		return fmt.Sprintf("A value is missing before %s.", text)
	case kind == "Operator" || kind == "Bracket":
		return fmt.Sprintf("%s does not fit here. Is a value missing before it, or is it one too many?", text)
	}
	return fmt.Sprintf("%s does not fit here. Is a comma or an operator missing before it? A name with a space is written contact[\"last name\"].", shorten(text, 40))
}

// shorten cuts a text for a message.
func shorten(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most-1]) + "…"
}

// near finds the one of some names that was probably meant; "" for none.
func near(word string, names []string) string {
	best, least := "", 1+min(2, len(word)/3)
	for _, name := range names {
		if strings.EqualFold(name, word) {
			return name
		}
		if d := distance(word, name); d < least {
			best, least = name, d
		}
	}
	return best
}

// distance counts the letters to add, drop, change or swap with the next.
func distance(a, b string) int {
	if len(a) > 64 || len(b) > 64 {
		return 64
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
