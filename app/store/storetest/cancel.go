package storetest

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/store"
	"hookline/models"
)

// cancelRace is a delivery that was taken from its node while an attempt was on the
// wire, and what the attempt brings.
type cancelRace struct {
	result   models.Finish // of the attempt; its delivery and claim are filled in
	state    models.DeliveryState
	status   int
	counted  models.OutcomeCounts
	attempts int
}

// State, last attempt, filters and stats agree on a delivery that is cancelled while
// it is attempted, whichever way it is cancelled and whatever the attempt brings.
func testCancelRaces(t *testing.T, s *suite) {
	ways := map[string]func(t *testing.T, w models.Work){
		"one":  func(t *testing.T, w models.Work) { require.NoError(t, s.Cancel(s.ctx, w.ID)) },
		"bulk": s.cancelInBulk,
		"with its webhook": func(t *testing.T, w models.Work) {
			require.NoError(t, s.DeleteWebhook(s.ctx, w.WebhookID))
		},
	}
	for way, cancel := range ways {
		for name, race := range s.cancelRaces() {
			t.Run(way+", "+name, func(t *testing.T) { s.runCancelRace(t, race, cancel) })
		}
	}
}

func (s *suite) cancelRaces() map[string]cancelRace {
	return map[string]cancelRace{
		"arrives": {
			result: models.Finish{Attempt: s.attempt(models.Success, 200), State: models.Succeeded, Tries: 1},
			state:  models.Succeeded, status: 200, counted: models.OutcomeCounts{Succeeded: 1}, attempts: 1,
		},
		"fails with tries left": {
			result: models.Finish{Attempt: s.attempt(models.HTTPError, 503), State: models.Pending, Tries: 1, DueAt: s.clock.At},
			state:  models.Cancelled, status: 503, counted: models.OutcomeCounts{Failed: 1}, attempts: 1,
		},
		"fails for good": {
			result: models.Finish{Attempt: s.attempt(models.HTTPError, 404), State: models.Failed, Tries: 1},
			state:  models.Cancelled, status: 404, counted: models.OutcomeCounts{Failed: 1}, attempts: 1,
		},
		"is blocked": {
			result: models.Finish{Attempt: s.attempt(models.BlockedURL, 0), State: models.Blocked, Tries: 1},
			state:  models.Cancelled, counted: models.OutcomeCounts{Blocked: 1}, attempts: 1,
		},
		"sends nothing": {result: models.Finish{State: models.Pending, DueAt: s.clock.At}, state: models.Cancelled},
	}
}

func (s *suite) cancelInBulk(t *testing.T, w models.Work) {
	before := s.bulk(t, models.BulkCancel, models.DeliveryFilter{WebhookID: w.WebhookID})
	after := before
	after.State, after.Reached, after.CountedTo = models.BulkDone, before.Through, before.Through
	changed, held, err := s.AdvanceBulk(s.ctx, before, store.BulkBatch{Change: []store.BulkTarget{{ID: w.ID, WebhookID: w.WebhookID}}, Job: after})
	require.NoError(t, err)
	require.True(t, held)
	require.Len(t, changed, 1)
}

func (s *suite) runCancelRace(t *testing.T, race cancelRace, cancel func(*testing.T, models.Work)) {
	hook := s.webhook(t)
	s.publish(t, hook.ID, "")
	w := s.claimOne(t, hook.ID)
	cancel(t, w)
	d, err := s.Delivery(s.ctx, w.ID)
	require.NoError(t, err)
	require.Equal(t, models.Cancelled, d.State, "until the attempt has a result")

	if a := race.result.Attempt; a != nil && a.Outcome != models.Success {
		a.Error = "It did not arrive."
	}
	race.result.DeliveryID, race.result.ClaimID, race.result.WebhookID = w.ID, w.ClaimID, hook.ID
	require.False(t, s.finish(t, race.result))
	d, err = s.Delivery(s.ctx, w.ID)
	require.NoError(t, err)
	require.Equal(t, race.state, d.State)
	require.Equal(t, race.status, d.Last.Status)
	require.Equal(t, race.attempts, d.Attempts)
	require.False(t, d.FinishedAt.IsZero())
	if a := race.result.Attempt; a != nil {
		require.Equal(t, a.Error, d.Last.Error)
		require.Equal(t, a.Outcome, d.Last.Outcome)
		attempts, err := s.Attempts(s.ctx, w.ID)
		require.NoError(t, err)
		require.Equal(t, race.status, d.LastOf(attempts).Status)
	}
	for _, f := range []models.DeliveryFilter{{State: race.state}, {Status: strings.TrimPrefix(strconv.Itoa(race.status), "0")}} {
		f.WebhookID = hook.ID
		list, err := s.Deliveries(s.ctx, f, store.Page{Limit: 5})
		require.NoError(t, err)
		require.Len(t, list, 1)
	}
	stats, err := s.Stats(s.ctx, []string{hook.ID}, models.LastHour, s.clock.At)
	require.NoError(t, err)
	require.Equal(t, race.counted, stats.Total)
	work, err := s.Claim(s.ctx, hook.ID, 5)
	require.NoError(t, err)
	require.Empty(t, work, "nothing more is sent")
}
