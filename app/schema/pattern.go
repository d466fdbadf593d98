package schema

import (
	"errors"
	"regexp"
	"regexp/syntax"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"hookline/app/regex"
)

// maxPatterns bounds the size of all patterns of a schema, with their repetitions
// written out. A pattern's size is about the steps it takes per byte of text.
const maxPatterns = 20_000

// refusedPattern says which part of a pattern is not possible, and how to mend it.
type refusedPattern string

func (e refusedPattern) Error() string { return string(e) }

// pattern is a regular expression of a schema, which are ECMAScript's (JSON Schema,
// 6.4). It is matched in linear time, whatever the text: lookaheads behind the ^ that
// begins it are patterns of their own, and what else cannot be matched so is refused.
type pattern struct {
	source string
	main   *regexp.Regexp
	ahead  []lookahead
	size   int
	spend  func(steps int)
}

// lookahead is (?=…) or (?!…) at the start of the text.
type lookahead struct {
	is     *regexp.Regexp
	wanted bool
}

func (p *pattern) String() string { return p.source }

// MatchString reports whether the text has a match. Its steps are counted.
func (p *pattern) MatchString(text string) bool {
	p.spend(1 + len(text)*p.size/64)
	for _, l := range p.ahead {
		if l.is.MatchString(text) != l.wanted {
			return false
		}
	}
	return p.main.MatchString(text)
}

// patterns compiles the patterns of one schema.
type patterns struct {
	size  int
	spend func(steps int)
}

func (c *patterns) compile(source string) (jsonschema.Regexp, error) {
	p := &pattern{source: source, spend: c.spend}
	rest, aheads, err := leading(source)
	if err != nil {
		return nil, err
	}
	for _, a := range aheads {
		l := lookahead{wanted: a.wanted}
		if l.is, err = p.part("^(?:" + a.text + ")"); err != nil {
			return nil, err
		}
		p.ahead = append(p.ahead, l)
	}
	if p.main, err = p.part(rest); err != nil {
		return nil, err
	}
	if c.size += p.size; c.size > maxPatterns {
		return nil, refusedPattern("its patterns are too large: make them shorter, or their repetitions fewer")
	}
	return p, nil
}

func (p *pattern) part(text string) (*regexp.Regexp, error) {
	text = ours(text)
	tree, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		return nil, refusal(text, err)
	}
	if p.size += regex.Size(tree); p.size > maxPatterns {
		return nil, refusedPattern("a pattern is too large: make it shorter, or its repetitions fewer")
	}
	return regexp.Compile(text)
}

type aheadText struct {
	text   string
	wanted bool
}

// leading takes the lookaheads off the start of a pattern: ^(?=…)(?!…)rest.
func leading(source string) (rest string, list []aheadText, err error) {
	after, anchored := strings.CutPrefix(source, "^")
	for strings.HasPrefix(after, "(?=") || strings.HasPrefix(after, "(?!") {
		if !anchored {
			return "", nil, refusedPattern("a pattern that begins with a lookahead begins with ^ here: write ^" + shortened(source))
		}
		end := groupEnd(after)
		if end < 0 {
			return "", nil, refusedPattern("a lookahead in a pattern is not closed: write ) at its end")
		}
		list = append(list, aheadText{after[3:end], after[2] == '='})
		after = after[end+1:]
	}
	if len(list) == 0 {
		return source, nil, nil
	}
	if hasChoice(after) {
		return "", nil, refusedPattern("a pattern with a lookahead has a | at its top, so that it is not clear what the lookahead is for: put the choice into (?:…)")
	}
	return "^" + after, list, nil
}

// groupEnd is the place of the ) that closes the group with which a text begins; -1.
func groupEnd(text string) int {
	end := -1
	walk(text, func(i, depth int) bool {
		if text[i] == ')' && depth == 0 {
			end = i
		}
		return end < 0
	})
	return end
}

func hasChoice(text string) (found bool) {
	walk(text, func(i, depth int) bool {
		found = found || text[i] == '|' && depth == 0
		return !found
	})
	return found
}

// walk calls f for each character that is no escape and not in a class, with the
// number of groups around it, until f says enough.
func walk(text string, f func(i, depth int) bool) {
	depth, class := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\':
			i++
			continue
		case class:
			class = c != ']'
			continue
		case c == '[':
			class = true
		case c == ')':
			depth--
		}
		if !f(i, depth) {
			return
		}
		if text[i] == '(' {
			depth++
		}
	}
}

// unicodeEscape is ECMAScript's \u00e9, and \u{1F600}.
var unicodeEscape = regexp.MustCompile(`^\\u(?:([0-9A-Fa-f]{4})|\{([0-9A-Fa-f]{1,6})\})`)

// ours writes the escapes of ECMAScript as Go does.
func ours(text string) string {
	var out strings.Builder
	for i := 0; i < len(text); {
		if text[i] != '\\' || i+1 == len(text) {
			out.WriteByte(text[i])
			i++
			continue
		}
		size := 2
		switch m := unicodeEscape.FindStringSubmatch(text[i:]); {
		case m != nil:
			size = len(m[0])
			out.WriteString(`\x{` + m[1] + m[2] + `}`)
		case text[i+1] == '/':
			out.WriteByte('/')
		case text[i+1] == '0':
			out.WriteString(`\x00`)
		default:
			out.WriteString(text[i : i+2])
		}
		i += size
	}
	return out.String()
}

var backReference = regexp.MustCompile(`\\(?:[1-9]|k<)`)

// refusal says which part of a pattern is not matched here, and what to write.
func refusal(text string, err error) error {
	var bad *syntax.Error
	part := shortened(text)
	if errors.As(err, &bad) && bad.Expr != "" {
		part = shortened(bad.Expr)
	}
	switch {
	case strings.Contains(text, "(?<=") || strings.Contains(text, "(?<!"):
		return refusedPattern("a pattern looks behind, with (?<= or (?<!, which is not possible here: write what comes before as a part of the pattern")
	case strings.Contains(text, "(?=") || strings.Contains(text, "(?!"):
		return refusedPattern("a pattern has a lookahead in its middle: (?=…) and (?!…) can stand right behind the ^ that begins a pattern; write it there, or split it into several patterns under allOf or not")
	case backReference.MatchString(text):
		return refusedPattern(`a pattern refers back to a group, such as \1, which is not possible here: write the group again`)
	case bad != nil:
		return refusedPattern("a regular expression is not valid at " + part + ": " + bad.Code.String())
	}
	return refusedPattern("a regular expression is not valid: " + part)
}
