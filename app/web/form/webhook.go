package form

import (
	"cmp"
	"net/url"
	"strings"

	"hookline/app/service"
	"hookline/models"
	"hookline/views/webhooks"
)

// Webhook is the webhook form as it was posted.
type Webhook struct {
	// Fields are the form as typed, with the settings of kinds and formats that are
	// not chosen.
	Fields webhooks.Fields
	// Errors are about texts that could not be read, in the form's own units.
	Errors models.FieldErrors
	// AddRow names the table that gets one more row, with nothing saved: headers,
	// params or body.fields.
	AddRow string
	// Preview asks to see the request, with nothing saved; Source from what.
	Preview bool
	// TryFilter asks what the filter makes of recent events, with nothing saved.
	TryFilter bool
	Source    webhooks.SourceValues
	// UsePreset names the service whose settings the form shall get, and Hinted the
	// service that the page offers already.
	UsePreset, Hinted string

	posted url.Values
	stored models.Webhook // as it was; zero for a new one
}

// ReadWebhook reads the form of a webhook, zero for a new one. A field that the form
// does not have stays as it was stored. The error is Malformed, for input that none
// of the pages sends; mistakes of users are in Errors.
func ReadWebhook(v url.Values, stored models.Webhook) (Webhook, error) {
	f := Webhook{posted: v, stored: stored, Source: sourceValues(v), Hinted: v.Get("preset.shown")}
	f.readAction(v.Get("action"))
	drawn := webhooks.FieldsOf(stored.Settings())
	if stored.ID == "" {
		drawn = webhooks.FieldsOf(models.NewWebhook().Settings())
	}
	err := f.decode(drawn)
	return f, err
}

func (f *Webhook) readAction(action string) {
	f.Preview, f.TryFilter = action == "preview", action == "filter"
	if preset, ok := strings.CutPrefix(action, webhooks.UsePresetAction); ok {
		f.UsePreset = Key(preset, 64)
	}
	if table, ok := strings.CutPrefix(action, webhooks.AddRowAction); ok {
		f.AddRow = table
	}
}

func sourceValues(v url.Values) webhooks.SourceValues {
	key := func(name string) string { return Key(v.Get(name), 200) }
	from := webhooks.SourceValues{
		EventType: key("source.event_type"), EventID: key("source.event_id"),
		Participant: Key(v.Get(webhooks.ParticipantField), 4*200), ParticipantID: key("source.participant_id"), Shown: v.Get("source.shown"),
	}
	if !v.Has(webhooks.ParticipantField) {
		from.Participant = from.ParticipantID // an id names a participant too
	}
	return from
}

// Draft is what to save: the settings of the chosen kind and format alone.
func (f Webhook) Draft() service.WebhookDraft {
	s := f.Fields.WebhookSettings
	s.Auth, s.Signing.Secret = f.auth(), f.signingKey()
	if s.Body.Format == models.BodyJSON && s.Body.ContentType == models.DefaultRawType {
		s.Body.ContentType = "" // left there by raw text, which shares the field
	}
	s.Body, s.Retry = s.Body.Normal(), s.Retry.Normal()
	if s.Subscriptions.All {
		s.Subscriptions.Categories, s.Subscriptions.Types = nil, nil
		if was := f.stored.Subscriptions; was.All {
			s.Subscriptions.Categories, s.Subscriptions.Types = was.Categories, was.Types
		}
	}
	return service.WebhookDraft{
		Settings: s, Version: cmp.Or(f.Fields.Version, f.stored.Version),
		GenerateKey: f.Fields.KeyAction == webhooks.MakeKey, KeyOverlap: f.keyOverlap(),
	}
}
