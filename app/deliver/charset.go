package deliver

import (
	"bytes"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	utf16 "golang.org/x/text/encoding/unicode"

	"hookline/app/egress"
)

// readable is an answer with its text in UTF-8, whatever charset it came in, for
// people to read and for mask to find secrets in. What is no text stays as it is.
func readable(res egress.Result) egress.Result {
	if !isPlain(res.Body) {
		res.Body = asText(res.Header.Get(contentType), res.Body, res.Truncated || res.Reason != "")
	}
	for name, values := range res.Header {
		if slices.ContainsFunc(values, isInvalid) {
			res.Header = withText(res.Header, name)
		}
	}
	return res
}

// isPlain reports whether there is nothing to decode. What is valid UTF-8 is hardly
// ever anything else, even if it is said to be; but UTF-16 has NUL bytes, and
// ISO-2022 escapes.
func isPlain(body []byte) bool {
	return utf8.Valid(body) && bytes.IndexByte(body, 0) < 0 && bytes.IndexByte(body, 0x1b) < 0
}

// asText decodes a body of this content type; one that was cut may end within a
// character.
func asText(contentType string, body []byte, cut bool) []byte {
	if cut && isPlain(body[:len(body)-cutRune(body)]) {
		return body
	}
	found := charsetOf(strings.ToLower(contentType), body)
	if found == nil {
		return body
	}
	text, err := found.NewDecoder().Bytes(body)
	if cut {
		text = bytes.TrimSuffix(text, []byte("\uFFFD"))
	}
	if err != nil || bytes.ContainsFunc(text, isBinary) {
		return body
	}
	return text
}

// cutRune is how many bytes at the end begin a character that is not whole.
func cutRune(b []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(b); n++ {
		if last := b[len(b)-n:]; utf8.RuneStart(last[0]) {
			if !utf8.FullRune(last) {
				return n
			}
			break
		}
	}
	return 0
}

// isBinary finds what no text has.
func isBinary(r rune) bool {
	return unicode.IsControl(r) && !strings.ContainsRune("\t\n\v\f\r\x1b", r)
}

// textual are the content types whose bodies are text also where no charset is named.
var textual = regexp.MustCompile(`^(text/|application/([a-z0-9.+-]*[+])?(json|xml|javascript|x-www-form-urlencoded)\b)`)

var xmlEncoding = regexp.MustCompile(`^\s*<\?xml[^>]{0,200}\sencoding=["']([A-Za-z0-9._:-]{1,40})["']`)

// charsetOf finds the charset of a body by its byte order mark, its content type,
// or what HTML and XML say of themselves; else text is taken for what browsers take
// it for. nil means that it is no text, or UTF-8.
func charsetOf(contentType string, body []byte) encoding.Encoding {
	label, named := charsetParam(contentType)
	if !named && !textual.MatchString(contentType) {
		return utf16Of(body, false)
	}
	if found := utf16Of(body, !named || strings.HasPrefix(label, "utf-16")); found != nil {
		return found
	}
	if m := xmlEncoding.FindSubmatch(body); !named && m != nil {
		label, named = string(m[1]), true
	}
	if named {
		found, name := charset.Lookup(label)
		if found == encoding.Replacement || name == "utf-8" {
			return nil
		}
		return found
	}
	found, name, _ := charset.DetermineEncoding(body, contentType)
	if name == "utf-8" || found == encoding.Replacement {
		return nil
	}
	return found
}

// charsetParam reads the parameter also where others are malformed.
func charsetParam(contentType string) (label string, named bool) {
	_, rest, named := strings.Cut(contentType, "charset=")
	label, _, _ = strings.Cut(rest, ";")
	return strings.Trim(label, ` "'`), named
}

// utf16Of knows UTF-16 by its byte order mark and, where it may be text without
// one, by the half of a first character that is 0.
func utf16Of(body []byte, unmarked bool) encoding.Encoding {
	switch {
	case len(body) < 2:
	case body[0] == 0xfe && body[1] == 0xff, unmarked && body[0] == 0 && body[1] != 0:
		return utf16.UTF16(utf16.BigEndian, utf16.UseBOM)
	case body[0] == 0xff && body[1] == 0xfe, unmarked && body[0] != 0 && body[1] == 0:
		return utf16.UTF16(utf16.LittleEndian, utf16.UseBOM)
	}
	return nil
}

func isInvalid(value string) bool { return !utf8.ValidString(value) }

// withText is the header with text for the values of this name: what is not UTF-8
// is Latin-1, as it was in HTTP from the start.
func withText(h http.Header, name string) http.Header {
	h = h.Clone()
	for i, value := range h[name] {
		if isInvalid(value) {
			h[name][i], _ = charmap.Windows1252.NewDecoder().String(value)
		}
	}
	return h
}
