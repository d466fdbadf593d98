package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/app/store"
	"hookline/models"
)

// B14: what has ended long ago goes, in steps; what is pending stays, and its
// event with it; pages of what is left are as before.
func testPrune(t *testing.T, s *suite) {
	hook := s.webhook(t)
	var old []models.Work
	for range 5 {
		old = append(old, s.publish(t, hook.ID, "claim"))
	}
	for _, w := range old[:3] {
		require.True(t, s.finish(t, models.Finish{DeliveryID: w.ID, ClaimID: "claim", Attempt: s.attempt(models.Success, 200), State: models.Succeeded, Tries: 1}))
	}
	require.NoError(t, s.Cancel(s.ctx, old[3].ID))
	s.clock.At = s.clock.At.Add(48 * time.Hour)
	fresh := s.publish(t, hook.ID, "")
	before := s.clock.At.Add(-24 * time.Hour)

	require.Equal(t, 3, prune(t, s, before, s.PruneBodies))
	require.Zero(t, prune(t, s, before, s.PruneBodies), "once")
	attempts, err := s.Attempts(s.ctx, old[0].ID)
	require.NoError(t, err)
	require.True(t, attempts[0].BodiesGone)
	require.Empty(t, attempts[0].Request.Body)
	require.Empty(t, attempts[0].Response.Body)
	require.NotEmpty(t, attempts[0].Request.Headers)

	require.Zero(t, prune(t, s, before, s.PruneEvents), "while they have deliveries")
	require.Equal(t, 4, prune(t, s, before, s.PruneDeliveries))
	require.Equal(t, 4, prune(t, s, before, s.PruneEvents))
	attempts, err = s.Attempts(s.ctx, old[0].ID)
	require.NoError(t, err)
	require.Empty(t, attempts)
	list, err := s.Deliveries(s.ctx, models.DeliveryFilter{}, store.Page{Limit: 10})
	require.NoError(t, err)
	require.Len(t, list, 2)
	require.Equal(t, []string{fresh.ID, old[4].ID}, []string{list[0].ID, list[1].ID}, "the pending one stays, however old")
	_, err = s.Event(s.ctx, old[4].EventID)
	require.NoError(t, err)
	_, err = s.Event(s.ctx, old[0].EventID)
	require.Equal(t, models.NotFound, models.CodeOf(err))
}

type pruneStep = func(context.Context, time.Time, models.PruneStep) (models.Pruned, error)

// prune takes steps of two until it is done, and counts what went.
func prune(t *testing.T, s *suite, before time.Time, step pruneStep) (removed int) {
	t.Helper()
	p := models.PruneStep{Limit: 2}
	for {
		done, err := step(s.ctx, before, p)
		require.NoError(t, err)
		require.LessOrEqual(t, done.Removed, 2)
		require.False(t, done.Busy)
		removed += done.Removed
		if done.Done {
			return removed
		}
		p.After, p.AfterSeq = done.Next, done.NextSeq
	}
}

// B16: the stream goes by place, since callers' ids do not sort by time.
func testStream(t *testing.T, s *suite) {
	hook := s.webhook(t)
	names := []string{"zz", "aa", "mm", "bb"}
	began := s.clock.At
	for i, id := range names {
		w := s.work(hook.ID, "")
		w.Event.ID, w.EventID, w.Event.CreatedAt = id, id, s.clock.At
		if i == 1 {
			w.Event.Type, w.Event.IdempotencyKey = "payment.received", "key-1"
		}
		require.NoError(t, s.Publish(s.ctx, nil, []store.Publication{{Event: w.Event, Deliveries: []models.Work{w}}})[0].Err)
		s.clock.At = s.clock.At.Add(time.Hour)
	}
	get := func(f models.EventFilter, p store.EventPage) (ids []string, last int64) {
		list, _, err := s.Events(s.ctx, f, p)
		require.NoError(t, err)
		for _, e := range list {
			ids, last = append(ids, e.ID), e.Seq
		}
		return ids, last
	}
	all, _ := get(models.EventFilter{}, store.EventPage{Limit: 10})
	require.Equal(t, []string{"bb", "mm", "aa", "zz"}, all)
	two, last := get(models.EventFilter{}, store.EventPage{Limit: 2})
	require.Equal(t, []string{"bb", "mm"}, two)
	two, last = get(models.EventFilter{}, store.EventPage{Limit: 2, Before: last})
	require.Equal(t, []string{"aa", "zz"}, two)
	two, _ = get(models.EventFilter{}, store.EventPage{Limit: 2, After: last})
	require.Equal(t, []string{"mm", "aa"}, two)
	for name, f := range map[string]models.EventFilter{
		"type": {Type: "payment.received"}, "id": {ID: "aa"}, "key": {ID: "key-1"},
		"time": {Since: began.Add(30 * time.Minute), Until: began.Add(90 * time.Minute)},
	} {
		ids, _ := get(f, store.EventPage{Limit: 10})
		require.Equal(t, []string{"aa"}, ids, name)
	}
	none, _ := get(models.EventFilter{ID: "' OR 1=1 --", Type: "x"}, store.EventPage{Limit: 10})
	require.Empty(t, none)

	s.claimOneOf(t, hook.ID)
	counts, err := s.EventCounts(s.ctx, []string{"aa", "zz"}, nil)
	require.NoError(t, err)
	require.Equal(t, map[string]models.EventCounts{"aa": {Waiting: 1}, "zz": {Waiting: 1}}, counts)
	counts, err = s.EventCounts(s.ctx, []string{"aa"}, []string{})
	require.NoError(t, err)
	require.Empty(t, counts, "of no webhook")
}

func (s *suite) claimOneOf(t *testing.T, webhookID string) {
	t.Helper()
	_, err := s.Claim(s.ctx, webhookID, 1)
	require.NoError(t, err)
}

// Z4: a category moves with its types and the subscriptions to it, or not at all.
func testRenameCategory(t *testing.T, s *suite) {
	for _, name := range []string{"letters.a", "letters.b"} {
		require.NoError(t, s.CreateEventType(s.ctx, models.EventType{Name: name, Category: "letters", Title: name, CreatedAt: s.clock.At, UpdatedAt: s.clock.At}))
	}
	require.NoError(t, s.CreateEventType(s.ctx, models.EventType{Name: "digits.one", Category: "digits", Title: "1"}))
	w := models.NewWebhook()
	w.ID, w.Name, w.URL, w.Version = newID(models.WebhookPrefix), "Receiver", "https://example.com/hook", 1
	w.Subscriptions = models.Subscriptions{Categories: []string{"digits", "letters"}, Types: []string{"letters.a"}}
	w.CreatedAt, w.UpdatedAt = s.clock.At, s.clock.At
	require.NoError(t, s.CreateWebhook(s.ctx, w))

	require.Equal(t, models.Conflict, models.CodeOf(s.RenameCategory(s.ctx, "letters", "digits")))
	require.Equal(t, models.NotFound, models.CodeOf(s.RenameCategory(s.ctx, "none", "some")))
	require.Equal(t, []string{"digits", "letters"}, s.Config().Webhook(w.ID).Subscriptions.Categories)
	require.NoError(t, s.RenameCategory(s.ctx, "letters", "alphabet"))
	moved := s.Config().Webhook(w.ID)
	require.Equal(t, []string{"alphabet", "digits"}, moved.Subscriptions.Categories)
	require.Equal(t, []string{"letters.a"}, moved.Subscriptions.Types)
	require.Equal(t, int64(2), moved.Version)
	require.False(t, s.Config().HasCategory("letters"))
	require.Len(t, s.Config().Matching("letters.b"), 1)
}
