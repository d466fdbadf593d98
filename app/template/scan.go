package template

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"hookline/app/expression"
)

// Fault is what is wrong with a template, and where.
type Fault = expression.Fault

// MaxSource is how long a template may be, in bytes.
const MaxSource = expression.MaxSource

// maxExpressions in one template.
const maxExpressions = 1000

// piece is text, or an expression.
type piece struct {
	text   string
	expr   *expression.Program // nil for text
	encode bool                // it is within {{#urlEncode}}
	offset int                 // where it begins in the source
}

// scan splits a source into its pieces. Text never holds a {{. The doubt is the first
// of its expressions: see expression.Program.Doubt.
func scan(source string) (pieces []piece, doubt, fault *Fault) {
	if len(source) > MaxSource {
		return nil, nil, expression.FaultAt(source, MaxSource, "The template is longer than 64 KiB. Make it shorter.")
	}
	if !utf8.ValidString(source) {
		return nil, nil, expression.FaultAt(source, 0, "The template is not valid UTF-8 text.")
	}
	s := &scanner{source: source, block: -1}
	for s.at < len(source) {
		if fault := s.next(); fault != nil {
			return nil, nil, fault
		}
	}
	if s.block >= 0 {
		return nil, nil, expression.FaultAt(source, s.block, "{{#urlEncode}} is not closed. Write {{/urlEncode}} where it ends.")
	}
	return s.pieces, s.doubt, nil
}

type scanner struct {
	source string
	at     int
	pieces []piece
	exprs  int
	doubt  *Fault
	block  int // where the open {{#urlEncode}} begins; -1
}

// next reads a text and the tag after it.
func (s *scanner) next() *Fault {
	rest := s.source[s.at:]
	open := strings.Index(rest, "{{")
	if open < 0 {
		open = len(rest)
	}
	if open > 0 {
		s.pieces = append(s.pieces, piece{text: rest[:open], encode: s.block >= 0, offset: s.at})
		s.at += open
	}
	if s.at == len(s.source) {
		return nil
	}
	return s.tag()
}

// tag reads {{…}}, or {{{…}}}.
func (s *scanner) tag() *Fault {
	start, brace := s.at, "}}"
	inner := start + 2
	if strings.HasPrefix(s.source[inner:], "{") {
		inner, brace = inner+1, "}}}"
	}
	length := closing(s.source[inner:], brace)
	if length < 0 {
		return expression.FaultAt(s.source, start, "This %s is not closed. Write %s where the value ends.", strings.Repeat("{", len(brace)), brace)
	}
	text := s.source[inner : inner+length]
	s.at = inner + length + len(brace)
	switch word := strings.TrimSpace(text); {
	case strings.HasPrefix(word, "#"), strings.HasPrefix(word, "/") && !strings.HasPrefix(word, "//") && !strings.HasPrefix(word, "/*"):
		return s.blockTag(start, word)
	case strings.HasPrefix(word, ">"), strings.HasPrefix(word, "!--"), strings.HasPrefix(word, "^"), strings.HasPrefix(word, "&"), word == "else":
		return expression.FaultAt(s.source, start, "{{%s}} is not known here. Between {{ and }} stands a value, such as contact.email.", shorten(word))
	}
	return s.expression(text, inner)
}

func shorten(text string) string {
	if utf8.RuneCountInString(text) <= 40 {
		return text
	}
	return string([]rune(text)[:39]) + "…"
}

// closing finds the brace that ends a tag, past texts in quotes and braces in pairs; -1.
func closing(text, brace string) int {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"' || c == '\'' || c == '`':
			end := quoteEnd(text, i)
			if end < 0 {
				return strings.Index(text, brace) // the expression's own fault will say what is wrong
			}
			i = end
		case c == '{':
			depth++
		case c == '}' && depth > 0:
			depth--
		case c == '}' && strings.HasPrefix(text[i:], brace):
			return i
		}
	}
	return -1
}

// quoteEnd is the place of the quote that ends the text which begins at i; -1.
func quoteEnd(text string, i int) int {
	quote := text[i]
	for i++; i < len(text); i++ {
		switch {
		case text[i] == quote:
			return i
		case text[i] == '\\' && quote != '`':
			i++
		}
	}
	return -1
}

func (s *scanner) blockTag(start int, word string) *Fault {
	name := strings.TrimSpace(word[1:])
	switch {
	case name != "urlEncode" && word[0] == '#':
		return expression.FaultAt(s.source, start, `There is no block {{#%s}}. The only one is {{#urlEncode}}; for a choice write {{ condition ? "this" : "that" }}.`, shorten(name))
	case name != "urlEncode":
		return expression.FaultAt(s.source, start, "There is no block to close with {{/%s}}. The only one is {{#urlEncode}}…{{/urlEncode}}.", shorten(name))
	case word[0] == '/' && s.block < 0:
		return expression.FaultAt(s.source, start, "This {{/urlEncode}} closes nothing. Write {{#urlEncode}} before it, or leave it out.")
	case word[0] == '/':
		s.block = -1
	case s.block >= 0:
		return expression.FaultAt(s.source, start, "{{#urlEncode}} stands within {{#urlEncode}}. Close the first with {{/urlEncode}}.")
	default:
		s.block = start
	}
	return nil
}

func (s *scanner) expression(text string, offset int) *Fault {
	if strings.TrimSpace(text) == "" {
		return expression.FaultAt(s.source, offset, "Write a value between {{ and }}, for example contact.email.")
	}
	if s.exprs++; s.exprs > maxExpressions {
		return expression.FaultAt(s.source, offset, "There are more than %d values in this template. Use fewer.", maxExpressions)
	}
	trimmed := strings.TrimLeftFunc(text, unicode.IsSpace)
	offset += len(text) - len(trimmed)
	program, err := expression.Compile(strings.TrimRightFunc(trimmed, unicode.IsSpace))
	if err != nil {
		return within(s.source, offset, err)
	}
	if doubt := program.Doubt(); doubt != nil && s.doubt == nil {
		s.doubt = within(s.source, offset, doubt)
	}
	s.pieces = append(s.pieces, piece{expr: program, encode: s.block >= 0, offset: offset})
	return nil
}

// within moves an expression's fault to its place in the whole source.
func within(source string, offset int, err error) *Fault {
	var fault *Fault
	if !errors.As(err, &fault) {
		return expression.FaultAt(source, offset, "%s", err.Error())
	}
	return expression.FaultAt(source, offset+fault.Offset, "%s", fault.Message)
}

// RenderError says which value of a template could not be rendered, and why.
type RenderError struct {
	Expression string
	Err        error
}

func (e *RenderError) Error() string {
	message := e.Err.Error()
	var fault *Fault
	if errors.As(e.Err, &fault) {
		message = fault.Message
	}
	if e.Expression == "" {
		return message
	}
	return fmt.Sprintf("{{%s}}: %s", shorten(e.Expression), message)
}

func (e *RenderError) Unwrap() error { return e.Err }

func renderError(p *expression.Program, err error) error {
	return &RenderError{Expression: p.Source(), Err: err}
}
