package service

import (
	"cmp"
	"context"
	"slices"

	"hookline/app/policy"
	"hookline/models"
)

// maxQueues is how many webhooks' backlogs are counted at once; those whose
// deliveries have been due longest go before.
const maxQueues = 20

// Backlogs are what waits, webhook by webhook.
type Backlogs struct {
	Items []Backlog // the oldest delivery first
	More  int       // webhooks that have something waiting and are not in Items
}

// Backlog is what waits for a webhook.
type Backlog struct {
	Backlog models.Backlog
	Webhook *models.Webhook
}

// Queue tells what waits for the webhooks that the actor may read, and why.
func (s *Stats) Queue(ctx context.Context, actor models.Actor) (Backlogs, error) {
	if err := policy.Check(actor, policy.ReadStats); err != nil {
		return Backlogs{}, err
	}
	waiting, err := s.waiting(ctx, actor)
	if err != nil {
		return Backlogs{}, err
	}
	out := Backlogs{Items: []Backlog{}, More: max(0, len(waiting)-maxQueues)}
	for _, w := range waiting[:min(maxQueues, len(waiting))] {
		b, ok, err := s.backlog(ctx, w.WebhookID)
		if err != nil {
			return Backlogs{}, err
		}
		if ok {
			out.Items = append(out.Items, b)
		}
	}
	slices.SortFunc(out.Items, func(a, b Backlog) int { return cmp.Compare(a.Backlog.Oldest.ID, b.Backlog.Oldest.ID) })
	return out, nil
}

func (s *Stats) waiting(ctx context.Context, actor models.Actor) ([]models.Waiting, error) {
	list, err := s.store.Waiting(ctx)
	if err != nil {
		return nil, err
	}
	config := s.store.Config()
	list = slices.DeleteFunc(list, func(w models.Waiting) bool {
		hook := config.Webhook(w.WebhookID)
		return hook == nil || !s.sees(actor, hook)
	})
	slices.SortFunc(list, func(a, b models.Waiting) int { return a.DueAt.Compare(b.DueAt) })
	return list, nil
}

func (s *Stats) backlog(ctx context.Context, webhookID string) (Backlog, bool, error) {
	now := s.now()
	b, ok, err := s.store.Backlog(ctx, webhookID, now)
	w := s.store.Config().Webhook(webhookID)
	if err != nil || !ok || w == nil {
		return Backlog{}, false, err
	}
	lane := s.deps.queue.Lane(webhookID)
	b.InFlight, b.RateLimit, b.Reason = lane.InFlight, w.RateLimit, b.ReasonOf(w, lane, now)
	return Backlog{Backlog: b, Webhook: w}, true, nil
}
