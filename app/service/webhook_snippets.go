package service

import (
	"context"

	"hookline/app/policy"
	"hookline/app/secret"
	"hookline/app/snippet"
	"hookline/models"
)

// Snippets is the code of a receiver that verifies this webhook's requests, a
// program for each language (B12); none when it does not sign.
func (s *Webhooks) Snippets(_ context.Context, actor models.Actor, id string) ([]snippet.Snippet, error) {
	w, err := s.webhookFor(actor, policy.ReadWebhooks, id)
	if err != nil {
		return nil, err
	}
	return snippet.For(w, s.store.Config().Settings.HeaderPrefix)
}

// OldKeySigns reports whether the key before the last rotation makes a signature
// beside the new one's now. It does for Standard Webhooks alone, and only if it is
// a key of theirs.
func (s *Webhooks) OldKeySigns(w models.Webhook) bool {
	if !w.Signing.Standard || !w.Signing.HasOldKey(s.now()) {
		return false
	}
	text, err := s.box.Open(w.Signing.OldKey, secret.OldSigningKey(w.ID))
	_, ok := models.ParseStandardKey(text)
	return err == nil && ok
}
