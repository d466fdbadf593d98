// Package preset holds what is known of services that people connect often (I14):
// which request they take, and the few questions that fill it. Presets are data:
// one JSON file a service in services/, and the documented shape of what that
// service takes, as a JSON Schema, in shapes/.
package preset

import (
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"hookline/models"
)

// CustomID is the preset that fills nothing in.
const CustomID = "custom"

// Preset is one service.
type Preset struct {
	ID          string
	Name        string
	Description string // one line
	Logo        string // the name of a drawing of views/ui
	Docs        string // where the service describes what it takes; "" for Custom
	Steps       string // how one gets the URL or key there, in a sentence or two
	URL         URL
	Fields      []Field
	// settings are the webhook before any answer.
	settings models.WebhookSettings
	template jsontext.Value // of a JSON body, with <<field>> in its strings
}

// URL is what the preset knows of the endpoint's address.
type URL struct {
	Fixed    string // the whole URL, where it is the same for all
	Hint     string // how one looks
	Mismatch string // what to say of one that looks otherwise
	hosts    []string
	pattern  *regexp.Regexp
}

// FieldKind is how a question is asked and what answers it takes.
type FieldKind string

// Kinds of questions.
const (
	Text     FieldKind = "text"      // one line
	LongText FieldKind = "long_text" // lines
	Colour   FieldKind = "colour"    // #rrggbb; in the template its number
	Choice   FieldKind = "choice"    // one of Options
)

// Field is a question whose answer goes into the template as a literal.
type Field struct {
	Name     string
	Label    string
	Kind     FieldKind
	Help     string
	Default  string // what the form starts with
	Required bool
	Max      int // characters, for texts
	Options  []Option
	// empty is template code that stands where no answer was given.
	empty string
}

// Option is one answer of a Choice.
type Option struct {
	Value string `json:"value"`
	Label string `json:"label"`
}

// All lists the presets in the order the form offers them. The slice is the
// caller's.
func All() []Preset { return slices.Clone(loaded()) }

// Get returns the preset with this id; NotFound when there is none.
func Get(id string) (Preset, error) {
	i := slices.IndexFunc(loaded(), func(p Preset) bool { return p.ID == id })
	if i < 0 {
		return Preset{}, models.Errorf(models.NotFound, "There is no preset with this id.")
	}
	return loaded()[i], nil
}

// Recognise finds the preset of the service that a URL leads to, by its host. The
// URL may be half typed, and a template.
func Recognise(raw string) (Preset, bool) {
	at, err := url.Parse(strings.TrimSpace(origin(raw)))
	if err != nil || at.Host == "" {
		return Preset{}, false
	}
	host := strings.ToLower(at.Hostname())
	named := func(pattern string) bool {
		fits, _ := path.Match(pattern, host)
		return fits
	}
	i := slices.IndexFunc(loaded(), func(p Preset) bool { return slices.ContainsFunc(p.URL.hosts, named) })
	if i < 0 {
		return Preset{}, false
	}
	return loaded()[i], true
}

// origin is a URL without its path and query, which need not be readable.
func origin(raw string) string {
	scheme, rest, _ := strings.Cut(raw, "://")
	if end := strings.IndexAny(rest, "/?#\\"); end >= 0 {
		rest = rest[:end]
	}
	return scheme + "://" + rest
}

// NeedsSecret reports whether the service asks for a key or token beside the URL.
// It is entered where secrets are entered, and never an answer of a preset.
func (p Preset) NeedsSecret() bool { return p.settings.Auth.Kind != models.AuthNone }
