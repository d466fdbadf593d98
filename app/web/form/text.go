package form

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"hookline/models"
)

// Query is a text from a URL by which something is looked for.
func Query(text string) string { return Key(text, 200) }

// Key is a text to look something up with: at most max bytes of valid UTF-8
// without NUL, which PostgreSQL refuses.
func Key(text string, max int) string {
	text = strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(text, ""), "\x00", ""))
	for len(text) > max {
		_, size := utf8.DecodeLastRuneInString(text)
		text = text[:len(text)-size]
	}
	return text
}

// Bool reads a switch or checkbox. A checkbox that is not ticked is not sent.
// The pages send nothing else than true and false, so the error is Malformed.
func Bool(v url.Values, name string) (bool, error) {
	switch v.Get(name) {
	case "", "false":
		return false, nil
	case "true":
		return true, nil
	}
	return false, models.Errorf(models.Malformed, "%s must be true or false.", name)
}

// list splits what is joined by commas.
func list(text string) []string {
	var parts []string
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}
