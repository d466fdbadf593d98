package deliver

import (
	"fmt"
	"net/url"
	"strings"

	"hookline/app/template"
	"hookline/models"
)

// target is an address that is filled in for each attempt: its path and query, its
// parameters, and merged fields that go into the query. An address that is the same
// for every attempt has none.
type target struct {
	fixed  string // the URL, when nothing in it is filled in; else:
	url    *template.URL
	params []paramTemplate
	merged *mergedBody
	check  func(string) (*url.URL, error)
}

// paramTemplate is a query parameter; its value comes out percent-encoded.
type paramTemplate struct {
	name  string // as it stands in the query
	value textTemplate
}

// fillURL makes the address of one attempt, and holds it against the target guard
// again: what was filled in can make it longer than any that was checked.
func (p *prepared) fillURL(r *rendering, m *message) *fault {
	if p.target == nil {
		return nil
	}
	raw, f := p.target.fill(r)
	if f != nil {
		return f
	}
	u, err := p.target.check(raw)
	if err != nil {
		m.shownURL = p.secrets.text(raw[:min(len(raw), 2*models.MaxURL)])
		return &fault{outcome: models.BlockedURL, cause: models.CauseURLFilled, field: "url", sentence: err.Error()}
	}
	m.url, m.shownURL = u, p.secrets.text(u.String())
	return nil
}

func (t *target) fill(r *rendering) (string, *fault) {
	raw := t.fixed
	if t.url != nil {
		var err error
		if raw, err = t.url.Render(r.look()); err != nil {
			return "", renderFault(err, "url", "the URL")
		}
	}
	if len(t.params) == 0 && t.merged == nil {
		return raw, nil
	}
	before, query, _ := strings.Cut(raw, "?")
	for i := range t.params {
		value, f := t.params[i].value.render(r)
		if f != nil {
			return "", f
		}
		if query = joinQuery(query, t.params[i].name+"="+value); len(query) > longestQuery {
			break // the guard refuses it
		}
	}
	if t.merged != nil {
		var f *fault
		if query, f = t.merged.query(r, query); f != nil {
			return "", f
		}
	}
	if query == "" {
		return before, nil
	}
	return before + "?" + query, nil
}

// aim prepares the address: checked and parsed once when nothing in it changes.
func (p *prepared) aim(w *models.Webhook, check func(string) (*url.URL, error)) {
	p.shownURL = p.secrets.text(w.URL)
	t := &target{fixed: w.URL, check: check}
	if strings.Contains(w.URL, "{{") {
		var err error
		if t.url, err = template.CompileURL(w.URL); err != nil {
			p.misbuilt("url", "the URL", err)
		} else {
			p.doubt("url", t.url.Doubt())
		}
	}
	static := p.aimParams(t, w.Params)
	if w.Bare() && w.Body.Format == models.BodyMerged {
		t.merged, static = p.mergedOf(w.Body), false
	}
	switch {
	case len(p.misfits) > 0: // there is nothing to look at
	case !static || t.url != nil:
		p.target = t
		p.vet(ProbeURL(w.URL), check)
	default:
		raw, _ := t.fill(newRendering(&Input{Webhook: w})) // fixed texts cannot fail
		p.vet(raw, check)
	}
}

// aimParams prepares the parameters, and reports whether none of them changes.
func (p *prepared) aimParams(t *target, params []models.Param) (static bool) {
	static = true
	for i, param := range params {
		value := p.text(param.Value, template.Query, fmt.Sprintf("params.%d.value", i), "the parameter "+param.Name)
		if value == nil {
			return false
		}
		static = static && value.text.Static()
		t.params = append(t.params, paramTemplate{escapeQuery(param.Name), *value})
	}
	return static
}

// ProbeURL is a URL with a letter for each value that is filled in: what the
// target guard looks at before there are values. What cannot be read stays as it
// is, for the guard to refuse.
func ProbeURL(raw string) string {
	if !strings.Contains(raw, "{{") {
		return raw
	}
	u, err := template.CompileURL(raw)
	if err != nil {
		return raw
	}
	return u.Probe()
}
