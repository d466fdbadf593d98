package preset

import (
	"cmp"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"hookline/models"
)

//go:embed services/*.json
var services embed.FS

// loaded are the presets, read once. A bad file is a fault of the build, which
// the tests of this package find.
var loaded = sync.OnceValue(func() []Preset {
	list, err := load(services, "services")
	if err != nil {
		panic(err)
	}
	return list
})

// file is a preset as its file spells it. Place orders them on the form.
type file struct {
	ID          string  `json:"id"`
	Place       int     `json:"place"`
	Name        string  `json:"name"`
	Description string  `json:"description"`
	Logo        string  `json:"logo"`
	Docs        string  `json:"docs"`
	Steps       string  `json:"steps"`
	URL         urlPart `json:"url"`
	// Webhook are the settings as the API takes them; those that the file leaves out have
	// the defaults. Template is the template of a JSON body, as JSON instead of text.
	Webhook  models.WebhookSettings `json:"webhook"`
	Template jsontext.Value         `json:"template"`
	Fields   []fieldPart            `json:"fields"`
}

type urlPart struct {
	Hosts    []string `json:"hosts"` // of its URLs, * for any part
	Fixed    string   `json:"fixed"`
	Hint     string   `json:"hint"`
	Pattern  string   `json:"pattern"`
	Mismatch string   `json:"mismatch"`
}

type fieldPart struct {
	Name     string    `json:"name"`
	Label    string    `json:"label"`
	Kind     FieldKind `json:"kind"`
	Help     string    `json:"help"`
	Default  string    `json:"default"`
	Required bool      `json:"required"`
	Max      int       `json:"max"`
	Options  []Option  `json:"options"`
	Empty    string    `json:"empty"`
}

// load reads every preset of a folder. What it does not know, in a file or a
// name, is an error that says where.
func load(files fs.FS, dir string) ([]Preset, error) {
	entries, err := fs.ReadDir(files, dir)
	if err != nil {
		return nil, err
	}
	placed := map[string]int{}
	list := make([]Preset, 0, len(entries))
	for _, e := range entries {
		raw, err := fs.ReadFile(files, path.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		p, place, err := parse(raw)
		if err == nil && p.ID+".json" != e.Name() {
			err = fmt.Errorf("its id is %q", p.ID)
		}
		if err != nil {
			return nil, fmt.Errorf("preset %s: %w", e.Name(), err)
		}
		placed[p.ID] = place
		list = append(list, p)
	}
	slices.SortFunc(list, func(a, b Preset) int {
		return cmp.Or(cmp.Compare(placed[a.ID], placed[b.ID]), strings.Compare(a.ID, b.ID))
	})
	return list, nil
}

// parse reads one preset, and its place among the others.
func parse(raw []byte) (Preset, int, error) {
	f := file{Webhook: models.NewWebhook().Settings()}
	if err := json.Unmarshal(raw, &f, json.RejectUnknownMembers(true)); err != nil {
		return Preset{}, 0, err
	}
	if f.Webhook.Name != "" || f.Webhook.URL != "" {
		return Preset{}, 0, errors.New("the webhook has the preset's name and URL")
	}
	f.Webhook.Name, f.Webhook.URL = f.Name, f.URL.Fixed
	p := Preset{
		ID: f.ID, Name: f.Name, Description: f.Description, Logo: f.Logo, Docs: f.Docs, Steps: f.Steps,
		URL: URL{Fixed: f.URL.Fixed, Hint: f.URL.Hint, Mismatch: f.URL.Mismatch, hosts: f.URL.Hosts}, template: f.Template, settings: f.Webhook,
	}
	var err error
	if f.URL.Pattern != "" {
		if p.URL.pattern, err = regexp.Compile(f.URL.Pattern); err != nil {
			return p, 0, err
		}
	}
	for _, q := range f.Fields {
		p.Fields = append(p.Fields, Field{
			Name: q.Name, Label: q.Label, Kind: q.Kind, Help: q.Help, Default: q.Default,
			Required: q.Required, Max: q.Max, Options: q.Options, empty: q.Empty,
		})
	}
	return p, f.Place, errors.Join(f.check(), p.check())
}
