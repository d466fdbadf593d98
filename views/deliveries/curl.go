package deliveries

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"hookline/models"
)

// curl is a logged request as a command for a shell.
type curl struct {
	Command string
	FillIn  []string // shell variables that stand for secrets
	Cut     bool     // the log has the beginning of the body only
}

// asCurl writes the command for any POSIX shell. Secrets, which the log has as
// ***, become variables named after their place.
func asCurl(r models.LoggedRequest) curl {
	c := curl{Cut: r.Truncated}
	var b strings.Builder
	pipe, data := curlBody(r.Body)
	b.WriteString(pipe)
	fmt.Fprintf(&b, "curl --globoff --path-as-is -X %s %s", shellQuote(r.Method), c.filled(r.URL, "URL_SECRET"))
	typed := false
	for _, h := range r.Headers {
		switch strings.ToLower(h.Name) {
		case "content-length", "host", "connection", "transfer-encoding":
			continue // curl makes its own
		case "content-type":
			typed = true
		}
		b.WriteString(" \\\n  -H " + c.header(h))
	}
	if data != "" && !typed {
		b.WriteString(" \\\n  -H 'Content-Type:'") // curl would name a form
	}
	b.WriteString(data)
	c.Command = b.String()
	return c
}

// header: curl takes a header without a value for one to be left out, unless it
// ends with a semicolon.
func (c *curl) header(h models.HeaderLine) string {
	if h.Value == "" {
		return shellQuote(h.Name + ";")
	}
	return c.filled(h.Name+": "+h.Value, variableFor(h.Name))
}

// filled quotes a text in which each mask becomes the variable.
func (c *curl) filled(text, variable string) string {
	if !strings.Contains(text, models.Mask) {
		return shellQuote(text)
	}
	if !slices.Contains(c.FillIn, variable) {
		c.FillIn = append(c.FillIn, variable)
	}
	var b strings.Builder
	for i, part := range strings.Split(text, models.Mask) {
		if i > 0 {
			b.WriteString(`"$` + variable + `"`)
		}
		if part != "" {
			b.WriteString(shellQuote(part))
		}
	}
	return b.String()
}

// signed are the headers that Hookline computes for each attempt.
var signed = []string{"X-WEBHOOK-SECRET", "X-HMAC-SIGNATURE", "WEBHOOK-SIGNATURE"}

// variableFor is a shell variable named after a header.
func variableFor(header string) string {
	name := strings.ToUpper(header)
	prefix := ""
	if slices.Contains(signed, name) {
		prefix = "SIGNING_"
	}
	name = strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, name)
	if prefix == "" && name[0] >= '0' && name[0] <= '9' {
		prefix = "HEADER_"
	}
	return prefix + name
}

// curlBody gives the body as an argument, or, with bytes that no argument can
// hold or no terminal shows, through a pipe.
func curlBody(body []byte) (pipe, argument string) {
	switch {
	case len(body) == 0:
		return "", ""
	case plain(body):
		return "", " \\\n  --data-raw " + shellQuote(string(body))
	}
	return "printf " + shellQuote(octal(body)) + " | ", " \\\n  --data-binary @-"
}

// plain reports whether a terminal takes the text as it is.
func plain(body []byte) bool {
	if !utf8.Valid(body) {
		return false
	}
	for _, r := range string(body) {
		if r != '\n' && !unicode.IsPrint(r) {
			return false
		}
	}
	return true
}

// octal writes bytes as a format of printf, three digits each where needed.
func octal(body []byte) string {
	var b strings.Builder
	for _, c := range body {
		switch {
		case c == '%':
			b.WriteString("%%")
		case c == '\\':
			b.WriteString(`\\`)
		case c == '\n':
			b.WriteString(`\n`)
		case c < ' ' || c >= 0x7f:
			fmt.Fprintf(&b, `\%03o`, c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

func shellQuote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
