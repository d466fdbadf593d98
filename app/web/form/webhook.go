package form

import (
	"math"
	"net/url"
	"strconv"
	"strings"

	"hookline/models"
	"hookline/views/webhooks"
)

// Webhook is the webhook form as it was posted.
type Webhook struct {
	values webhooks.FormValues
	stored models.Webhook      // as it was; zero for a new one
	drawn  webhooks.FormValues // as the form showed that
	// has tells a field that is missing from one that is empty: what is missing
	// stays as it was.
	has url.Values
	// AddRow names the table that gets one more row, with nothing saved: headers,
	// params or body.fields.
	AddRow string
	// Preview asks to see the request, with nothing saved; Source from what.
	Preview bool
	// TryFilter asks what the filter makes of recent events, with nothing saved.
	TryFilter bool
	Source    webhooks.SourceValues
	// UsePreset names the service whose settings the form shall get, and Hinted the
	// one that the page offers already.
	UsePreset, Hinted string
}

// ReadWebhook reads the form of a webhook, zero for a new one. The error is
// Malformed, for what none of our pages sends; what people get wrong comes later,
// as faults of fields.
func ReadWebhook(v url.Values, stored models.Webhook) (Webhook, error) {
	f := Webhook{stored: stored, drawn: webhooks.ValuesOf(stored), has: v, Preview: v.Get("action") == "preview", TryFilter: v.Get("action") == "filter", Source: sourceValues(v)}
	if preset, uses := strings.CutPrefix(v.Get("action"), webhooks.UsePresetAction); uses {
		f.UsePreset = Key(preset, 64)
	}
	f.Hinted = v.Get("preset.shown")
	if table, adds := strings.CutPrefix(v.Get("action"), webhooks.AddRowAction); adds {
		f.AddRow = table
	}
	f.values = f.texts()
	var err error
	if f.values.Auth, err = authValues(v, f.drawn.Auth); err != nil {
		return f, err
	}
	if f.values.Body, err = bodyValues(v, f.drawn.Body); err != nil {
		return f, err
	}
	if f.values.Headers, err = rows(v, "headers", f.drawn.Headers); err != nil {
		return f, err
	}
	if f.values.Params, err = rows(v, "params", f.drawn.Params); err != nil {
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

// texts are the fields that stand for themselves.
func (f Webhook) texts() webhooks.FormValues {
	v, drawn := f.has, f.drawn
	text := func(name string) string { return strings.TrimSpace(v.Get(name)) }
	values := webhooks.FormValues{
		Preset: Key(v.Get("preset"), 64), Name: Line(drawn.Name, v.Get("name")), Description: Block(drawn.Description, v.Get("description")),
		Method: text("method"), URL: Line(drawn.URL, v.Get("url")),
		Categories: v["subscriptions.categories"], Types: v["subscriptions.types"], Filter: Block(drawn.Filter, v.Get("subscriptions.filter")), SigningKey: v.Get("signing.secret"),
		RetryPreset: text("retry.preset"), RetryAttempts: text("retry.attempts"), RetryDelays: text("retry.delays"),
		RetryOn: text("retry.retry_on"), Timeout: text("timeout"), RateLimit: text("rate_limit"),
		KeyAction: text("signing.key"), KeyOverlap: text("signing.overlap"),
	}
	values.Version, _ = strconv.ParseInt(v.Get("version"), 10, 64) // 0 when no form of ours sent it
	return values
}

func sourceValues(v url.Values) webhooks.SourceValues {
	key := func(name string) string { return Key(v.Get(name), 200) }
	from := webhooks.SourceValues{
		EventType: key("source.event_type"), EventID: key("source.event_id"),
		Participant: Key(v.Get(webhooks.ParticipantField), 4*200), ParticipantID: key("source.participant_id"), Shown: v.Get("source.shown"),
	}
	if !v.Has(webhooks.ParticipantField) {
		from.Participant = from.ParticipantID // an id names one too
	}
	return from
}

// Input is what to save, and what is wrong already, in the form's own units. A
// number that cannot be read is in the input too, as one the service refuses.
func (f Webhook) Input() (webhookInput, models.FieldErrors) {
	var faults models.FieldErrors
	v := f.values
	in := webhookInput{
		Version: v.Version, Name: f.given("name", v.Name), Description: f.given("description", v.Description), Method: f.given("method", v.Method), URL: f.given("url", v.URL),
		Headers: headerInputs(v.Headers), Auth: f.auth(&faults), Body: f.body(), JWT: &v.JWT, HMAC: &v.HMAC, Standard: &v.Standard, Subscriptions: f.subscriptions(),
	}
	list := params(v.Params)
	in.Params = &list
	f.key(&in)
	if f.has.Has("retry.preset") {
		r := retry(v, &faults)
		in.Retry = &r
	}
	if f.has.Has("timeout") {
		d := timeout(v.Timeout, &faults)
		in.Timeout = &d
	}
	if f.has.Has("rate_limit") {
		n := rateLimit(v.RateLimit, &faults)
		in.RateLimit = &n
	}
	return in, faults
}

// given is a field's text, or nil when the form does not have the field.
func (f Webhook) given(name, text string) *string {
	if !f.has.Has(name) {
		return nil
	}
	return &text
}

// subscriptions: all events leave nothing else to choose but a filter. What is
// stored beside them stays.
func (f Webhook) subscriptions() *models.Subscriptions {
	was := f.stored.Subscriptions
	switch {
	case f.values.All && was.All:
		return &models.Subscriptions{All: true, Categories: was.Categories, Types: was.Types, Filter: f.values.Filter}
	case f.values.All:
		return &models.Subscriptions{All: true, Filter: f.values.Filter}
	case f.has.Has("subscriptions.all") || len(f.values.Categories) > 0 || len(f.values.Types) > 0:
		return &models.Subscriptions{Categories: f.values.Categories, Types: f.values.Types, Filter: f.values.Filter}
	}
	return nil
}

// rateLimit reads a number per second; nothing typed means no limit.
func rateLimit(text string, faults *models.FieldErrors) float64 {
	if text == "" {
		return 0
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(n) || math.IsInf(n, 0) || n <= 0 {
		faults.Add("rate_limit", "Give a number of requests per second, for example 5 or 0.5, or leave it empty for no limit.")
		return impossible
	}
	return n
}
