package preset

import (
	"bytes"
	"cmp"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

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
	ID          string          `json:"id"`
	Place       int             `json:"place"`
	Name        string          `json:"name"`
	Description string          `json:"description"`
	Logo        string          `json:"logo"`
	Docs        string          `json:"docs"`
	Steps       string          `json:"steps"`
	URL         urlPart         `json:"url"`
	Method      string          `json:"method"`
	Headers     []models.Header `json:"headers"`
	Params      []models.Param  `json:"params"`
	Auth        authPart        `json:"auth"`
	Body        bodyPart        `json:"body"`
	Signing     *signingPart    `json:"signing"`
	Retry       *retryPart      `json:"retry"`
	RateLimit   float64         `json:"rate_limit"`
	Fields      []fieldPart     `json:"fields"`
}

type urlPart struct {
	Hosts    []string `json:"hosts"` // of its URLs, * for any part
	Fixed    string   `json:"fixed"`
	Hint     string   `json:"hint"`
	Pattern  string   `json:"pattern"`
	Mismatch string   `json:"mismatch"`
}

type authPart struct {
	Kind   models.AuthKind `json:"kind"`
	Header string          `json:"header"`
}

type bodyPart struct {
	Format   models.BodyFormat `json:"format"`
	Template json.RawMessage   `json:"template"`
}

type signingPart struct {
	JWT  bool `json:"jwt"`
	HMAC bool `json:"hmac"`
}

type retryPart struct {
	Attempts int      `json:"attempts"`
	DelaysMS []int64  `json:"delays_ms"`
	RetryOn  []string `json:"retry_on"`
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
	var f file
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&f); err != nil {
		return Preset{}, 0, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return Preset{}, 0, errors.New("there is something after the object")
	}
	p := Preset{
		ID: f.ID, Name: f.Name, Description: f.Description, Logo: f.Logo, Docs: f.Docs, Steps: f.Steps,
		URL: URL{Fixed: f.URL.Fixed, Hint: f.URL.Hint, Mismatch: f.URL.Mismatch, hosts: f.URL.Hosts}, template: f.Body.Template, settings: f.settings(),
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

// settings are the webhook that the file describes: what it does not name stays
// as it is with a new one.
func (f file) settings() models.Webhook {
	w := models.NewWebhook()
	w.Name, w.URL = f.Name, f.URL.Fixed
	w.Method = cmp.Or(f.Method, w.Method)
	w.Headers, w.Params, w.RateLimit = f.Headers, f.Params, f.RateLimit
	w.Auth = models.Auth{Kind: cmp.Or(f.Auth.Kind, models.AuthNone), Header: f.Auth.Header}
	w.Body.Format = cmp.Or(f.Body.Format, w.Body.Format)
	if f.Signing != nil {
		w.Signing = models.Signing{JWT: f.Signing.JWT, HMAC: f.Signing.HMAC}
	}
	if f.Retry != nil {
		w.Retry = models.Retry{Preset: models.RetryCustom, Attempts: f.Retry.Attempts, RetryOn: f.Retry.RetryOn}
		for _, ms := range f.Retry.DelaysMS {
			w.Retry.Delays = append(w.Retry.Delays, time.Duration(ms)*time.Millisecond)
		}
	}
	return w
}
