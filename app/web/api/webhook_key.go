package api

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"hookline/app/policy"
	"hookline/app/service"
	"hookline/models"
)

func (s *server) mountWebhookKeys() {
	const tag, one = "Webhooks", "/webhooks/{id}"
	add(s, route{
		method: http.MethodPost, path: one + "/rotate-secret", action: policy.ChangeWebhooks, tag: tag, emptyBody: true,
		summary: "Rotate the signing key", body: `{"overlap_seconds":86400}`,
		description: "Without secret, Hookline makes a key and shows it in this answer, once. The new key signs from the next attempt on; " +
			"for overlap_seconds the old one is kept. Meanwhile webhook-signature carries a signature of each key, the new one first, " +
			"so receivers that verify Standard Webhooks change over in their own time. Token and HMAC are the new key's at once: " +
			"give both keys to their receivers before, or take the rotation back with restore-secret. The body may be left out.",
	}, s.rotateSecret)
	add(s, route{
		method: http.MethodPost, path: one + "/restore-secret", action: policy.ChangeWebhooks, tag: tag,
		summary: "Go back to the signing key before the last rotation", problems: []int{http.StatusConflict},
		description: "The key it replaces is kept for the rest of the overlap. 409 when the old key has ended, or does not fit Standard Webhooks while that is on.",
	}, s.restoreSecret)
}

type rotateInput struct {
	Secret  string `json:"secret,omitzero" minLength:"8" maxLength:"512" doc:"The new key; left out, Hookline makes one."`
	Overlap int64  `json:"overlap_seconds,omitzero" minimum:"0" maximum:"2592000" doc:"How long the old key is kept, and signs for Standard Webhooks beside the new one. 0, the default, ends it at once."`
}

func (s *server) rotateSecret(ctx context.Context, actor models.Actor, in *struct {
	WebhookID
	Body rotateInput `required:"false"`
}) (Webhook, error) {
	if in.Body.Secret == models.Mask {
		return Webhook{}, &models.Error{Code: models.Invalid, Message: "The key was not rotated.", Fields: []models.FieldError{
			{Field: "secret", Message: "Give a new key, or leave it out to have one made."},
		}}
	}
	saved, err := s.Service.Webhooks.Edit(ctx, actor, in.ID, func(d *service.WebhookDraft) {
		// A number far out of range is clamped, or the multiplication would bring it back into one.
		d.KeyOverlap = time.Duration(max(-1, min(in.Body.Overlap, 1<<30))) * time.Second
		if d.GenerateKey = in.Body.Secret == ""; !d.GenerateKey {
			d.Settings.Signing.Secret = &in.Body.Secret
		}
	})
	return savedWebhook(saved), renamed(err, map[string]string{"signing.secret": "secret", "signing.overlap": "overlap_seconds"})
}

// renamed gives faults the names that this call has for the fields.
func renamed(err error, names map[string]string) error {
	var known *models.Error
	if !errors.As(err, &known) {
		return err
	}
	out := *known
	out.Fields = slices.Clone(known.Fields)
	for i, f := range out.Fields {
		if name := names[f.Field]; name != "" {
			out.Fields[i].Field = name
		}
	}
	return &out
}

func (s *server) restoreSecret(ctx context.Context, actor models.Actor, in *WebhookID) (Webhook, error) {
	w, err := s.Service.Webhooks.RestoreKey(ctx, actor, in.ID)
	return webhookOf(w), err
}
