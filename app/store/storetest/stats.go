package storetest

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/app/store"
	"hookline/models"
)

// attempted publishes a delivery and stores one attempt for it.
func (s *suite) attempted(t *testing.T, hook string, state models.DeliveryState, a *models.Attempt) models.Work {
	t.Helper()
	w := s.publish(t, hook, s.NewClaimID())
	require.True(t, s.finish(t, models.Finish{
		DeliveryID: w.ID, ClaimID: w.ClaimID, WebhookID: hook, Attempt: a, State: state, Tries: 1, DueAt: s.clock.At.Add(time.Minute),
	}))
	return w
}

func (s *suite) stats(t *testing.T, ids []string, r models.Range) models.Stats {
	t.Helper()
	stats, err := s.Stats(s.ctx, ids, r, s.clock.At)
	require.NoError(t, err)
	require.Len(t, stats.Buckets, r.Buckets())
	var sum models.OutcomeCounts
	for _, b := range stats.Buckets {
		sum = sum.Plus(b.OutcomeCounts)
	}
	require.Equal(t, sum, stats.Total)
	return stats
}

func testStats(t *testing.T, s *suite) {
	a, b := s.webhook(t), s.webhook(t)
	slow := s.attempt(models.HTTPError, 503)
	slow.Duration = 2 * time.Second
	s.attempted(t, a.ID, models.Succeeded, s.attempt(models.Success, 200))
	s.attempted(t, a.ID, models.Pending, slow)
	s.attempted(t, a.ID, models.Failed, slow)
	s.attempted(t, b.ID, models.Blocked, s.attempt(models.BlockedURL, 0))

	// Not counted: tests, cancelled deliveries, and results without a claim.
	w := s.publish(t, a.ID, s.NewClaimID())
	s.finish(t, models.Finish{DeliveryID: w.ID, ClaimID: w.ClaimID, WebhookID: a.ID, Test: true, Attempt: slow, State: models.Failed})
	w = s.publish(t, a.ID, s.NewClaimID())
	s.finish(t, models.Finish{DeliveryID: w.ID, ClaimID: w.ClaimID, WebhookID: a.ID, State: models.Succeeded})
	require.False(t, s.finish(t, models.Finish{DeliveryID: w.ID, ClaimID: w.ClaimID, WebhookID: a.ID, Attempt: slow, State: models.Failed}))

	ofA := models.OutcomeCounts{Succeeded: 1, Failed: 1, Retried: 1}
	all := ofA.Plus(models.OutcomeCounts{Blocked: 1})
	for _, r := range models.Ranges {
		require.Equal(t, ofA, s.stats(t, []string{a.ID}, r).Total)
		got := s.stats(t, nil, r)
		require.Equal(t, all, got.Total)
		require.Equal(t, all, got.Buckets[len(got.Buckets)-1].OutcomeCounts, "the last bucket is now's")
		require.InDelta(t, 2*time.Second, got.Latency.P95, float64(2*time.Second)/16)
		require.InDelta(t, 2*time.Second, got.Latency.P50, float64(2*time.Second)/16, "what was blocked took no time of the receiver's")
	}
	require.Equal(t, all, s.stats(t, []string{a.ID, b.ID}, models.LastHour).Total)
	require.Zero(t, s.stats(t, []string{}, models.LastHour).Total, "no webhooks are not all webhooks")

	failing, err := s.WithFailures(s.ctx, s.clock.At.Add(-time.Hour), nil, 10)
	require.NoError(t, err)
	require.Equal(t, []string{a.ID, b.ID}, failing)
	failing, err = s.WithFailures(s.ctx, s.clock.At.Add(-time.Hour), []string{b.ID}, 10)
	require.NoError(t, err)
	require.Equal(t, []string{b.ID}, failing)
	failing, err = s.WithFailures(s.ctx, s.clock.At.Add(time.Minute), []string{}, 10)
	require.NoError(t, err)
	require.Empty(t, failing)

	activity, err := s.Activity(s.ctx, []string{a.ID, b.ID, "wh_none"}, s.clock.At)
	require.NoError(t, err)
	require.Len(t, activity, 2)
	require.Equal(t, ofA, activity[a.ID].OutcomeCounts)
	require.Equal(t, ofA, activity[a.ID].Hours[23])
	require.Equal(t, s.clock.At, activity[b.ID].Last)
}

