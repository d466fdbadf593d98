package template

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"hookline/app/expression"
)

// maxDepth is how deep a JSON template may be nested.
const maxDepth = 64

// JSON is a compiled template of JSON (H4). The source is parsed before anything is
// rendered, so that no value can change its shape. Names and numbers keep their
// order and spelling. A string that is exactly one {{…}} becomes the value with its
// type and its exact bytes: null stays null, and what is missing becomes "". It is
// safe for concurrent use.
type JSON struct {
	source string
	object bool
	fields []field // of an object; else one, without a name
	doubt  *Fault
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

// Doubt is what stands against saving the source; nil when nothing does.
func (t *JSON) Doubt() *Fault { return t.doubt }

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

// Append appends the rendering to dst. All that is rendered with one context has
// 1 MiB.
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
	if err := c.Wrote(len(p.fixed)); err != nil {
		return dst, false, &RenderError{Err: err}
	}
	dst = append(dst, p.fixed...)
	start := len(dst)
	switch {
	case p.whole != nil:
		v, err := p.whole.Eval(c)
		if err == nil {
			dst, err = v.AppendJSON(dst)
		}
		if err == nil {
			err = c.Wrote(len(dst) - start)
		}
		if err != nil {
			return dst, false, renderError(p.whole, err)
		}
		if token := c.TokenFor(p.whole, v); token != "" {
			dst = append(append(dst[:len(dst)-1], token...), '"') // what is missing is ""
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
	return dst, false, nil
}
