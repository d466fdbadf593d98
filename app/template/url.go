package template

import (
	"bytes"
	"fmt"
	"strings"

	"hookline/app/expression"
)

// URL is a compiled template of a URL. It is safe for concurrent use.
type URL struct {
	source string
	pieces []piece // a text piece stands as it is, unless within {{#urlEncode}}
	path   int     // where the path begins in the first piece
	origin string
	doubt  *Fault
}

// CompileURL compiles a template of a URL. Scheme, host and port are fixed; values
// may fill the path and the query, percent-encoded, so that none can add a part to
// either. The error is a *Fault. Whether the URL may be called is for the target
// guard, which looks at Probe, and again at what is rendered.
func CompileURL(source string) (*URL, error) {
	pieces, doubt, fault := scan(source)
	if fault != nil {
		return nil, fault
	}
	u := &URL{source: source, pieces: pieces, doubt: doubt}
	if fault := u.split(); fault != nil {
		return nil, fault
	}
	u.closePercents()
	return u, nil
}

// closePercents writes a % that a value would complete to an encoded byte as %25:
// else %{{data.x}} would make a slash of the value 2F.
func (u *URL) closePercents() {
	for i := range len(u.pieces) - 1 {
		p := &u.pieces[i]
		if at := openPercent(p.text); at >= 0 && p.expr == nil && !p.encode {
			p.text = p.text[:at] + "%25" + p.text[at+1:]
		}
	}
}

// openPercent is the place of a % with fewer than two characters behind it; -1.
func openPercent(text string) int {
	tail := max(0, len(text)-2)
	if i := strings.LastIndexByte(text[tail:], '%'); i >= 0 {
		return tail + i
	}
	return -1
}

// split finds where the path begins.
func (u *URL) split() *Fault {
	if static(u.pieces) {
		u.origin, _ = originOf(u.source)
		return nil
	}
	first := ""
	if u.pieces[0].expr == nil && !u.pieces[0].encode {
		first = u.pieces[0].text
	}
	origin, ok := originOf(first)
	if !ok {
		return expression.FaultAt(u.source, len(first), "Values may stand only in the path and the query. Write the address out, for example https://api.example.com/, and put the value after it.")
	}
	u.origin, u.path = origin, len(origin)
	return u.noFragment()
}

// originOf cuts a URL before its path or query; not ok when it does not get there.
func originOf(text string) (string, bool) {
	scheme := strings.Index(text, "://")
	if scheme < 1 {
		return text, false
	}
	end := strings.IndexAny(text[scheme+3:], "/?#\\")
	if end <= 0 {
		return text, false
	}
	end += scheme + 3
	return text[:end], text[end] == '/' || text[end] == '?'
}

func (u *URL) noFragment() *Fault {
	for _, p := range u.pieces {
		if i := strings.IndexByte(p.text, '#'); i >= 0 && p.expr == nil && !p.encode {
			return expression.FaultAt(u.source, p.offset+i, "A part after # is never sent. Leave it out, or write %%23 for the sign itself.")
		}
	}
	return nil
}

// Doubt is what stands against saving the source; nil when nothing does.
func (u *URL) Doubt() *Fault { return u.doubt }

// Static says that there is nothing to fill in.
func (u *URL) Static() bool { return static(u.pieces) }

// Source is what was compiled.
func (u *URL) Source() string { return u.source }

// Origin is the fixed part: scheme, host and port, without a slash at its end.
func (u *URL) Origin() string { return u.origin }

// Probe is the URL with x for each value, to be checked when it is saved.
func (u *URL) Probe() string {
	var out []byte
	for i := range u.pieces {
		if u.pieces[i].expr != nil {
			out = append(out, 'x')
		} else {
			out, _ = u.appendPiece(out, i, new(Context)) // fixed text alone
		}
	}
	return string(out)
}

// Render fills in the values. The error is a *RenderError; one is that a value would
// make a segment of the path . or .., which servers take for a way up, also when
// the slashes around it are encoded.
func (u *URL) Render(c *Context) (string, error) {
	out := make([]byte, 0, len(u.source)+64)
	query, segment, filled := false, 0, false
	var err error
	for i := range u.pieces {
		p := &u.pieces[i]
		from := len(out)
		if i == 0 {
			from = u.path
			segment = u.path
		}
		if out, err = u.appendPiece(out, i, c); err != nil {
			return "", err
		}
		if query {
			continue
		}
		if p.expr != nil || p.encode {
			filled = true
			continue
		}
		for j := from; j < len(out) && !query; j++ {
			if out[j] != '/' && out[j] != '?' {
				continue
			}
			if filled && dots(out[segment:j]) {
				return "", dotsError(out[segment:j])
			}
			segment, filled, query = j+1, false, out[j] == '?'
		}
	}
	if !query && filled && dots(out[segment:]) {
		return "", dotsError(out[segment:])
	}
	return string(out), nil
}

// appendPiece appends fixed text as it stands, and values encoded.
func (u *URL) appendPiece(dst []byte, i int, c *Context) ([]byte, error) {
	p := &u.pieces[i]
	if p.expr == nil && !p.encode {
		return append(dst, p.text...), nil
	}
	return p.append(dst, c, Query)
}

// unfolded is what a server may make of an encoded path before it resolves what
// leads up in it: nginx decodes once, some chains of servers twice, and Java's
// containers leave out of each segment what stands behind a semicolon.
var unfolded = strings.NewReplacer(
	"%2e", ".", "%2f", "/", "%5c", "/", "%3b", ";",
	"%252e", ".", "%252f", "/", "%255c", "/", "%253b", ";",
)

// dots finds a part of the segment that goes nowhere or up, encoded or not.
func dots(segment []byte) bool {
	if !bytes.ContainsAny(segment, ".%") {
		return false
	}
	for part := range strings.SplitSeq(unfolded.Replace(strings.ToLower(string(segment))), "/") {
		if part, _, _ = strings.Cut(part, ";"); part == "." || part == ".." {
			return true
		}
	}
	return false
}

func dotsError(segment []byte) error {
	return &RenderError{Err: fmt.Errorf("a value makes a part of the URL's path %s, which would lead to another path", segment)}
}