// A process that dies and several nodes at once: every stored attempt is counted
// once, whoever stored it.
func testStatsNodes(t *testing.T, s *suite) {
	hook := s.webhook(t)
	nodes := []*store.Store{s.Store, s.open(t, "n2", s.clock), s.open(t, "n1", s.clock)} // the last one: n1 started anew
	const each = 40
	var wg sync.WaitGroup
	for _, node := range nodes {
		for range 4 {
			wg.Go(func() {
				for range each / 4 {
					w := s.work(hook.ID, node.NewClaimID())
					if r := node.Publish(s.ctx, nil, []store.Publication{{Event: w.Event, Deliveries: []models.Work{w}}})[0]; r.Err != nil {
						t.Error(r.Err)
						return
					}
					if _, err := node.Finish(s.ctx, models.Finish{
						DeliveryID: w.ID, ClaimID: w.ClaimID, WebhookID: hook.ID, Attempt: s.attempt(models.Success, 200), State: models.Succeeded,
					}); err != nil {
						t.Error(err)
					}
				}
			})
		}
	}
	wg.Wait()
	want := models.OutcomeCounts{Succeeded: int64(len(nodes)) * each}
	require.Equal(t, want, s.stats(t, nil, models.LastHour).Total)
	require.Equal(t, want, s.stats(t, []string{hook.ID}, models.LastWeek).Total)
}

func testStatsMerge(t *testing.T, s *suite) {
	hook := s.webhook(t)
	other := s.open(t, "n2", s.clock)
	start, n := s.clock.At, 0
	for range 50 { // minutes
		for range 3 {
			s.attempted(t, hook.ID, models.Succeeded, s.attempt(models.Success, 200))
			n++
		}
		s.clock.At = s.clock.At.Add(time.Minute)
	}
	want := models.OutcomeCounts{Succeeded: int64(n)}
	// Both nodes merge, again and again, while time goes on.
	for range 30 {
		s.clock.At = s.clock.At.Add(7 * time.Minute)
		var wg sync.WaitGroup
		for _, node := range []*store.Store{s.Store, other} {
			wg.Go(func() {
				if err := node.MergeStats(s.ctx); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		got := s.stats(t, nil, models.LastDay)
		require.Equal(t, want, got.Total)
		require.InDelta(t, 12*time.Millisecond, got.Latency.P99, float64(12*time.Millisecond)/16)
	}
	require.Equal(t, want, s.stats(t, []string{hook.ID}, models.LastWeek).Total)

	// Rows that are over a week old go.
	s.clock.At = start.Add(9 * 24 * time.Hour)
	require.NoError(t, s.MergeStats(s.ctx))
	got, err := s.Stats(s.ctx, nil, models.LastWeek, start.Add(time.Hour))
	require.NoError(t, err)
	require.Zero(t, got.Total)
}

// An attempt that the database refuses is not counted, its neighbours are once.
func testStatsRefused(t *testing.T, s *suite) {
	hook := s.webhook(t)
	finish := func(w models.Work, at *models.Attempt) error {
		_, err := s.Finish(s.ctx, models.Finish{DeliveryID: w.ID, ClaimID: w.ClaimID, WebhookID: hook.ID, Attempt: at, State: models.Succeeded})
		return err
	}
	const each = 30
	good, bad := make([]models.Work, each), make([]models.Work, each)
	for i := range each {
		good[i], bad[i] = s.publish(t, hook.ID, s.NewClaimID()), s.publish(t, hook.ID, s.NewClaimID())
	}
	var mu sync.Mutex
	var wg sync.WaitGroup
	stored := 0
	for i := range each {
		wg.Go(func() {
			broken := s.attempt(models.Success, 200)
			broken.Request.Method = "\xff\x00" // PostgreSQL refuses it as a text
			err := finish(bad[i], broken)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				stored++
			}
		})
		wg.Go(func() {
			if err := finish(good[i], s.attempt(models.Success, 200)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if s.Dialect() == "postgres" {
		require.Zero(t, stored)
	}
	require.Equal(t, models.OutcomeCounts{Succeeded: int64(each + stored)}, s.stats(t, nil, models.LastHour).Total)
}

func testBacklog(t *testing.T, s *suite) {
	hook, other := s.webhook(t), s.webhook(t)
	_, ok, err := s.Backlog(s.ctx, hook.ID, s.clock.At)
	require.NoError(t, err)
	require.False(t, ok)

	oldest := s.attempted(t, hook.ID, models.Pending, s.attempt(models.HTTPError, 503))
	s.attempted(t, hook.ID, models.Succeeded, s.attempt(models.Success, 200))
	s.publish(t, other.ID, "")
	due := s.clock.At.Add(time.Minute)
	s.clock.At = s.clock.At.Add(time.Second)
	s.publish(t, hook.ID, s.NewClaimID())
	b, ok, err := s.Backlog(s.ctx, hook.ID, s.clock.At)
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, oldest.ID, b.Oldest.ID)
	require.Equal(t, 503, b.Oldest.Last.Status)
	b.Oldest = models.Delivery{}
	require.Equal(t, models.Backlog{WebhookID: hook.ID, Waiting: 2, Next: due, Held: 1}, b)
	require.Equal(t, models.WaitSending, b.ReasonOf(&hook, models.Lane{}, s.clock.At))
}
