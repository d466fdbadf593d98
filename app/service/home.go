package service

import (
	"context"
	"slices"
	"time"

	"hookline/app/policy"
	"hookline/app/store"
	"hookline/models"
)

// Home sums up what is broken, and which side has to act.
type Home struct {
	Webhooks int              // that the actor may read
	Problems []models.Problem // the worst first
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
	problemSince = 24 * time.Hour
	// maxFailing bounds the webhooks looked at one by one; when more are failing,
	// the cause is not in any of them.
	maxFailing = 50
	// newestLooked is how many deliveries tell whether a webhook is failing now.
	newestLooked = 20
)

// Home sums up the webhooks that the actor may read; an actor that may read none
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
	if h.Problems, err = s.problems(ctx, list, ids); err != nil {
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

// problems looks at the webhooks of the list that are off or had attempts that
// did not succeed, so its cost follows the problems and not the webhooks. among
// is their ids, or nil when the list is all.
func (s *Stats) problems(ctx context.Context, list []*models.Webhook, among []string) ([]models.Problem, error) {
	failing, err := s.store.WithFailures(ctx, s.now().Add(-problemSince), among, maxFailing)
	if err != nil {
		return nil, err
	}
	var found []models.Problem
	for _, w := range list {
		var recent models.Recent
		if slices.Contains(failing, w.ID) || w.State != models.Active {
			if recent, err = s.recent(ctx, w.ID); err != nil {
				return nil, err
			}
		}
		if p, ok := models.ProblemOf(w, recent); ok {
			found = append(found, p)
		}
	}
	if found, err = s.addFailingFilters(ctx, found, list); err != nil {
		return nil, err
	}
	slices.SortStableFunc(found, func(a, b models.Problem) int {
		return slices.Index(models.ProblemKinds, a.Kind) - slices.Index(models.ProblemKinds, b.Kind)
	})
	return found, s.addDays(ctx, found)
}

// addFailingFilters adds the webhooks whose filter fails: all their events are sent,
// so no delivery shows it.
func (s *Stats) addFailingFilters(ctx context.Context, found []models.Problem, list []*models.Webhook) ([]models.Problem, error) {
	filtered := func(w *models.Webhook) bool { return w.Subscriptions.Filter != "" && w.Delivers() }
	if !slices.ContainsFunc(list, filtered) {
		return found, nil
	}
	faulty, err := s.store.FaultyFilters(ctx, s.now().Add(-problemSince))
	for _, w := range list {
		if faults, ok := faulty[w.ID]; ok && filtered(w) {
			found = append(found, models.Problem{Webhook: w, Kind: models.ProblemFilter, Blame: models.BlameSettings, Filter: faults})
		}
	}
	return found, err
}

func (s *Stats) recent(ctx context.Context, webhookID string) (models.Recent, error) {
	list, err := s.store.Deliveries(ctx, models.DeliveryFilter{WebhookID: webhookID}, store.Page{Limit: newestLooked})
	return models.RecentOf(list), err
}

func (s *Stats) addDays(ctx context.Context, found []models.Problem) error {
	ids := make([]string, 0, len(found))
	for _, p := range found {
		ids = append(ids, p.Webhook.ID)
	}
	days, err := s.store.Activity(ctx, ids, s.now())
	for i := range found {
		found[i].Day = days[found[i].Webhook.ID]
	}
	return err
}
