package ui

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"hookline/models"
)

// Curl is a request as a command for a shell. People paste it, and strangers chose
// much of what is in it: everything is quoted, for bash and a plain POSIX shell.
type Curl struct {
	Command string
	FillIn  []string // shell variables that stand for secrets
	Cut     bool     // the log has the beginning of the body only
	asIs    bool     // *** is just three stars
}

// CurlOf writes the command for a request from the log. Secrets, which the log
// has as ***, become variables named after their place.
func CurlOf(r models.LoggedRequest) Curl { return Curl{Cut: r.Truncated}.of(r) }

// CurlAsIs writes the command for a request that has no masks.
func CurlAsIs(r models.LoggedRequest) Curl { return Curl{Cut: r.Truncated, asIs: true}.of(r) }

func (c Curl) of(r models.LoggedRequest) Curl {
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
func (c *Curl) header(h models.HeaderLine) string {
	if h.Value == "" {
		return shellQuote(h.Name + ";")
	}
	return c.filled(h.Name+": "+h.Value, variableFor(h.Name))
}

// filled quotes a text in which each mask becomes the variable.
func (c *Curl) filled(text, variable string) string {
	if c.asIs || !strings.Contains(text, models.Mask) {
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

// variableFor is a shell variable named after a header. It begins with a word of
// ours: whoever may edit a webhook chooses the names of its headers, and the shell
// of whoever pastes the command may have a GITHUB_TOKEN already.
func variableFor(header string) string {
	name := strings.ToUpper(header)
	prefix := "HEADER_"
	if slices.Contains(signed, name) {
		prefix = "SIGNING_"
	}
	return prefix + strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, name)
}

// curlBody gives the body as an argument, or, with bytes that no argument can
// hold or no terminal shows, through a pipe.
func curlBody(body []byte) (pipe, argument string) {
	switch {
	case len(body) == 0:
		return "", ""
	case plain(string(body)):
		return "", " \\\n  --data-raw " + shellQuote(string(body))
	}
	return "printf " + singleQuote(octal(string(body))) + " | ", " \\\n  --data-binary @-"
}

// plain reports whether a terminal takes the text as it is.
func plain(text string) bool {
	if !utf8.ValidString(text) {
		return false
	}
	for _, r := range text {
		if r != '\n' && !unicode.IsPrint(r) {
			return false
		}
	}
	return true
}

// octal writes bytes as a format of printf, three digits each where needed.
func octal(text string) string {
	var b strings.Builder
	for i := range len(text) {
		switch c := text[i]; {
		case c == '-' && i == 0:
			b.WriteString(`\055`) // no option of printf
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

// shellQuote makes one word of a text, which does not end with a new line. $'…'
// would be shorter, but is plain text to a POSIX shell, and \' in it the end.
func shellQuote(text string) string {
	if plain(text) {
		return singleQuote(text)
	}
	return `"$(printf ` + singleQuote(octal(text)) + `)"`
}

func singleQuote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
