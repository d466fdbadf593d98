package storetest

import (
	"encoding/json"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/app/store"
	"hookline/models"
)

// Promise 1: what Publish answered for is there, in another process's eyes too.
func testPublish(t *testing.T, s *suite) {
	hook := s.webhook(t)
	w := s.work(hook.ID, "")
	w.Event.Hops = 3
	require.NoError(t, s.Publish(s.ctx, nil, []store.Publication{{Event: w.Event, Deliveries: []models.Work{w}}})[0].Err)

	other := s.open(t, "n2", s.clock)
	e, err := other.Event(s.ctx, w.EventID)
	require.NoError(t, err)
	require.Equal(t, 1, e.Deliveries)
	require.Equal(t, 3, e.Hops)
	d, err := other.Delivery(s.ctx, w.ID)
	require.NoError(t, err)
	require.Equal(t, models.Pending, d.State)

	got := s.claimOne(t, hook.ID)
	require.Equal(t, w.ID, got.ID)
	require.JSONEq(t, `{"n":1}`, string(got.Event.Data))
	require.Equal(t, 3, got.Event.Hops)
	require.Equal(t, s.clock.At.Add(models.Lease), got.LeaseUntil)

	d, err = s.Delivery(s.ctx, w.ID)
	require.NoError(t, err)
	require.Equal(t, models.Running, d.State)
}

func testRepeats(t *testing.T, s *suite) {
	first := s.work("wh_x", "")
	first.Event.IdempotencyKey = "order-1"
	pub := func(e models.Event) store.Published {
		return s.Publish(s.ctx, nil, []store.Publication{{Event: e, Deliveries: []models.Work{first}, Repeatable: true}})[0]
	}
	require.NoError(t, pub(first.Event).Err)

	again := first.Event
	again.ID = newID(models.EventPrefix)
	r := pub(again)
	require.NoError(t, r.Err)
	require.True(t, r.Repeat)
	require.Equal(t, first.EventID, r.Event.ID, "a repeat answers with the first event")
	require.Equal(t, 1, r.Event.Deliveries)

	sameID := first.Event
	sameID.IdempotencyKey = ""
	require.True(t, pub(sameID).Repeat)

	other := again
	other.Data = json.RawMessage(`{"n":2}`)
	require.Equal(t, models.Conflict, models.CodeOf(pub(other).Err))
}

// trust.md, test 12.
func testRace(t *testing.T, s *suite) {
	e := s.work("wh_x", "").Event
	e.ID = "order-77"
	results := make([]store.Published, 100)
	var wg sync.WaitGroup
	for i := range results {
		wg.Go(func() {
			d := s.work("wh_x", "")
			d.EventID = e.ID
			results[i] = s.Publish(s.ctx, nil, []store.Publication{{Event: e, Deliveries: []models.Work{d}, Repeatable: true}})[0]
		})
	}
	wg.Wait()
	first := 0
	for _, r := range results {
		require.NoError(t, r.Err)
		require.Equal(t, "order-77", r.Event.ID)
		require.Equal(t, 1, r.Event.Deliveries)
		if !r.Repeat {
			first++
		}
	}
	require.Equal(t, 1, first)
	list, err := s.Deliveries(s.ctx, models.DeliveryFilter{EventID: e.ID}, store.Page{Limit: 10})
	require.NoError(t, err)
	require.Len(t, list, 1)
}

// Promise 4.
func testBytes(t *testing.T, s *suite) {
	for _, raw := range []string{
		`{"z":1, "a":1.0,"big":123456789012345678901234567890,"e":1E+2}`,
		"{\"nul\":\"\\u0000\",\"lone\":\"\\ud800\",\"raw\":\"\u2028 é 😀\"}",
		`{ "spaced" : [ 1 , 2 ] }`,
	} {
		w := s.work("wh_x", "")
		w.Event.Data, w.Event.OccurredAt = json.RawMessage(raw), time.Unix(0, 0).UTC()
		require.NoError(t, s.Publish(s.ctx, nil, []store.Publication{{Event: w.Event}})[0].Err)
		e, err := s.Event(s.ctx, w.EventID)
		require.NoError(t, err)
		require.Equal(t, raw, string(e.Data))
		require.Equal(t, w.Event.OccurredAt, e.OccurredAt, "1970 is a time too")
	}
}
