package deliver

import (
	"fmt"
	"net/textproto"
	"net/url"
	"strings"
	"time"

	"hookline/app/secret"
	"hookline/app/template"
	"hookline/models"
)

// prepared is a webhook with everything done that is the same for each of its
// attempts: the URL checked and parsed, the secrets opened, the names made. It
// is not changed once made.
type prepared struct {
	version  int64
	settings models.Settings

	method  string
	url     *url.URL // nil when it is filled in for each attempt:
	target  *target
	timeout time.Duration
	format  format // nil: no body
	custom  []customHeader
	names   headerNames
	signing models.Signing
	key     *signingKey   // of token and HMAC; nil when nothing is signed
	keys    []standardKey // of Standard Webhooks, new first
	issuer  []byte        // as a JSON string
	auth    authentication

	secrets  mask
	shownURL string
	fault    *fault             // why no attempt can be sent, or nil
	misfits  models.FieldErrors // of templates, all of them
	doubts   models.FieldErrors // of templates that can be filled in, and are not to be saved
}

// customHeader is a header the person set; shown is its value in the log. One
// that is filled in for each attempt has neither.
type customHeader struct {
	name, value, shown string
	filled             *textTemplate
}

// headerNames are the names that follow the workspace's prefix (D7).
type headerNames struct{ delivery, event, eventID, hops string }

// fault is why an attempt could not be sent at all.
type fault struct {
	outcome  models.Outcome
	cause    models.Cause // "" for a refused address, which is no more than refused
	sentence string
	field    string // of the form, when it is one field's fault
}

// opener opens a sealed value found in the place ad; secret.Box.Open is one.
type opener func(s models.Sealed, ad string) (string, error)

// prepare never fails: what stops every attempt is kept as the fault.
func prepare(w *models.Webhook, settings models.Settings, check func(string) (*url.URL, error), open opener) *prepared {
	p := &prepared{
		version: w.Version, settings: settings,
		method: w.Method, timeout: w.Timeout, signing: w.Signing,
		names: headerNames{
			delivery: settings.HeaderPrefix + "-Delivery-Id",
			event:    settings.HeaderPrefix + "-Event",
			eventID:  settings.HeaderPrefix + "-Event-Id",
			hops:     models.HopsHeader(settings.HeaderPrefix),
		},
		issuer: appendJSONString(nil, settings.SiteDomain),
	}
	if p.timeout <= 0 {
		p.timeout = models.DefaultTimeout
	}
	opened := p.openSecrets(w, open)
	p.secrets = newMask(opened)
	p.aim(w, check)
	p.chooseFormat(w)
	return p
}

// fail keeps the first fault: later ones may only follow from it.
func (p *prepared) fail(outcome models.Outcome, cause models.Cause, format string, args ...any) {
	if p.fault == nil {
		p.fault = &fault{outcome: outcome, cause: cause, sentence: fmt.Sprintf(format, args...)}
	}
}

const reseal = "could not be opened with the master key. Enter it again in the webhook's settings."

// openSecrets fills in headers and signing key, and returns what must not be
// logged in clear.
func (p *prepared) openSecrets(w *models.Webhook, open opener) (opened []string) {
	for i, h := range w.Headers {
		// The prefix may have changed after the webhook was saved; ours win
		// over a custom header of the same name (D7).
		if models.ReservedHeader(h.Name, p.settings.HeaderPrefix) != "" {
			continue
		}
		c := customHeader{name: sentName(h.Name), value: h.Value, shown: h.Value}
		if h.Secret {
			value, err := open(h.Sealed, secret.HeaderValue(w.ID, h.Name))
			if err != nil {
				p.fail(models.AuthError, models.CauseSealed, "The value of the secret header %s %s", h.Name, reseal)
			}
			c.value, c.shown = value, models.Mask
			opened = append(opened, value)
		}
		if !h.Secret && strings.Contains(h.Value, "{{") {
			c.filled = p.text(h.Value, template.Header, fmt.Sprintf("headers.%d.value", i), "the header "+h.Name)
		}
		p.custom = append(p.custom, c)
	}
	opened = append(opened, p.openAuth(w, open)...)
	return p.openKey(w, open, opened)
}

