package service

import (
	"cmp"
	"context"
	"slices"

	"hookline/app/policy"
	"hookline/models"
)

// Stats is how deliveries fare, counted and drawn together.
type Stats struct{ deps }

// Of is what became of attempts in the range that ends now: of one webhook, or
// with webhookID "" of all that the actor may read. NotFound for a webhook that
// it may not.
func (s *Stats) Of(ctx context.Context, actor models.Actor, webhookID string, r models.Range) (models.Stats, error) {
	if err := policy.Check(actor, policy.ReadStats); err != nil {
		return models.Stats{}, err
	}
	ids := s.readable(actor) // nil: all
	if webhookID != "" {
		w, err := s.readableOne(actor, webhookID)
		if err != nil {
			return models.Stats{}, err
		}
		ids = []string{w.ID}
	}
	return s.store.Stats(ctx, ids, r, s.now())
}

// Activity is the last 24 hours of those of the webhooks that the actor may read.
func (s *Stats) Activity(ctx context.Context, actor models.Actor, webhookIDs ...string) (map[string]models.Activity, error) {
	if err := policy.Check(actor, policy.ReadStats); err != nil {
		return nil, err
	}
	config := s.store.Config()
	readable := slices.DeleteFunc(slices.Clone(webhookIDs), func(id string) bool {
		w := config.Webhook(id)
		return w == nil || !s.sees(actor, w)
	})
	return s.store.Activity(ctx, readable, s.now())
}

// webhooksOf lists the webhooks that the actor may read, newest first.
func (s *Stats) webhooksOf(actor models.Actor) []*models.Webhook {
	var list []*models.Webhook
	for w := range s.store.Config().Webhooks() {
		if s.sees(actor, w) {
			list = append(list, w)
		}
	}
	slices.SortFunc(list, func(a, b *models.Webhook) int { return cmp.Compare(b.ID, a.ID) })
	return list
}

// Waiting is what waits for a webhook, and why; ok is false when nothing does.
func (s *Stats) Waiting(ctx context.Context, actor models.Actor, webhookID string) (b Backlog, ok bool, err error) {
	if err := policy.Check(actor, policy.ReadStats); err != nil {
		return b, false, err
	}
	w, err := s.readableOne(actor, webhookID)
	if err != nil {
		return b, false, err
	}
	return s.backlog(ctx, w.ID)
}

func (s *Stats) readableOne(actor models.Actor, id string) (*models.Webhook, error) {
	id, err := models.ParseID(models.WebhookPrefix, id)
	if err != nil {
		return nil, err
	}
	w := s.store.Config().Webhook(id)
	if w == nil || !s.sees(actor, w) {
		return nil, models.Errorf(models.NotFound, "There is no webhook with this id.")
	}
	return w, nil
}
