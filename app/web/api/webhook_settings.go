package api

import (
	"hookline/app/service"
	"hookline/models"
)

// Webhook is a webhook as answers show it and as callers send it, whole or as a merge
// patch.
type Webhook models.WebhookSettings

// createdWebhook is a webhook in the answer to the call that made it.
type createdWebhook struct{ Webhook }

func (w createdWebhook) location() string { return "/webhooks/" + w.ID }

// copiedWebhook is a copy, with what has to be entered again.
type copiedWebhook struct {
	createdWebhook
	LeftOut leftOut `json:"left_out" doc:"What the original has and the copy must be given: credentials and secrets are not copied."`
}

type leftOut struct {
	Auth    *models.AuthKind `json:"auth" doc:"The kind of authentication; null for none."`
	Headers []string         `json:"headers" nullable:"false" doc:"Names of the secret headers."`
}

func leftOutOf(l models.LeftOut) leftOut {
	return leftOut{Auth: optional(l.Auth), Headers: append([]string{}, l.Headers...)}
}

func webhookOf(w models.Webhook) Webhook { return Webhook(w.Settings()) }

// savedWebhook shows the signing key when Hookline has just made it: nobody
// could ever verify a signature otherwise.
func savedWebhook(s service.Saved) Webhook {
	w := webhookOf(s.Webhook)
	if s.NewKey != "" {
		w.Signing.Secret = &s.NewKey
	}
	return w
}

// defaultWebhook has what a member is when it is left out of a new webhook, or null in
// a patch.
func defaultWebhook() Webhook {
	w := webhookOf(models.NewWebhook())
	w.State = ""
	return w
}

// newWebhook is the draft of a new webhook.
func newWebhook(p patch[Webhook]) (service.WebhookDraft, error) {
	if err := p.read(new(Webhook)); err != nil {
		return service.WebhookDraft{}, err
	}
	w, err := p.mergedInto(struct{}{}, defaultWebhook())
	if err != nil {
		return service.WebhookDraft{}, err
	}
	settings := models.WebhookSettings(w)
	return service.WebhookDraft{Settings: settings}, settings.Check(models.Webhook{}).Err()
}

// changedWebhook is the draft of a webhook with the patch applied.
func changedWebhook(now models.Webhook, p patch[Webhook]) (service.WebhookDraft, error) {
	target, def := now.Settings(), defaultWebhook()
	given := Webhook{Auth: models.AuthSettings{Kind: target.Auth.Kind}, Body: models.Body{Format: target.Body.Format}, Retry: models.Retry{Preset: target.Retry.Preset}}
	if err := p.read(&given); err != nil {
		return service.WebhookDraft{}, err
	}
	beginAnew(&target, models.WebhookSettings(given))
	def.Signing.Secret = target.Signing.Secret
	if target.Auth.Password != nil { // null removes the password, and the user name alone is sent
		def.Auth.Password = new(string)
	}
	w, err := p.mergedInto(target, def)
	if err != nil {
		return service.WebhookDraft{}, err
	}
	settings := models.WebhookSettings(w)
	// A whole document says what its caller has seen: that must not wake a webhook that
	// Hookline switched off.
	wake := p.has("enabled") && !p.has("state")
	return service.WebhookDraft{Settings: settings, Version: now.Version, Wake: wake}, settings.Check(now).Err()
}

// beginAnew drops the members of another kind of authentication, body format or retry
// preset than the patch chooses, and of the other OAuth client.
func beginAnew(target *models.WebhookSettings, given models.WebhookSettings) {
	a := given.Auth
	ownClient := a.ClientID != "" || a.TokenURL != "" || a.ClientSecret != ""
	otherClient := a.Connection != "" && target.Auth.Connection == "" || ownClient && target.Auth.Connection != ""
	if a.Kind != target.Auth.Kind || otherClient {
		target.Auth = models.AuthSettings{Kind: a.Kind}
	}
	if given.Body.Format != target.Body.Format {
		target.Body = models.Body{Format: given.Body.Format}
	}
	if given.Retry.Preset != target.Retry.Preset {
		target.Retry = models.Retry{Preset: given.Retry.Preset}
	}
}