func (p *prepared) openKey(w *models.Webhook, open opener, opened []string) []string {
	if !w.Signs() {
		return opened
	}
	if len(w.Signing.Key) == 0 {
		p.fail(models.AuthError, models.CauseNoKey, "The webhook signs its requests but has no signing key. Set one, or switch signing off.")
		return opened
	}
	key, err := open(w.Signing.Key, secret.SigningKey(w.ID))
	if err != nil {
		p.fail(models.AuthError, models.CauseSealed, "The signing key %s", reseal)
	}
	p.key = newSigningKey(key)
	opened = append(opened, key)
	if w.Signing.Standard && p.fault == nil {
		opened = p.openStandard(w, key, open, opened)
	}
	return opened
}

// openStandard makes the keys of Standard Webhooks: the webhook's, and the one
// before it until its overlap ends. An old one that does not open, or never was
// of that kind, has no receiver that waits for its signature.
func (p *prepared) openStandard(w *models.Webhook, key string, open opener, opened []string) []string {
	now, ok := models.ParseStandardKey(key)
	if !ok && key != models.Mask { // a preview's stand-in
		p.fail(models.AuthError, models.CauseNoKey, "The webhook signs for Standard Webhooks, but its key does not start with whsec_. Generate a new key, or enter one.")
		return opened
	}
	p.keys = []standardKey{{signingKey: newSigningKey(string(now))}}
	opened = append(opened, strings.TrimPrefix(key, models.StandardKeyPrefix))
	if len(w.Signing.OldKey) == 0 {
		return opened
	}
	text, err := open(w.Signing.OldKey, secret.OldSigningKey(w.ID))
	old, ok := models.ParseStandardKey(text)
	if err != nil || !ok {
		return opened
	}
	p.keys = append(p.keys, standardKey{newSigningKey(string(old)), w.Signing.OldKeyUntil})
	return append(opened, text, strings.TrimPrefix(text, models.StandardKeyPrefix))
}

// vet holds the URL against the target guard's rules once more: they may have
// become stricter since it was saved (D10).
func (p *prepared) vet(raw string, check func(string) (*url.URL, error)) {
	u, err := check(raw)
	if err != nil {
		if p.fault == nil {
			p.fault = &fault{outcome: models.BlockedURL, field: "url", sentence: err.Error()}
		}
		return
	}
	if p.target == nil {
		p.url, p.shownURL = u, p.secrets.text(u.String())
	}
}

// text compiles a text that is filled in for each attempt; nil when it cannot be
// read.
func (p *prepared) text(source string, place template.Place, field, what string) *textTemplate {
	text, err := template.CompileText(source, place)
	if err != nil {
		p.misbuilt(field, what, err)
		return nil
	}
	p.doubt(field, text.Doubt())
	return &textTemplate{text, field, what}
}

// doubt notes what a new template is refused for.
func (p *prepared) doubt(field string, doubt *template.Fault) {
	if doubt != nil {
		p.doubts.Add(field, "%s", doubt.Error())
	}
}

// misbuilt notes a template that cannot be read. What was saved was checked, so
// this is for what an earlier version took.
func (p *prepared) misbuilt(field, what string, err error) {
	p.misfits.Add(field, "%s", err.Error())
	if p.fault == nil {
		p.fault = &fault{
			outcome: models.RenderError, cause: models.CauseTemplate, field: field,
			sentence: fmt.Sprintf("%s cannot be read. %s", upperFirst(what), sentenceOf(err)),
		}
	}
}

// chooseFormat prepares how the body is made; without one there is no format.
func (p *prepared) chooseFormat(w *models.Webhook) {
	if !w.HasBody() {
		return
	}
	prepareFormat := formats[w.Body.Format]
	if prepareFormat == nil {
		p.fail(models.RenderError, models.CauseNotBuilt, "This version of Hookline does not know the body format %q.", w.Body.Format)
		return
	}
	p.format = prepareFormat(p, w.Body)
}

// sentName is the name as the person wrote it: some old receivers compare names
// with case, and a map key that is set directly is sent as it stands. Go itself
// looks up User-Agent, in that spelling only, before it sends one of its own.
func sentName(name string) string {
	if strings.EqualFold(name, userAgent) {
		return textproto.CanonicalMIMEHeaderKey(name)
	}
	return name
}
