package service

import (
	"hookline/app/policy"
	"hookline/models"
)

// webhookFor returns the webhook if the actor may do this with it: NotFound for
// one that it may not even read, Denied for one that it may read only.
func (d deps) webhookFor(actor models.Actor, action policy.Action, id string) (models.Webhook, error) {
	if err := policy.CheckMight(actor, action); err != nil {
		return models.Webhook{}, err
	}
	id, err := models.ParseID(models.WebhookPrefix, id)
	if err != nil {
		return models.Webhook{}, err
	}
	w := d.store.Config().Webhook(id)
	if w == nil || !d.sees(actor, w) {
		return models.Webhook{}, models.Errorf(models.NotFound, "There is no webhook with this id, or it is not shared with you.")
	}
	return *w, d.checkOn(actor, action, id)
}

// checkOn asks whether the actor, who may read the webhook, may do this with it.
func (d deps) checkOn(actor models.Actor, action policy.Action, webhookID string) error {
	level := d.level(actor, webhookID)
	err := policy.CheckOn(actor, action, level)
	if models.CodeOf(err) == models.Denied && level == models.ViewGrant {
		return models.Errorf(models.Denied, "This webhook is shared with you to look at only. Ask an owner of the workspace to let you edit it.")
	}
	return err
}

// sees reports whether the actor may know of the webhook. For a token without
// limits that is so; its scopes say what it may do.
func (d deps) sees(actor models.Actor, w *models.Webhook) bool {
	if own := policy.OwnOnly(actor); own != "" {
		return w.CreatedByToken == own
	}
	return actor.User == nil || policy.CanOn(actor, policy.ReadWebhooks, d.level(actor, w.ID))
}

// knows reports whether the actor may be told the webhook's name and settings: it
// sees the webhook, and may read webhooks.
func (d deps) knows(actor models.Actor, w *models.Webhook) bool {
	return d.sees(actor, w) && policy.CanOn(actor, policy.ReadWebhooks, d.level(actor, w.ID))
}

// level is what the actor was granted on the webhook.
func (d deps) level(actor models.Actor, webhookID string) models.Level {
	if actor.User == nil {
		return models.NoGrant
	}
	return d.store.Config().Access.Level(actor.User.ID, webhookID)
}

// readable are the webhooks that the actor may read; nil means all, those that
// were deleted included.
func (d deps) readable(actor models.Actor) []string {
	return d.allowed(actor, policy.ReadWebhooks)
}

// allowed are the webhooks on which the actor may do this; nil means all.
func (d deps) allowed(actor models.Actor, action policy.Action) []string {
	own := policy.OwnOnly(actor)
	if own == "" && (actor.User == nil || policy.Can(actor, action)) {
		return nil
	}
	ids := []string{}
	for w := range d.store.Config().Webhooks() {
		if d.sees(actor, w) && policy.CanOn(actor, action, d.level(actor, w.ID)) {
			ids = append(ids, w.ID)
		}
	}
	return ids
}

// For is Get for one who wants to do this with the webhook.
func (s *Webhooks) For(actor models.Actor, action policy.Action, id string) (models.Webhook, error) {
	return s.webhookFor(actor, action, id)
}

// May reports whether the actor may do this with the webhook, for views that
// decide what to offer.
func (s *Webhooks) May(actor models.Actor, action policy.Action, id string) bool {
	_, err := s.webhookFor(actor, action, id)
	return err == nil
}
