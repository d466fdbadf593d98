package template

import (
	"errors"
	"io"
	"strings"
	"unicode"

	"github.com/go-json-experiment/json/jsontext"
	"hookline/app/expression"
)

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
	if open && c.in.StackDepth() >= maxDepth {
		return expression.FaultAt(c.source, c.place(), "The JSON is nested deeper than %d levels. Make it flatter.", maxDepth)
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
	pieces, doubt, fault := scan(string(meant))
	if end := offset + len(raw); fault != nil && end < len(c.source) && !strings.ContainsRune(",}] \t\r\n", rune(c.source[end])) {
		return expression.FaultAt(c.source, end-1, quoteEnds)
	}
	if fault != nil {
		return expression.FaultAt(c.source, offset+rawOffset(string(raw), fault.Offset), "%s", fault.Message)
	}
	if doubt != nil && c.out.doubt == nil {
		c.out.doubt = expression.FaultAt(c.source, offset+rawOffset(string(raw), doubt.Offset), "%s", inJSON(doubt.Message))
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
