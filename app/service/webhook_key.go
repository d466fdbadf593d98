package service

import (
	"context"
	"time"

	"hookline/app/policy"
	"hookline/app/secret"
	"hookline/models"
)

// setKey sets the signing key: the one given, a new one, or the one there is. It
// returns the key when it had to make one.
func (s *Webhooks) setKey(w *models.Webhook, d WebhookDraft, errs *models.FieldErrors) (newKey string, err error) {
	in := d.Settings.Signing.Secret
	given := in != nil && *in != models.Mask
	var key string
	switch {
	case given && d.GenerateKey:
		errs.Add("signing.secret", "Enter a key, or have one made; not both.")
		return "", nil
	case given:
		key = *in
		if problem := w.Signing.KeyProblem(key); problem != "" {
			errs.Add("signing.secret", "%s", problem)
		}
	case d.GenerateKey, w.Signs() && len(w.Signing.Key) == 0:
		newKey = secret.NewSigningKey()
		key = newKey
	case in == nil && len(w.Signing.Key) > 0:
		errs.Add("signing.secret", "The key cannot be taken away. Send *** to keep it, or switch jwt, hmac and standard off.")
		return "", nil
	default:
		s.checkKept(w, errs)
		return "", nil
	}
	if err := s.keepOldKey(w, d.KeyOverlap, errs); err != nil {
		return "", err
	}
	w.Signing.Key, err = s.box.Seal(key, secret.SigningKey(w.ID))
	return newKey, err
}

// checkKept refuses Standard Webhooks with a stored key of another form: it could
// sign nothing. One that does not open is passed over, since every attempt says so
// already, and else nothing of the webhook could be changed.
func (s *Webhooks) checkKept(w *models.Webhook, errs *models.FieldErrors) {
	if !w.Signing.Standard {
		return
	}
	if key, err := s.box.Open(w.Signing.Key, secret.SigningKey(w.ID)); err == nil && !w.Signing.Fits(key) {
		errs.Add("signing.secret", "The stored key does not fit Standard Webhooks, whose keys are %s and the base64 of %d to %d bytes. Generate a new key, or enter one.",
			models.StandardKeyPrefix, models.MinStandardKey, models.MaxStandardKey)
	}
}

// keepOldKey lays the key that is being replaced aside (B1). One that does not
// open any more is not worth keeping: it is why a new one is entered.
func (s *Webhooks) keepOldKey(w *models.Webhook, overlap time.Duration, errs *models.FieldErrors) error {
	if overlap < 0 || overlap > models.MaxKeyOverlap {
		errs.Add("signing.overlap", "The old key can be kept for up to %d days.", int(models.MaxKeyOverlap.Hours()/24))
		return nil
	}
	old := w.Signing.Key
	w.Signing.OldKey, w.Signing.OldKeyUntil = nil, time.Time{}
	if overlap == 0 || len(old) == 0 {
		return nil
	}
	clear, err := s.box.Open(old, secret.SigningKey(w.ID))
	if err != nil {
		return nil //nolint:nilerr // see above
	}
	w.Signing.OldKeyUntil = s.now().Add(overlap)
	w.Signing.OldKey, err = s.box.Seal(clear, secret.OldSigningKey(w.ID))
	return err
}

// RestoreKey takes a rotation back: the old key signs again, and the one that
// replaced it is kept in its place for the rest of the time. Conflict when the
// old key has ended.
func (s *Webhooks) RestoreKey(ctx context.Context, actor models.Actor, id string) (models.Webhook, error) {
	return s.changeKey(ctx, actor, id, "webhook.key_restored", func(w *models.Webhook) error {
		old, err := s.box.Open(w.Signing.OldKey, secret.OldSigningKey(w.ID))
		if err != nil {
			return models.Errorf(models.Conflict, "The old key cannot be opened with the master key. Enter a new one.")
		}
		if !w.Signing.Fits(old) {
			return models.Errorf(models.Conflict, "The old key does not fit Standard Webhooks. Switch that off first, or enter a new key that starts with %s.", models.StandardKeyPrefix)
		}
		until := w.Signing.OldKeyUntil
		var errs models.FieldErrors
		if err := s.keepOldKey(w, until.Sub(s.now()), &errs); err != nil {
			return err
		}
		w.Signing.Key, err = s.box.Seal(old, secret.SigningKey(w.ID))
		return err
	})
}

// EndOldKey wipes the old key before its time.
func (s *Webhooks) EndOldKey(ctx context.Context, actor models.Actor, id string) (models.Webhook, error) {
	return s.changeKey(ctx, actor, id, "webhook.old_key_ended", func(w *models.Webhook) error {
		w.Signing.OldKey, w.Signing.OldKeyUntil = nil, time.Time{}
		return nil
	})
}

func (s *Webhooks) changeKey(ctx context.Context, actor models.Actor, id, action string, change func(*models.Webhook) error) (models.Webhook, error) {
	w, err := s.webhookFor(actor, policy.ChangeWebhooks, id)
	if err != nil {
		return w, err
	}
	if !w.Signing.HasOldKey(s.now()) {
		return w, models.Errorf(models.Conflict, "There is no old key any more. Enter a new one.")
	}
	before := w.AuditFields()
	w.UpdatedAt = s.now()
	if err := change(&w); err != nil {
		return w, err
	}
	return s.store.SaveWebhook(ctx, w, s.entry(actor, action, w.ID, w.Name, before, w.AuditFields()))
}
