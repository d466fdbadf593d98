package form

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"hookline/app/service"
	"hookline/models"
	"hookline/views/ui"
	"hookline/views/webhooks"
)

// Webhook is the webhook form as it was posted.
type Webhook struct {
	values webhooks.FormValues
	// has tells a field that is missing from one that is empty: what is missing
	// stays as it was.
	has url.Values
	// AddHeader asks for one more row, with nothing saved.
	AddHeader bool
}

// ReadWebhook reads the form. The error is Malformed, for what none of our pages
// sends; what people get wrong comes later, as faults of fields.
func ReadWebhook(v url.Values) (Webhook, error) {
	f := Webhook{has: v, AddHeader: v.Get("action") == "add_header"}
	text := func(name string) string { return strings.TrimSpace(v.Get(name)) }
	f.values = webhooks.FormValues{
		Name: text("name"), Description: strings.ReplaceAll(v.Get("description"), "\r\n", "\n"), Method: text("method"), URL: text("url"),
		Categories: v["subscriptions.categories"], Types: v["subscriptions.types"], SigningKey: v.Get("signing.secret"),
		RetryPreset: text("retry.preset"), RetryAttempts: text("retry.attempts"), RetryDelays: text("retry.delays"),
		RetryOn: text("retry.retry_on"), Timeout: text("timeout"), Body: text("body.format"),
	}
	f.values.KeyAction, f.values.KeyOverlap = text("signing.key"), text("signing.overlap")
	var err error
	if f.values.Headers, err = headerRows(v); err != nil {
		return f, err
	}
	for name, field := range map[string]*bool{
		"subscriptions.all": &f.values.All, "signing.jwt": &f.values.JWT, "signing.hmac": &f.values.HMAC, "signing.standard": &f.values.Standard,
	} {
		if *field, err = Bool(v, name); err != nil {
			return f, err
		}
	}
	return f, nil
}

// Input is what to save, and what is wrong already, in the form's own units. A
// number that cannot be read is in the input too, as one the service refuses.
func (f Webhook) Input() (service.WebhookInput, models.FieldErrors) {
	var faults models.FieldErrors
	v := f.values
	in := service.WebhookInput{
		Name: given(f.has, "name"), Description: lines(f.has, "description"), Method: given(f.has, "method"), URL: given(f.has, "url"),
		Headers: headerInputs(v.Headers), JWT: &v.JWT, HMAC: &v.HMAC, Standard: &v.Standard, Subscriptions: f.subscriptions(),
	}
	f.key(&in)
	if f.has.Has("body.format") {
		in.Body = &models.Body{Format: models.BodyFormat(v.Body)}
	}
	if f.has.Has("retry.preset") {
		r := retry(v, &faults)
		in.Retry = &r
	}
	if f.has.Has("timeout") {
		d := timeout(v.Timeout, &faults)
		in.Timeout = &d
	}
	return in, faults
}

// subscriptions: all events leave nothing else to choose.
func (f Webhook) subscriptions() *models.Subscriptions {
	switch {
	case f.values.All:
		return &models.Subscriptions{All: true}
	case f.has.Has("subscriptions.all") || len(f.values.Categories) > 0 || len(f.values.Types) > 0:
		return &models.Subscriptions{Categories: f.values.Categories, Types: f.values.Types}
	}
	return nil
}

// key reads what to do with the signing key. A field that the choice hides does
// not count.
func (f Webhook) key(in *service.WebhookInput) {
	v := f.values
	switch v.KeyAction {
	case webhooks.KeepKey:
		return
	case webhooks.MakeKey:
		in.GenerateKey = true
	case webhooks.EnterKey:
		entered := v.SigningKey
		if entered == "" || entered == models.Mask {
			entered = "-" // which is too short, and the service says so
		}
		in.SigningKey = &entered
	default:
		if f.has.Has("signing.secret") {
			in.SigningKey = &v.SigningKey
		}
	}
	if v.KeyOverlap == "" || v.KeyOverlap == "0" {
		return
	}
	var err error
	if in.KeyOverlap, err = time.ParseDuration(v.KeyOverlap); err != nil {
		in.KeyOverlap = -1 // which the service refuses
	}
}

// TypeAgain is the fault of a secret that was typed into a form with other faults.
const TypeAgain = "Enter this again: a secret is not shown, not even the one you just typed."

// Again is the form to draw once more: all that was typed but the secrets, each
// of which gets a fault, so that nobody saves in the belief it were still there.
func (f Webhook) Again(faults []models.FieldError) (webhooks.FormValues, ui.Errors) {
	errs := ui.ErrorsFrom(faults)
	v := f.values
	v.Headers = append([]webhooks.HeaderValues{}, v.Headers...)
	for i := range v.Headers {
		row := &v.Headers[i]
		if row.Secret && row.Value != "" && row.Value != models.Mask {
			row.Value = ""
			addIfNone(errs, fmt.Sprintf("headers.%d.value", i))
		}
	}
	if v.SigningKey != "" && v.SigningKey != models.Mask {
		v.SigningKey = ""
		if v.KeyAction == "" || v.KeyAction == webhooks.EnterKey {
			addIfNone(errs, "signing.secret")
		}
	}
	if errs["signing.secret"] != "" && v.KeyAction == webhooks.KeepKey {
		v.KeyAction = webhooks.EnterKey // where the fault stands
	}
	if f.AddHeader {
		v.Headers = append(v.Headers, webhooks.HeaderValues{})
	}
	return v, errs
}

func addIfNone(errs ui.Errors, field string) {
	if errs[field] == "" {
		errs[field] = TypeAgain
	}
}
