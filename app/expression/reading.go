package expression

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser/lexer"

	"hookline/app/decimal"
)

// The library's parser keeps numbers as int64 and float64, and takes a hyphen in a
// name for a minus. A reading is a source as the parser is to see it, character for
// character at the same places, and a note of what stands there in truth.
type reading struct {
	tokens  []lexer.Token
	text    []rune         // what the parser sees
	numbers map[int]string // by place: what the parser cannot keep
	names   map[int]string // by place: names with hyphens
	vars    map[string]bool
	doubt   func(place int, format string, args ...any)
}

// hyphen stands for a hyphen within a name: the parser takes it for a letter.
const hyphen = 'ꟷ'

// read prepares a source for the parser. What the lexer cannot read, the parser will
// refuse in its own words.
func (c *compiler) read() *reading {
	r := &reading{text: []rune(c.source), numbers: map[int]string{}, names: map[int]string{}, vars: map[string]bool{}}
	r.doubt = func(place int, format string, args ...any) { c.doubtAt(c.byteOffset(place), format, args...) }
	tokens, err := lexer.Lex(file.NewSource(c.source))
	if err != nil {
		return r
	}
	r.tokens = tokens
	for i, t := range tokens[:len(tokens)-1] {
		if t.Kind == lexer.Operator && t.Value == "let" {
			r.vars[tokens[i+1].Value] = true
		}
	}
	for i := 0; i < len(tokens); i++ {
		switch {
		case tokens[i].Kind == lexer.Number:
			r.number(tokens[i])
		case r.isName(i):
			i = r.name(i)
		}
	}
	return r
}

// number notes a decimal number, and puts a small one in the place of one that the
// parser would not take.
func (r *reading) number(t lexer.Token) {
	text := strings.ReplaceAll(t.Value, "_", "")
	if !decimal.Valid(text) { // such as 0xFF
		return
	}
	fraction := strings.ContainsAny(text, ".eE")
	if _, err := strconv.ParseInt(text, 10, 64); err == nil && !fraction {
		return
	}
	r.numbers[t.From] = text
	for i := t.From; i < t.To; i++ {
		r.text[i] = '0'
	}
	r.text[t.From+1] = '.' // 0.00: a float
}

// isName says that a name begins here that may be the start of one with a hyphen. A
// word such as in can be a member's name.
func (r *reading) isName(i int) bool {
	t, before := r.tokens[i], r.before(i)
	return t.Kind == lexer.Identifier && before != "#" || r.isWord(i) && (before == "." || before == "?.")
}

func (r *reading) before(i int) string {
	if i == 0 || r.tokens[i-1].Kind != lexer.Operator {
		return ""
	}
	return r.tokens[i-1].Value
}

// isWord says that a token is a name, or an operator that is a word.
func (r *reading) isWord(i int) bool {
	t := r.tokens[i]
	first, _ := utf8.DecodeRuneInString(t.Value)
	return t.Kind == lexer.Identifier || t.Kind == lexer.Operator && plainName(string(first))
}

// name joins a name to what follows it by hyphens without space, and returns its last
// token: data.first-name is data["first-name"].
func (r *reading) name(first int) (last int) {
	last, words := first, 0
	for r.touches(last, last+1) && r.tokens[last+1].Value == "-" && r.touches(last+1, last+2) {
		next := last + 2
		if !r.isWord(next) && (r.tokens[next].Kind != lexer.Number || !allDigits(r.tokens[next].Value)) {
			break
		}
		if last = next; r.isWord(next) {
			words++
		}
	}
	if words == 0 || !r.joins(first, last) { // data.count-1 is one less
		return first
	}
	from := r.tokens[first].From
	r.names[from] = string(r.text[from:r.tokens[last].To])
	for i := first + 1; i < last; i += 2 {
		r.text[r.tokens[i].From] = hyphen
	}
	return last
}

// touches says that one token ends where the next begins.
func (r *reading) touches(i, next int) bool {
	return next < len(r.tokens) && r.tokens[next].Kind != lexer.EOF && r.tokens[i].To == r.tokens[next].From
}

func allDigits(text string) bool { return strings.Trim(text, "0123456789") == "" }

// joins decides whether hyphens belong to a name. Where each reading could be meant,
// the source is in doubt, and read as the library would.
func (r *reading) joins(first, last int) bool {
	before := r.before(first)
	member := before == "." || before == "?."
	for i := first; i <= last; i += 2 {
		if name := r.tokens[i].Value; r.vars[name] && (i > first || !member) || before == "let" {
			return false
		}
	}
	name, end := string(r.text[r.tokens[first].From:r.tokens[last].To]), r.tokens[last].Value
	follows := r.tokens[last+1].Value
	switch _, root := rootNamed(r.tokens[first].Value); {
	case follows == "(":
		return false
	case root && !member:
		r.doubt(r.tokens[first].From, "A name with a hyphen needs to say where it stands: write data[%q] for a field of the event's data. A minus has space on both sides.", name)
		return false
	}
	if _, root := rootNamed(end); root && slices.Contains([]string{".", "?.", "["}, follows) {
		r.doubt(r.tokens[first].From, "%s can be a name with a hyphen or a subtraction. Write %s for the name, or put space on both sides of the minus.", name, r.bracketed(first, name))
		return false
	}
	return true
}

// bracketed is a name as a member in brackets, of what stands before it.
func (r *reading) bracketed(first int, name string) string {
	from := first
	for from >= 2 && (r.before(from) == "." || r.before(from) == "?.") && r.isWord(from-2) {
		from -= 2
	}
	switch {
	case from < first:
	case r.before(first) == "":
		return "contact[" + strconv.Quote(name) + "]"
	default: // of the item in a predicate
		return "#[" + strconv.Quote(name) + "]"
	}
	return string(r.text[r.tokens[from].From:r.tokens[first-1].From]) + "[" + strconv.Quote(name) + "]"
}

// otherLiterals are what other languages write for nil, true and false.
var otherLiterals = map[string]func() ast.Node{
	"null": noValue, "NULL": noValue, "Null": noValue, "None": noValue, "undefined": noValue,
	"True": truthValue(true), "TRUE": truthValue(true), "False": truthValue(false), "FALSE": truthValue(false),
}

func noValue() ast.Node { return &ast.NilNode{} }

func truthValue(is bool) func() ast.Node { return func() ast.Node { return &ast.BoolNode{Value: is} } }

// Visit puts into the tree what stands in the source in truth.
func (r *reading) Visit(node *ast.Node) {
	place := (*node).Location().From
	switch n := (*node).(type) {
	case *ast.FloatNode:
		if text, noted := r.numbers[place]; noted {
			ast.Patch(node, &ast.ConstantNode{Value: number(text)})
		}
	case *ast.IdentifierNode:
		if name, noted := r.names[place]; noted {
			n.Value = name
		}
		if literal := otherLiterals[n.Value]; literal != nil && !r.vars[n.Value] {
			ast.Patch(node, literal())
		}
	case *ast.StringNode:
		if text, noted := r.numbers[place]; noted { // the name of a member that is a number
			n.Value = text
		}
		if name, noted := r.names[place]; noted {
			n.Value = name
		}
	}
}
