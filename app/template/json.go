package template

import (
	"errors"
	"io"
	"strings"
	"unicode"

	"github.com/go-json-experiment/json/jsontext"
	"hookline/app/expression"
)

// MaxDepth is how deep a JSON template may be nested.
const MaxDepth = 64

// JSON is a compiled template of JSON (H4). The source is parsed before anything is
// rendered, so that no value can change its shape. Names and numbers keep their
// order and spelling. A string that is exactly one {{…}} becomes the value with its
// type and its exact bytes: null stays null, and what is missing becomes "". It is
// safe for concurrent use.
type JSON struct {
	source string
	object bool
	fields []field // of an object; else one, without a name
}

type field struct {
	name  string
	head  string // the name as written, and the colon
	parts []part
}

// part is fixed JSON, and the value after it, if any.
type part struct {
	fixed string
	whole *expression.Program // a string that is one expression
	text  []piece             // a string with expressions in it
}

// Field is a rendered member of a JSON object.
type Field struct {
	Name    string
	Value   []byte // compact JSON
	Missing bool   // the whole value is an expression that found nothing
}

// CompileJSON compiles a template of JSON. The error is a *Fault, also for what is
// not JSON, names a name twice or is nested deeper than 64.
func CompileJSON(source string) (*JSON, error) {
	if len(source) > MaxSource {
		return nil, expression.FaultAt(source, MaxSource, "The template is longer than 64 KiB. Make it shorter.")
	}
	c := &jsonCompiler{source: source, in: jsontext.NewDecoder(strings.NewReader(source))}
	if fault := c.document(); fault != nil {
		return nil, fault
	}
	return &c.out, nil
}

// Source is what was compiled.
func (t *JSON) Source() string { return t.source }

// IsObject says that the template is a JSON object, whatever the values.
func (t *JSON) IsObject() bool { return t.object }

// Static says that there is nothing to fill in.
func (t *JSON) Static() bool {
	for _, f := range t.fields {
		for _, p := range f.parts {
			if p.whole != nil || p.text != nil {
				return false
			}
		}
	}
	return true
}

// Render renders compact JSON. The error is a *RenderError.
func (t *JSON) Render(c *Context) ([]byte, error) {
	return t.Append(make([]byte, 0, len(t.source)+256), c)
}

// Append appends the rendering to dst, which must not get longer than 1 MiB.
func (t *JSON) Append(dst []byte, c *Context) (_ []byte, err error) {
	if t.object {
		dst = append(dst, '{')
	}
	for i := range t.fields {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, t.fields[i].head...)
		if dst, _, err = t.fields[i].append(dst, c); err != nil {
			return dst, err
		}
	}
	if t.object {
		dst = append(dst, '}')
	}
	return dst, nil
}

// Fields renders an object's members one by one, in their order; nil when the
// template is not an object. The error is a *RenderError.
func (t *JSON) Fields(c *Context) ([]Field, error) {
	if !t.object {
		return nil, nil
	}
	var all []byte
	out := make([]Field, len(t.fields))
	for i := range t.fields {
		start := len(all)
		grown, gone, err := t.fields[i].append(all, c)
		if err != nil {
			return nil, err
		}
		all = grown
		out[i] = Field{Name: t.fields[i].name, Value: all[start:len(all):len(all)], Missing: gone}
	}
	return out, nil
}

// append appends the field's value, and says whether all of it was missing.
func (f *field) append(dst []byte, c *Context) (_ []byte, gone bool, err error) {
	for i := range f.parts {
		if dst, gone, err = f.parts[i].append(dst, c); err != nil {
			return dst, false, err
		}
	}
	return dst, gone && len(f.parts) == 1 && f.parts[0].fixed == "", nil
}

func (p *part) append(dst []byte, c *Context) (_ []byte, gone bool, err error) {
	dst = append(dst, p.fixed...)
	switch {
	case p.whole != nil:
		v, err := p.whole.Eval(c)
		if err == nil {
			dst, err = v.AppendJSON(dst)
		}
		if err != nil {
			return dst, false, renderError(p.whole, err)
		}
		return dst, v.Missing(), nil
	case p.text != nil:
		dst = append(dst, '"')
		for i := range p.text {
			if dst, err = p.text[i].append(dst, c, InJSON); err != nil {
				return dst, false, err
			}
		}
		dst = append(dst, '"')
	}
	if len(dst) > expression.MaxOutput {
		return dst, false, &RenderError{Err: ErrTooLong}
	}
	return dst, false, nil
}

type jsonCompiler struct {
	source string
	in     *jsontext.Decoder
	out    JSON
	fixed  []byte // JSON that waits for the next value
	exprs  int
}

func (c *jsonCompiler) document() *Fault {
	c.out.source = c.source
	for {
		kind := c.in.PeekKind()
		if c.in.StackDepth() == 0 && c.begun() {
			return c.end(kind)
		}
		if fault := c.token(kind); fault != nil {
			return fault
		}
	}
}

// begun says that the value of the document is read.
func (c *jsonCompiler) begun() bool {
	_, n := c.in.StackIndex(0)
	return n > 0
}

