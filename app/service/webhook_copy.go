package service

import (
	"context"
	"slices"

	"hookline/app/policy"
	"hookline/models"
)

// Duplicate copies all but credentials and secrets, switched off (I10); see
// LeftOut. A copy that signs gets a key of its own.
func (s *Webhooks) Duplicate(ctx context.Context, actor models.Actor, id string) (Saved, error) {
	w, err := s.webhookFor(actor, policy.CreateWebhooks, id)
	if err != nil {
		return Saved{}, err
	}
	in := w.Settings()
	in.Name, in.Enabled = copyName(w.Name), false
	in.Auth, in.Signing.Secret = models.AuthSettings{Kind: models.AuthNone}, nil
	in.Headers = slices.DeleteFunc(in.Headers, func(h models.HeaderSettings) bool { return h.Secret })
	return s.Create(ctx, actor, WebhookDraft{Settings: in})
}

// copyName cuts at a rune, so that the copy of a long name is still a name.
func copyName(name string) string {
	const suffix, limit = " (copy)", 200
	for len(name)+len(suffix) > limit {
		runes := []rune(name)
		name = string(runes[:len(runes)-1])
	}
	return name + suffix
}

// LeftOut is what has to be entered again in a copy of the webhook with this id;
// nothing when the actor may not change the copy or not see the other.
func (s *Webhooks) LeftOut(actor models.Actor, twin models.Webhook, id string) models.LeftOut {
	w, err := s.webhookFor(actor, policy.ReadWebhooks, id)
	if err != nil || !s.May(actor, policy.ChangeWebhooks, twin.ID) {
		return models.LeftOut{}
	}
	return w.LeftOut(twin)
}
