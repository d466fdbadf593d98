package ui

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/a-h/templ"
	"github.com/dustin/go-humanize"

	"hookline/models"
)

// BodyProps is what went over the wire, drawn as text.
type BodyProps struct {
	ID        string // of the element; unique in the page
	Title     string
	Bytes     []byte
	Truncated bool
	Empty     string // what to say when there are no bytes
	Size      string // how much it is, where Bytes may be the start only; reckoned when empty
	// PrettyOnly offers no raw view: the copy button still copies the bytes as they
	// are.
	PrettyOnly bool
	// Marked is what is shown in the place of Bytes, with a token for each of Marks;
	// none when there are no Marks.
	Marked []byte
	Marks  []models.Mark
}

func (p BodyProps) size() string {
	if p.Size != "" {
		return p.Size
	}
	return humanize.IBytes(uint64(len(p.Bytes)))
}

// shown are the bytes to show; the copy button copies Bytes.
func (p BodyProps) shown() []byte {
	if len(p.Marks) > 0 {
		return p.Marked
	}
	return p.Bytes
}

// bodyView is a body, raw and indented.
type bodyView struct {
	Pretty []jsonPiece // nil when it is not JSON
	Raw    string
	Binary bool
}

func viewBody(b []byte) bodyView {
	if !utf8.Valid(b) {
		return bodyView{Raw: hex.Dump(b), Binary: true}
	}
	v := bodyView{Raw: string(b)}
	var out bytes.Buffer
	// Indent moves only white space: numbers and key order stay as they came.
	if len(b) > 0 && (b[0] == '{' || b[0] == '[') && fits(b) && json.Indent(&out, b, "", "  ") == nil {
		v.Pretty = splitJSON(out.String())
	}
	return v
}

// raw is the body as it is, which v may show with marks.
func (p BodyProps) raw(v bodyView) string {
	if len(p.Marks) > 0 {
		return string(p.Bytes)
	}
	return v.Raw
}

// Bounds of a body that is indented and coloured. Its white space grows with the
// square of how deep it nests, and each line is elements of the page.
const (
	prettyBytes = 1 << 20
	prettyLines = 20_000
)

// fits reckons what indenting would make of JSON, without making it.
func fits(b []byte) bool {
	size, lines, depth := len(b), 0, 0
	for i := 0; i < len(b) && size <= prettyBytes && lines <= prettyLines; i++ {
		switch b[i] {
		case '"':
			for i++; i < len(b) && b[i] != '"'; i++ {
				if b[i] == '\\' {
					i++
				}
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			depth = max(0, depth-1)
		case ',':
		default:
			continue
		}
		lines++
		size += 1 + 2*depth
	}
	return size <= prettyBytes && lines <= prettyLines
}

// prettyJSON is written by hand because a template would put spaces between the
// pieces.
func prettyJSON(pieces []jsonPiece, marks []models.Mark) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		var out strings.Builder
		for _, p := range pieces {
			out.WriteString(`<span class="` + p.Class + `">` + markedHTML(p.Text, marks) + `</span>`)
		}
		_, err := io.WriteString(w, out.String())
		return err
	})
}

// jsonPiece is a stretch of JSON text of one kind.
type jsonPiece struct {
	Class string
	Text  string
}

// splitJSON cuts valid JSON into pieces to colour; joined they are the text.
func splitJSON(text string) []jsonPiece {
	var pieces []jsonPiece
	for len(text) > 0 {
		class, n := nextPiece(text)
		pieces = append(pieces, jsonPiece{class, text[:n]})
		text = text[n:]
	}
	return pieces
}

func nextPiece(text string) (class string, n int) {
	switch c := text[0]; {
	case c == '"':
		n = stringEnd(text)
		if n < len(text) && text[n] == ':' {
			return "j-key", n
		}
		return "j-str", n
	case isPunct(c):
		n = 1
		for n < len(text) && isPunct(text[n]) {
			n++
		}
		return "j-punct", n
	default:
		n = 1
		for n < len(text) && text[n] != '"' && !isPunct(text[n]) {
			n++
		}
		return "j-num", n
	}
}

func isPunct(c byte) bool {
	switch c {
	case '{', '}', '[', ']', ',', ':', ' ', '\n', '\t', '\r':
		return true
	}
	return false
}

// stringEnd is the index after the closing quote of the string text starts with.
func stringEnd(text string) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(text)
}
