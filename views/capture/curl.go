package capture

import (
	"fmt"
	"strings"

	"hookline/models"
)

// perConnection are headers that curl makes itself.
var perConnection = map[string]bool{
	"host": true, "content-length": true, "transfer-encoding": true, "connection": true, "accept-encoding": true,
}

// curl is a command for a POSIX shell that sends the request again.
func curl(url string, r models.Captured) string {
	var b strings.Builder
	b.WriteString("curl -X " + quoted(r.Method) + " " + quoted(url))
	for _, h := range r.Headers {
		if !perConnection[strings.ToLower(h.Name)] {
			b.WriteString(" \\\n  -H " + quoted(h.Name+": "+h.Value))
		}
	}
	if len(r.Body) > 0 {
		b.WriteString(" \\\n  --data-binary " + quoted(string(r.Body)))
	}
	return b.String()
}

// quoted is one word for the shell. What is not plain text is written as escapes
// in bash's form; a NUL byte cannot be in a word at all.
func quoted(text string) string {
	plain := !strings.ContainsFunc(text, func(r rune) bool { return (r < ' ' && r != '\n') || r == 0x7f || r == '\uFFFD' })
	if plain {
		return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
	}
	var b strings.Builder
	b.WriteString("$'")
	for i := range len(text) {
		switch c := text[i]; {
		case c == '\'' || c == '\\':
			b.WriteString(`\` + string(rune(c)))
		case c >= ' ' && c < 0x7f:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, `\x%02x`, c)
		}
	}
	return b.String() + "'"
}
