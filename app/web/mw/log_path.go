package mw

import (
	"regexp"
	"strconv"
	"strings"
)

var (
	// doors are the paths behind which a secret stands: a one-time token, or the
	// name of a capture URL.
	doors = []string{"/invite/", "/reset/", "/capture/in/"}
	// secretLike is how tokens and capture URLs are written: 32 random bytes or
	// more, as base64url.
	secretLike = regexp.MustCompile(`[A-Za-z0-9_-]{43,}`)
	slashes    = regexp.MustCompile(`[/\\][/\\.]*`)
	escaped    = regexp.MustCompile(`%[0-9A-Fa-f]{2}`)
)

const masked = "***"

// pathOf is a path as the log may have it. A misspelt one leads nowhere, but
// what stands in it may still be a secret that works when spelt right.
func pathOf(path string) string {
	plain, ok := unescaped(path)
	if !ok {
		return masked
	}
	folded := slashes.ReplaceAllString(strings.ToLower(plain), "/")
	for _, door := range doors {
		if before, _, found := strings.Cut(folded, door); found {
			return secretLike.ReplaceAllString(before, masked) + door + masked
		}
	}
	if shown := secretLike.ReplaceAllString(plain, masked); shown != plain {
		return shown
	}
	return path
}

// unescaped undoes escapes within escapes. It gives up on what goes deeper than
// anybody's mistake.
func unescaped(path string) (string, bool) {
	const deepest = 5
	for range deepest {
		plain := escaped.ReplaceAllStringFunc(path, func(s string) string {
			b, _ := strconv.ParseUint(s[1:], 16, 8)
			return string([]byte{byte(b)})
		})
		if plain == path {
			return plain, true
		}
		path = plain
	}
	return "", false
}
