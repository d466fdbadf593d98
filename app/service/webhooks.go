package service

import (
	"context"

	"hookline/app/policy"
	"hookline/app/store"
	"hookline/models"
)

// Webhooks is what people and programs do with webhooks.
type Webhooks struct {
	deps
	deliveries   *Deliveries
	grants       *Grants
	participants *Participants
}

// AcceptsHTTP reports whether a URL without TLS is taken. It asks the target guard,
// so that the form's hint cannot say anything else than the guard does.
func (s *Webhooks) AcceptsHTTP() bool {
	_, err := s.targets.CheckURL("http://example.com/")
	return err == nil
}

// Saved is a stored webhook. NewKey is the signing key when Hookline made it:
// the only time it is shown.
type Saved struct {
	Webhook models.Webhook
	NewKey  string
}

// Get returns a webhook that the actor may see; NotFound otherwise.
func (s *Webhooks) Get(_ context.Context, actor models.Actor, id string) (models.Webhook, error) {
	return s.webhookFor(actor, policy.ReadWebhooks, id)
}

// List pages through the webhooks, newest first. search looks into names and
// URLs.
func (s *Webhooks) List(ctx context.Context, actor models.Actor, search string, p models.PageRequest) (models.Page[*models.Webhook], error) {
	var none models.Page[*models.Webhook]
	if err := policy.CheckMight(actor, policy.ReadWebhooks); err != nil {
		return none, err
	}
	page, err := store.PageOf(p, models.WebhookPrefix)
	if err != nil {
		return none, err
	}
	list, err := s.store.Webhooks(ctx, s.readable(actor), search, page)
	if err != nil {
		return none, err
	}
	return store.Paged(list, page, func(w *models.Webhook) string { return w.ID }), nil
}

// Create stores a new webhook. When it signs and no key was given, Hookline
// makes one.
func (s *Webhooks) Create(ctx context.Context, actor models.Actor, d WebhookDraft) (Saved, error) {
	if err := policy.Check(actor, policy.CreateWebhooks); err != nil {
		return Saved{}, err
	}
	w := models.NewWebhook()
	w.ID, w.Version = store.NewID(models.WebhookPrefix), 1
	w.CreatedAt = s.now()
	w.UpdatedAt = w.CreatedAt
	if actor.Token != nil {
		w.CreatedByToken = actor.Token.ID
	}
	if err := s.checkCapture(ctx, actor, "", d.Settings.URL); err != nil {
		return Saved{}, err
	}
	challenge := s.mustConfirm(actor, &w)
	key, err := s.applyInTurn(ctx, models.NewWebhook(), &w, d)
	if err = withFaults(err, s.keepAuthWithHost(actor, models.Webhook{}, w)); err != nil {
		return Saved{}, err
	}
	audit := s.entry(actor, "webhook.created", w.ID, w.Name, nil, w.AuditFields())
	if err := s.store.CreateWebhook(ctx, w, audit); err != nil {
		return Saved{}, err
	}
	w, err = s.challenge(ctx, w, challenge)
	return Saved{Webhook: w, NewKey: key}, err
}

// Update saves the draft in place of a webhook's settings. It takes effect on the next
// attempt of every delivery (D1). A webhook that answered 410 or failed too long
// is active again when it is switched on. Stored secrets stay with their host
// unless an owner moves them.
func (s *Webhooks) Update(ctx context.Context, actor models.Actor, id string, d WebhookDraft) (Saved, error) {
	old, err := s.webhookFor(actor, policy.ChangeWebhooks, id)
	if err != nil {
		return Saved{}, err
	}
	if err := s.checkCapture(ctx, actor, old.URL, d.Settings.URL); err != nil {
		return Saved{}, err
	}
	if d.Version != 0 && d.Version != old.Version {
		return Saved{}, errChangedMeanwhile
	}
	d.Settings.Subscriptions = s.keepArchived(old.Subscriptions, d.Settings.Subscriptions)
	w, challenge := old, ""
	if d.Settings.Enabled && (d.Wake || !old.Enabled) && (w.State != models.PendingConfirmation || policy.OwnOnly(actor) == "") {
		w.State, w.ConfirmHash = models.Active, nil
	}
	if d.Settings.URL != old.URL {
		challenge = s.mustConfirm(actor, &w)
	}
	w.UpdatedAt = s.now()
	key, err := s.applyInTurn(ctx, old, &w, d)
	if err = withFaults(err, append(s.keepSecretsWithHost(actor, old, &w), s.keepAuthWithHost(actor, old, w)...)); err != nil {
		return Saved{}, err
	}
	if challenge == "" && w.Same(old) {
		return Saved{Webhook: old}, nil
	}
	w, err = s.store.SaveWebhook(ctx, w, s.entry(actor, "webhook.updated", w.ID, w.Name, old.AuditFields(), w.AuditFields()).IfChanged()...)
	if err != nil {
		return Saved{}, err
	}
	w, err = s.challenge(ctx, w, challenge)
	s.queue.Wake() // what waited while it was off may go out now
	return Saved{Webhook: w, NewKey: key}, err
}

// errChangedMeanwhile is for settings that were read before another change was saved.
var errChangedMeanwhile = models.Errorf(models.Conflict, "Somebody else changed this webhook meanwhile. Load it again and repeat your change.")

// Edit saves a webhook's settings as change leaves them. Conflict when the webhook is
// changed at the same time.
func (s *Webhooks) Edit(ctx context.Context, actor models.Actor, id string, change func(*WebhookDraft)) (Saved, error) {
	w, err := s.webhookFor(actor, policy.ChangeWebhooks, id)
	if err != nil {
		return Saved{}, err
	}
	d := WebhookDraft{Settings: w.Settings(), Version: w.Version}
	change(&d)
	return s.Update(ctx, actor, id, d)
}

// SetEnabled is the status toggle (Z9).
func (s *Webhooks) SetEnabled(ctx context.Context, actor models.Actor, id string, on bool) (models.Webhook, error) {
	saved, err := s.Edit(ctx, actor, id, func(d *WebhookDraft) { d.Settings.Enabled, d.Wake = on, true })
	return saved.Webhook, err
}

// Delete removes a webhook for good: its secrets are wiped, what was pending is
// cancelled, its log stays readable.
func (s *Webhooks) Delete(ctx context.Context, actor models.Actor, id string) error {
	w, err := s.webhookFor(actor, policy.DeleteWebhooks, id)
	if err != nil {
		return err
	}
	return s.store.DeleteWebhook(ctx, w.ID, s.entry(actor, "webhook.deleted", w.ID, w.Name, w.AuditFields(), nil))
}
