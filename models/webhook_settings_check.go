package models

import (
	"slices"
	"strings"
)

// Check refuses members that would count for nothing, so that no caller believes they
// were used, and read-only members that differ from the stored webhook's. Webhook.Validate
// checks the rest. stored is zero for a new webhook.
func (s WebhookSettings) Check(stored Webhook) FieldErrors {
	var errs FieldErrors
	if s.ID != "" && s.ID != stored.ID {
		errs.Add("id", "Hookline makes the id, and it never changes. Leave it out.")
	}
	if stored.ID == "" {
		stored.State = Active
	}
	if s.State != "" && s.State != stored.State {
		errs.Add("state", "The state follows from what happens. Leave it out, and use enabled to switch the webhook.")
	}
	s.Auth.checkMembers(&errs)
	s.Body.checkMembers(&errs)
	s.Retry.checkMembers(&errs)
	return errs
}

func (a AuthSettings) checkMembers(errs *FieldErrors) {
	if !slices.Contains(AuthKinds, a.Kind) {
		return // Validate refuses the kind
	}
	if a.Kind == AuthOAuth2 && a.Connection != "" && a.ClientID+a.TokenURL+a.ClientSecret != "" {
		errs.Add("auth.connection", "Give a connection, or client_id, client_secret and token_url; not both.")
	}
	for _, m := range []struct {
		name, value string
		kinds       []AuthKind
	}{
		{"token", a.Token, []AuthKind{AuthBearer, AuthBasicToken}},
		{"header", a.Header, []AuthKind{AuthAPIKey}},
		{"value", a.Value, []AuthKind{AuthAPIKey}},
		{"username", a.Username, []AuthKind{AuthBasic}},
		{"password", a.password(), []AuthKind{AuthBasic}},
		{"connection", a.Connection, []AuthKind{AuthOAuth2}},
		{"client_id", a.ClientID, []AuthKind{AuthOAuth2}},
		{"client_secret", a.ClientSecret, []AuthKind{AuthOAuth2}},
		{"token_url", a.TokenURL, []AuthKind{AuthOAuth2}},
		{"scope", a.Scope, []AuthKind{AuthOAuth2}},
	} {
		if m.value != "" && !slices.Contains(m.kinds, a.Kind) {
			errs.Add("auth."+m.name, "The kind %s has no %s. Leave it out, or choose another kind.", a.Kind, m.name)
		}
	}
}

func (a AuthSettings) password() string {
	if a.Password == nil {
		return ""
	}
	return *a.Password
}

func (b Body) checkMembers(errs *FieldErrors) {
	if !slices.Contains(BodyFormats, b.Format) {
		return // Validate refuses the format
	}
	for _, m := range []struct {
		name    string
		given   bool
		formats []BodyFormat
	}{
		{"template", b.Template != "", []BodyFormat{BodyJSON, BodyRaw}},
		{"content_type", b.ContentType != "", []BodyFormat{BodyJSON, BodyRaw}},
		{"fields", b.Fields != nil, []BodyFormat{BodyForm}},
		{"encoding", b.Encoding != "", []BodyFormat{BodyMerged}},
		{"include_identity", b.IncludeIdentity, []BodyFormat{BodyMerged}},
		{"user_fields", b.UserFields != nil, []BodyFormat{BodyMerged}},
		{"custom", b.Custom != "", []BodyFormat{BodyMerged}},
	} {
		if m.given && !slices.Contains(m.formats, b.Format) {
			errs.Add("body."+m.name, "Only the format %s takes this. Set format so, or leave this out.", orJoined(m.formats))
		}
	}
}

func orJoined(formats []BodyFormat) string {
	names := make([]string, len(formats))
	for i, f := range formats {
		names[i] = string(f)
	}
	return strings.Join(names, " or ")
}

func (r Retry) checkMembers(errs *FieldErrors) {
	if r.Preset == RetryCustom || !slices.Contains(RetryPresets, r.Preset) {
		return
	}
	const message = "Only the preset custom takes this. Set preset to custom, or leave this out."
	if r.Attempts != 0 {
		errs.Add("retry.attempts", message)
	}
	if r.Delays != nil {
		errs.Add("retry.delays_ms", message)
	}
	if r.RetryOn != nil {
		errs.Add("retry.retry_on", message)
	}
}
