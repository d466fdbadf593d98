package service

import (
	"context"
	"slices"
	"time"

	"hookline/app/policy"
	"hookline/app/store"
	"hookline/models"
)

// Home answers at one look: is anything broken, and whose fault is it.
type Home struct {
	Webhooks int              // that the actor may read
	Troubles []models.Trouble // the worst first
	Queue    Backlogs
	Stats    models.Stats
	Steps    Steps
}

// Steps are the first ones in a new workspace, and which of them are done.
type Steps struct {
	Webhook, Token, Event bool
	EventType             string // one that can be sent
}

// Done reports whether nothing is left to show a newcomer.
func (s Steps) Done() bool { return s.Webhook && s.Event }

const (
	troubleSince = 24 * time.Hour
	// maxTroubled bounds the webhooks looked at one by one; when more are failing,
	// the cause is not in any of them.
	maxTroubled = 50
	// newestLooked is how many deliveries tell whether a webhook is failing now.
	newestLooked = 20
)

// Home sums up the webhooks that the actor may read; somebody who may read none
// gets an empty Home, not an error.
func (s *Stats) Home(ctx context.Context, actor models.Actor, r models.Range) (h Home, err error) {
	if err := policy.Check(actor, policy.ReadStats); err != nil {
		return h, err
	}
	list := s.webhooksOf(actor)
	h.Webhooks = len(list)
	if h.Steps, err = s.steps(ctx); err != nil || h.Webhooks == 0 {
		return h, err
	}
	ids := s.readable(actor)
	if h.Troubles, err = s.troubles(ctx, list, ids); err != nil {
		return h, err
	}
	if h.Queue, err = s.Queue(ctx, actor); err != nil {
		return h, err
	}
	h.Stats, err = s.store.Stats(ctx, ids, r, s.now())
	return h, err
}

func (s *Stats) steps(ctx context.Context) (steps Steps, err error) {
	config := s.store.Config()
	steps.Webhook, steps.Token = config.HasWebhooks(), config.HasTokens()
	steps.EventType = config.FirstSubscribed(models.Subscriptions{All: true})
	steps.Event, err = s.store.HasEvents(ctx)
	return steps, err
}

// troubles looks at the webhooks of the list that are off or had attempts that
// did not succeed, so its cost follows the troubles and not the webhooks. among
// is their ids, or nil when the list is all.
func (s *Stats) troubles(ctx context.Context, list []*models.Webhook, among []string) ([]models.Trouble, error) {
	troubled, err := s.store.Troubled(ctx, s.now().Add(-troubleSince), among, maxTroubled)
	if err != nil {
		return nil, err
	}
	var found []models.Trouble
	for _, w := range list {
		var recent models.Recent
		if slices.Contains(troubled, w.ID) || w.State != models.Active {
			if recent, err = s.recent(ctx, w.ID); err != nil {
				return nil, err
			}
		}
		if t, ok := models.TroubleOf(w, recent); ok {
			found = append(found, t)
		}
	}
	if found, err = s.addFaulty(ctx, found, list); err != nil {
		return nil, err
	}
	slices.SortStableFunc(found, func(a, b models.Trouble) int {
		return slices.Index(models.TroubleKinds, a.Kind) - slices.Index(models.TroubleKinds, b.Kind)
	})
	return found, s.addDays(ctx, found)
}

// addFaulty adds the webhooks whose filter fails: their events are sent, wanted
// or not, so nothing else tells.
func (s *Stats) addFaulty(ctx context.Context, found []models.Trouble, list []*models.Webhook) ([]models.Trouble, error) {
	filtered := func(w *models.Webhook) bool { return w.Subscriptions.Filter != "" && w.Delivers() }
	if !slices.ContainsFunc(list, filtered) {
		return found, nil
	}
	faulty, err := s.store.FaultyFilters(ctx, s.now().Add(-troubleSince))
	for _, w := range list {
		if faults, ok := faulty[w.ID]; ok && filtered(w) {
			found = append(found, models.Trouble{Webhook: w, Kind: models.TroubleFilter, Fault: models.FaultSettings, Filter: faults})
		}
	}
	return found, err
}

func (s *Stats) recent(ctx context.Context, webhookID string) (models.Recent, error) {
	list, err := s.store.Deliveries(ctx, store.DeliveryFilter{WebhookID: webhookID}, store.Page{Limit: newestLooked})
	return models.RecentOf(list), err
}

func (s *Stats) addDays(ctx context.Context, found []models.Trouble) error {
	ids := make([]string, 0, len(found))
	for _, t := range found {
		ids = append(ids, t.Webhook.ID)
	}
	days, err := s.store.Activity(ctx, ids, s.now())
	for i := range found {
		found[i].Day = days[found[i].Webhook.ID]
	}
	return err
}
