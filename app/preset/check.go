package preset

import (
	"errors"
	"fmt"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"hookline/models"
)

var (
	idText    = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	fieldMark = regexp.MustCompile(`<<([a-z_]+)>>`)
)

// check holds the parts of a file against each other.
func (f file) check() error {
	for _, h := range f.Webhook.Headers {
		if h.Secret {
			return fmt.Errorf("header %s is secret: a file has no secrets", h.Name)
		}
	}
	if secret, _ := f.Webhook.Auth.Secret(); secret != "" || f.Webhook.Signing.Secret != nil {
		return errors.New("authentication and signing have a secret: a file has no secrets")
	}
	switch {
	case f.Place < 1:
		return errors.New("give its place on the form, from 1")
	case f.Name == "" || f.Description == "" || f.Logo == "":
		return errors.New("name, description and logo are needed")
	case strings.ContainsAny(f.Description, "\r\n"):
		return errors.New("the description is one line")
	case f.URL.Pattern == "" && f.URL.Mismatch != "", f.URL.Pattern != "" && f.URL.Mismatch == "":
		return errors.New("a pattern of the URL and what to say of one that does not match go together")
	case f.URL.Pattern != "" && (!strings.HasPrefix(f.URL.Pattern, "^") || !strings.HasSuffix(f.URL.Pattern, "$")):
		return errors.New("the pattern of the URL holds for the whole: begin with ^ and end with $")
	case slices.ContainsFunc(f.URL.Hosts, func(h string) bool { _, err := path.Match(h, ""); return err != nil || h != strings.ToLower(h) }):
		return errors.New("a host is written in small letters, with * for any part")
	case (f.Webhook.Body.Format == models.BodyJSON) != (len(f.Template) > 0):
		return errors.New("the format json and a template go together")
	case f.Webhook.AttemptsPerSecond() < 0:
		return errors.New("a rate limit is not negative")
	}
	return nil
}

// check reads the preset as the form will use it.
func (p Preset) check() error {
	if !idText.MatchString(p.ID) {
		return fmt.Errorf("%q is no id", p.ID)
	}
	if u, err := url.Parse(p.Docs); p.ID != CustomID && (err != nil || u.Scheme != "https") {
		return errors.New("the documentation's address is needed, with https")
	}
	if p.URL.Fixed != "" && p.CheckURL(p.URL.Fixed) != "" {
		return errors.New("the fixed URL does not match the pattern")
	}
	for i, f := range p.Fields {
		if err := f.check(); err != nil {
			return fmt.Errorf("field %s: %w", f.Name, err)
		}
		if slices.ContainsFunc(p.Fields[:i], func(o Field) bool { return o.Name == f.Name }) {
			return fmt.Errorf("field %s is there twice", f.Name)
		}
	}
	return p.checkMarks()
}

func (f Field) check() error {
	switch {
	case !idText.MatchString(f.Name) || f.Name == urlAnswer:
		return errors.New("a name has lower-case letters and _, and url is taken")
	case f.Label == "":
		return errors.New("give it a label")
	case !slices.Contains([]FieldKind{Text, LongText, Colour, Choice}, f.Kind):
		return fmt.Errorf("%q is no kind", f.Kind)
	case (f.Kind == Choice) != (len(f.Options) > 0):
		return errors.New("options belong to a choice")
	case (f.Kind == Text || f.Kind == LongText) != (f.Max > 0):
		return errors.New("texts have a max, and nothing else has")
	case f.Default != "" && f.fault(f.Default) != "":
		return fmt.Errorf("the default is refused: %s", f.fault(f.Default))
	case !f.Required && f.empty == "" && f.Kind != Text && f.Kind != LongText:
		return errors.New("say what stands there when it is left empty, or require it")
	}
	return nil
}

// checkMarks finds marks without a field and fields without a mark.
func (p Preset) checkMarks() error {
	if len(p.template) > 0 && !p.template.IsValid() {
		return errors.New("the template is not JSON")
	}
	text := string(p.template)
	for _, v := range p.settings.Params {
		text += " " + v.Value
	}
	for _, h := range p.settings.Headers {
		text += " " + h.Value
	}
	used := map[string]bool{}
	for _, m := range fieldMark.FindAllStringSubmatch(text, -1) {
		used[m[1]] = true
		if _, known := p.field(m[1]); !known {
			return fmt.Errorf("<<%s>> names no field", m[1])
		}
	}
	for _, f := range p.Fields {
		if !used[f.Name] {
			return fmt.Errorf("the field %s is asked for and used nowhere", f.Name)
		}
	}
	return nil
}

func (p Preset) field(name string) (Field, bool) {
	i := slices.IndexFunc(p.Fields, func(f Field) bool { return f.Name == name })
	if i < 0 {
		return Field{}, false
	}
	return p.Fields[i], true
}
