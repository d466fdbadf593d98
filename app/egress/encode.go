package egress

import (
	"net/url"
	"strings"
)

// legal are the bytes that RFC 3986 allows in a path or a query, and [ and ], which
// it does not, but which browsers and net/url leave alone there. A percent sign is
// legal only before two hexadecimal digits.
var legal = func() (set [256]bool) {
	const bytes = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+,;=:@/?%[]"
	for i := range len(bytes) {
		set[bytes[i]] = true
	}
	return set
}()

// EncodeURL percent-encodes what is illegal in the path and the query of a URL,
// and leaves everything else as it is spelled. net/url does not: given one illegal
// byte in a path, it decodes the path and encodes it anew, and %2F becomes a slash.
func EncodeURL(raw string) string {
	from := pathStart(raw)
	if isLegal(raw[from:]) {
		return raw
	}
	return raw[:from] + EncodeIllegal(raw[from:])
}

// ParseURL parses a URL in the spelling of EncodeURL. It applies no rule.
func ParseURL(raw string) (*url.URL, error) { return url.Parse(EncodeURL(raw)) }

// pathStart is where scheme and authority end.
func pathStart(raw string) int {
	from := strings.Index(raw, "://")
	if from < 0 {
		return len(raw)
	}
	from += len("://")
	if end := strings.IndexAny(raw[from:], "/?"); end >= 0 {
		return from + end
	}
	return len(raw)
}

func isLegal(s string) bool {
	for i := 0; i < len(s); i++ {
		if !isLegalAt(s, i) {
			return false
		}
	}
	return true
}

func isLegalAt(s string, i int) bool {
	return legal[s[i]] && (s[i] != '%' || isEscape(s, i))
}

// isEscape reports whether %XX stands at i.
func isEscape(s string, i int) bool {
	return i+2 < len(s) && s[i] == '%' && isHex(s[i+1]) && isHex(s[i+2])
}

func isHex(b byte) bool {
	return '0' <= b && b <= '9' || 'a' <= b && b <= 'f' || 'A' <= b && b <= 'F'
}

func unhex(b byte) byte {
	if b <= '9' {
		return b - '0'
	}
	return b&^0x20 - 'A' + 10
}

// EncodeIllegal percent-encodes what is illegal in a path or query. It returns s
// itself when nothing is.
func EncodeIllegal(s string) string {
	if isLegal(s) {
		return s
	}
	const hex = "0123456789ABCDEF"
	out := make([]byte, 0, len(s)+32)
	for i := 0; i < len(s); i++ {
		if isLegalAt(s, i) {
			out = append(out, s[i])
		} else {
			out = append(out, '%', hex[s[i]>>4], hex[s[i]&15])
		}
	}
	return string(out)
}

// isSpelling reports whether net/url sends path in the spelling raw: raw is legal,
// and decodes to path. It allocates nothing.
func isSpelling(raw, path string) bool {
	n := 0
	for i := 0; i < len(raw); i++ {
		b := raw[i]
		switch {
		case b == '?' || !isLegalAt(raw, i):
			return false
		case b == '%':
			b = unhex(raw[i+1])<<4 | unhex(raw[i+2])
			i += 2
		}
		if n >= len(path) || path[n] != b {
			return false
		}
		n++
	}
	return n == len(path)
}