func (c *jsonCompiler) end(kind jsontext.Kind) *Fault {
	c.flush()
	if kind != 0 {
		return expression.FaultAt(c.source, c.place(), "The JSON ends before this. Leave out what comes after.")
	}
	if _, err := c.in.ReadToken(); !errors.Is(err, io.EOF) {
		return c.invalid(err)
	}
	return nil
}

func (c *jsonCompiler) token(kind jsontext.Kind) *Fault {
	depth := c.in.StackDepth()
	parent, n := c.in.StackIndex(depth)
	name := parent == '{' && n%2 == 0
	switch kind {
	case '{', '[', '}', ']':
		return c.bracket(kind, parent, n)
	}
	raw, err := c.in.ReadValue()
	if err != nil {
		return c.invalid(err)
	}
	offset := int(c.in.InputOffset()) - len(raw)
	switch {
	case name:
		return c.name(raw, offset, depth, n)
	case kind == '"':
		c.comma(parent, n)
		return c.text(raw, offset)
	}
	c.comma(parent, n)
	c.fixed = append(c.fixed, raw...)
	c.valueEnds(depth)
	return nil
}

// bracket copies one, but the outermost of an object, which Append writes.
func (c *jsonCompiler) bracket(kind, parent jsontext.Kind, n int64) *Fault {
	open := kind == '{' || kind == '['
	if open && c.in.StackDepth() >= MaxDepth {
		return expression.FaultAt(c.source, c.place(), "The JSON is nested deeper than %d levels. Make it flatter.", MaxDepth)
	}
	if _, err := c.in.ReadToken(); err != nil {
		return c.invalid(err)
	}
	depth := c.in.StackDepth()
	if depth == 1 && kind == '{' && open {
		c.out.object = true
		return nil
	}
	if depth == 0 && kind == '}' {
		return nil
	}
	if open {
		c.comma(parent, n)
	}
	c.fixed = append(c.fixed, byte(kind))
	if !open {
		c.valueEnds(depth)
	}
	return nil
}

// place is where the next token begins.
func (c *jsonCompiler) place() int {
	at := int(c.in.InputOffset())
	for at < len(c.source) && (unicode.IsSpace(rune(c.source[at])) || c.source[at] == ',' || c.source[at] == ':') {
		at++
	}
	return at
}

func (c *jsonCompiler) comma(parent jsontext.Kind, n int64) {
	if parent == '[' && n > 0 {
		c.fixed = append(c.fixed, ',')
	}
}

// name begins a member: at the top a field of its own.
func (c *jsonCompiler) name(raw jsontext.Value, offset, depth int, n int64) *Fault {
	if i := strings.Index(string(raw), "{{"); i >= 0 {
		return expression.FaultAt(c.source, offset+i, "A name cannot hold {{…}}. Write it out; only values are filled in.")
	}
	if depth == 1 {
		name, _ := jsontext.AppendUnquote(nil, raw)
		c.out.fields = append(c.out.fields, field{name: string(name), head: string(raw) + ":"})
		return nil
	}
	if n > 0 {
		c.fixed = append(c.fixed, ',')
	}
	c.fixed = append(append(c.fixed, raw...), ':')
	return nil
}

// add appends a part to the field that is being read.
func (c *jsonCompiler) add(p part) {
	if len(c.out.fields) == 0 {
		c.out.fields = append(c.out.fields, field{})
	}
	p.fixed = string(c.fixed)
	c.fixed = c.fixed[:0]
	last := &c.out.fields[len(c.out.fields)-1]
	last.parts = append(last.parts, p)
}

// valueEnds closes the field whose value has just been read.
func (c *jsonCompiler) valueEnds(depth int) {
	if depth == 1 && c.out.object {
		c.flush()
	}
}

// flush turns waiting JSON into a part.
func (c *jsonCompiler) flush() {
	if len(c.fixed) > 0 {
		c.add(part{})
	}
}

// text is a string value, with expressions or without.
func (c *jsonCompiler) text(raw jsontext.Value, offset int) *Fault {
	depth := c.in.StackDepth()
	if !strings.Contains(string(raw), "{{") && !strings.Contains(string(raw), `\u007`) {
		c.fixed = append(c.fixed, raw...)
		c.valueEnds(depth)
		return nil
	}
	meant, _ := jsontext.AppendUnquote(nil, raw)
	pieces, fault := scan(string(meant))
	if end := offset + len(raw); fault != nil && end < len(c.source) && !strings.ContainsRune(",}] \t\r\n", rune(c.source[end])) {
		return expression.FaultAt(c.source, end-1, quoteEnds)
	}
	if fault != nil {
		return expression.FaultAt(c.source, offset+rawOffset(string(raw), fault.Offset), "%s", fault.Message)
	}
	if c.exprs += len(pieces); c.exprs > 2*maxExpressions {
		return expression.FaultAt(c.source, offset, "There are more than %d values in this template. Use fewer.", maxExpressions)
	}
	switch {
	case static(pieces):
		c.fixed = append(c.fixed, raw...)
	case len(pieces) == 1 && !pieces[0].encode:
		c.add(part{whole: pieces[0].expr})
	default:
		c.add(part{text: pieces})
	}
	c.valueEnds(depth)
	return nil
}
