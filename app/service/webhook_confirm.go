package service

import (
	"context"
	"crypto/subtle"
	"time"

	"hookline/app/policy"
	"hookline/app/ratelimit"
	"hookline/app/secret"
	"hookline/models"
)

// mustConfirm makes a webhook wait for its endpoint (W4) when the actor is a
// token that may only look after its own webhooks: whoever runs the endpoint
// must want the requests. It returns the token to send there, or "".
func (s *Webhooks) mustConfirm(actor models.Actor, w *models.Webhook) (challenge string) {
	if policy.OwnOnly(actor) == "" {
		return ""
	}
	w.State = models.PendingConfirmation
	challenge, w.ConfirmHash = secret.NewToken("confirm_")
	return challenge
}

// checkConfirmed keeps a token that may only look after its own webhooks from
// sending to an endpoint that has not agreed.
func (d deps) checkConfirmed(actor models.Actor, w models.Webhook) error {
	if w.State != models.PendingConfirmation || policy.OwnOnly(actor) == "" {
		return nil
	}
	return models.Errorf(models.Conflict, "The endpoint has not confirmed yet that it wants these requests. Send it the token again, or confirm with the token it got.")
}

// questionLimit holds the question itself to so many for each host, since the host
// has not agreed to that either.
var questionLimit = ratelimit.Limit{Every: time.Minute, Burst: 20}

// mayAsk counts one more question to the webhook's host.
func (s *Webhooks) mayAsk(w models.Webhook) bool {
	return s.questions.Allow(w.CreatedByToken+" "+w.Host(), questionLimit)
}

// challenge sends the token to a stored webhook's endpoint, and activates the
// webhook when the answer brings it back. Otherwise the webhook goes on waiting,
// which is no error.
func (s *Webhooks) challenge(ctx context.Context, w models.Webhook, token string) (models.Webhook, error) {
	if token == "" || !s.mayAsk(w) {
		return w, nil
	}
	return s.ask(ctx, w, token)
}

func (s *Webhooks) ask(ctx context.Context, w models.Webhook, token string) (models.Webhook, error) {
	if !s.sender.Challenge(ctx, &w, s.store.Config().Settings, token) {
		return w, nil
	}
	return s.activate(context.WithoutCancel(ctx), models.Actor{Token: &models.Token{ID: w.CreatedByToken, Name: "The endpoint's answer"}}, w)
}

func (s *Webhooks) activate(ctx context.Context, actor models.Actor, w models.Webhook) (models.Webhook, error) {
	before := w.AuditFields()
	w.State, w.ConfirmHash, w.UpdatedAt = models.Active, nil, s.now()
	return s.store.SaveWebhook(ctx, w, s.entry(actor, "webhook.confirmed", w.ID, w.Name, before, w.AuditFields()))
}

// Confirm takes the token that the endpoint got. A webhook that is confirmed
// already stays as it is.
func (s *Webhooks) Confirm(ctx context.Context, actor models.Actor, id, token string) (models.Webhook, error) {
	w, err := s.webhookFor(actor, policy.ChangeWebhooks, id)
	if err != nil || w.State != models.PendingConfirmation {
		return w, err
	}
	if subtle.ConstantTimeCompare(secret.Hash(token), w.ConfirmHash) != 1 {
		var errs models.FieldErrors
		errs.Add("token", "This is not the token that was sent to the endpoint last. Send it again to get a new one.")
		return w, errs.Err()
	}
	w, err = s.activate(ctx, actor, w)
	s.queue.Wake()
	return w, err
}

// SendConfirmation sends a new token to the endpoint of a webhook that waits for
// one; the token before counts no more. Conflict when none is waited for.
func (s *Webhooks) SendConfirmation(ctx context.Context, actor models.Actor, id string) (models.Webhook, error) {
	w, err := s.webhookFor(actor, policy.ChangeWebhooks, id)
	if err != nil {
		return w, err
	}
	if w.State != models.PendingConfirmation {
		return w, models.Errorf(models.Conflict, "This webhook needs no confirmation.")
	}
	if !s.mayAsk(w) {
		return w, models.Errorf(models.TooMany, "This host was asked often enough for now. Wait a few minutes.")
	}
	token, hash := secret.NewToken("confirm_")
	w.ConfirmHash = hash
	if w, err = s.store.SaveWebhook(ctx, w); err != nil {
		return w, err
	}
	return s.ask(ctx, w, token)
}
