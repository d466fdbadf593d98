// Package snippet writes the code of a receiver that verifies one webhook's
// requests (B12): complete programs for the standard library of each language,
// made from the webhook's own settings. The signing key is never in them; they
// read it from the environment. The tests run every one against real deliveries.
package snippet

import (
	"embed"
	"fmt"
	"strings"
	"text/template"

	"hookline/models"
)

// Snippet is a receiver in one language.
type Snippet struct {
	Language string // go, node, python, php, ruby
	Title    string // the language's name
	File     string // what to save it as
	Run      string // a command that starts it
	Code     string
}

var languages = []Snippet{
	{Language: "go", Title: "Go", File: "receiver.go", Run: "go run receiver.go"},
	{Language: "node", Title: "Node", File: "receiver.mjs", Run: "node receiver.mjs"},
	{Language: "python", Title: "Python", File: "receiver.py", Run: "python3 receiver.py"},
	{Language: "php", Title: "PHP", File: "receiver.php", Run: "php -S 127.0.0.1:8080 receiver.php"},
	{Language: "ruby", Title: "Ruby", File: "config.ru", Run: "rackup --port 8080"},
}

//go:embed code/*.tmpl
var files embed.FS

var templates = template.Must(template.New("").Funcs(template.FuncMap{
	"lower": strings.ToLower,
	"rack":  func(header string) string { return "HTTP_" + strings.ToUpper(strings.ReplaceAll(header, "-", "_")) },
	"snake": func(check string) string {
		return "check_" + strings.ToLower(strings.TrimPrefix(check, "check"))
	},
}).ParseFS(files, "code/*.tmpl"))

// settings are what of a webhook a receiver depends on. Both texts are made of
// letters, digits and hyphens (models.Settings.Validate), which need no quoting in
// any of the languages.
type settings struct {
	models.Signing
	Method string
	Prefix string
	ID     string // the header with the delivery's id; a signed one where there is one
	Checks []string
}

// HMACOnly: then nothing tells a new request from a recorded one.
func (s settings) HMACOnly() bool { return len(s.Checks) == 1 && s.HMAC }

// For writes the receivers of a webhook, in the order to show; none when it does
// not sign. prefix is the workspace's header prefix.
func For(w models.Webhook, prefix string) ([]Snippet, error) {
	if !w.Signs() {
		return nil, nil
	}
	s := settings{Signing: w.Signing, Method: w.Method, Prefix: prefix, ID: "Idempotency-Key"}
	if s.Standard {
		s.ID = "webhook-id"
	}
	s.Checks = checks(w.Signing)
	out := make([]Snippet, len(languages))
	for i, l := range languages {
		var code strings.Builder
		if err := templates.ExecuteTemplate(&code, l.File+".tmpl", s); err != nil {
			return nil, fmt.Errorf("snippet in %s: %w", l.Title, err)
		}
		l.Code = code.String()
		out[i] = l
	}
	return out, nil
}

func checks(s models.Signing) (names []string) {
	for _, c := range []struct {
		on   bool
		name string
	}{{s.Standard, "checkStandard"}, {s.JWT, "checkToken"}, {s.HMAC, "checkHMAC"}} {
		if c.on {
			names = append(names, c.name)
		}
	}
	return names
}
