package template

import "hookline/app/expression"

// Values are what a rendering reads; see expression.Values.
type Values = expression.Values

// Context is the values of one attempt, and a note of what was missing. It is for
// one goroutine; make one for each attempt, which costs little.
type Context = expression.Env

// Marks are what a preview renders where something is missing; see expression.Marks.
type Marks = expression.Marks

// NewContext makes a context of values, which are read only as far as templates ask.
func NewContext(v Values) *Context { return expression.NewEnv(v) }

// ErrTooLong says that all that is rendered with one context is longer than 1 MiB.
var ErrTooLong = expression.ErrTooLong

// Text is a compiled template of a text. It is safe for concurrent use.
type Text struct {
	source string
	place  Place
	pieces []piece
	doubt  *Fault
}

// CompileText compiles a template for a place. What it renders is escaped for that
// place as a whole, its fixed text too. The error is a *Fault.
func CompileText(source string, place Place) (*Text, error) {
	pieces, doubt, fault := scan(source)
	if fault != nil {
		return nil, fault
	}
	return &Text{source: source, place: place, pieces: pieces, doubt: doubt}, nil
}

// Doubt is what stands against saving the source; nil when nothing does.
func (t *Text) Doubt() *Fault { return t.doubt }

// Static says that there is nothing to fill in.
func (t *Text) Static() bool { return static(t.pieces) }

// Source is what was compiled.
func (t *Text) Source() string { return t.source }

func static(pieces []piece) bool {
	for i := range pieces {
		if pieces[i].expr != nil || pieces[i].encode {
			return false
		}
	}
	return true
}

// Render renders to a string. The error is a *RenderError.
func (t *Text) Render(c *Context) (string, error) {
	out, err := t.Append(nil, c)
	return string(out), err
}

// Append appends the rendering to dst. All that is rendered with one context has
// 1 MiB.
func (t *Text) Append(dst []byte, c *Context) ([]byte, error) {
	var err error
	for i := range t.pieces {
		if dst, err = t.pieces[i].append(dst, c, t.place); err != nil {
			return dst, err
		}
	}
	return dst, nil
}

// append appends the piece, escaped for the place.
func (p *piece) append(dst []byte, c *Context, place Place) (_ []byte, err error) {
	start := len(dst)
	if p.expr == nil {
		dst = append(dst, p.text...)
	} else if dst, err = p.value(dst, c); err != nil {
		return dst, err
	}
	if err := c.Wrote(len(dst) - start); err != nil {
		return dst, &RenderError{Err: err}
	}
	plain := len(dst)
	if p.encode && !place.encodes() {
		dst = escapeFrom(dst, start, Query)
	}
	if place.escapes() {
		dst = escapeFrom(dst, start, place)
	}
	if err := c.Wrote(len(dst) - plain); err != nil {
		return dst, &RenderError{Err: err}
	}
	return dst, nil
}

func (p *piece) value(dst []byte, c *Context) ([]byte, error) {
	v, err := p.expr.Eval(c)
	if err != nil {
		return dst, renderError(p.expr, err)
	}
	if dst, err = v.AppendText(dst); err != nil {
		return dst, renderError(p.expr, err)
	}
	return append(dst, c.TokenFor(p.expr, v)...), nil
}

// escapeFrom escapes what stands in dst from start on.
func escapeFrom(dst []byte, start int, place Place) []byte {
	if plain(dst[start:]) {
		return dst
	}
	text := append([]byte(nil), dst[start:]...)
	return place.escape(dst[:start], text)
}

// plain texts are the same everywhere.
func plain(text []byte) bool {
	for _, c := range text {
		if (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && c != '-' && c != '_' && c != '.' {
			return false
		}
	}
	return true
}
