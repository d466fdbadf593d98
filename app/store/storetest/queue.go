package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/app/store"
	"hookline/models"
)

// places is a queue with a bounded number of places, which counts what becomes of them.
type places struct {
	free, released, woken int
	offered               []string // ids of deliveries
	failAt                int      // Reserve panics when so many places are left; -1: never
}

func (q *places) Reserve(string, int) (string, time.Time, bool) {
	if q.free == q.failAt {
		panic("no lane")
	}
	if q.free == 0 {
		return "", time.Time{}, false
	}
	q.free--
	return "n1.queue", time.Now().Add(models.Lease), true
}

func (q *places) Offer(work []models.Work) {
	for _, w := range work {
		q.offered = append(q.offered, w.ID)
	}
}

func (q *places) Release(string, int) { q.released++ }
func (q *places) Wake()               { q.woken++ }

// Promise 1: a delivery is offered once its event is stored, and its place is released
// when the event is a repeat or refused. What has no place stays in the table.
func testPublishOwnsPlaces(t *testing.T, s *suite) {
	q := &places{free: 3, failAt: -1}
	one, two, three, four := s.work("wh_x", ""), s.work("wh_x", ""), s.work("wh_x", ""), s.work("wh_x", "")
	publish := func(list ...models.Work) []store.Published {
		pubs := make([]store.Publication, len(list))
		for i, w := range list {
			pubs[i] = store.Publication{Event: w.Event, Deliveries: []models.Work{w}, Repeatable: true}
		}
		return s.Publish(s.ctx, q, pubs)
	}
	require.NoError(t, publish(one)[0].Err)
	require.Equal(t, []string{one.ID}, q.offered)

	two.Event.ID = one.Event.ID
	require.True(t, publish(two)[0].Repeat)
	require.Equal(t, 1, q.released, "a repeat needs no place")

	gone := models.Participant{ID: newID(models.ParticipantPrefix)}
	r := s.Publish(s.ctx, q, []store.Publication{{Event: three.Event, Deliveries: []models.Work{three}, Upsert: &store.ParticipantUpsert{
		Ref: models.ParticipantRef{ID: gone.ID}, Before: &gone, After: gone,
	}}})[0]
	require.ErrorIs(t, r.Err, store.ErrParticipantChanged)
	require.Equal(t, 2, q.released)
	require.Zero(t, q.woken)

	require.NoError(t, publish(four)[0].Err)
	require.Equal(t, 1, q.woken, "no place was left")
	require.Equal(t, []string{one.ID}, q.offered)
	work, err := s.Claim(s.ctx, "wh_x", 10)
	require.NoError(t, err)
	require.Len(t, work, 1, "the queue's claim holds the first; the table has the last")
	require.Equal(t, four.ID, work[0].ID)
}

// A queue that panics loses no place and stores nothing.
func testPublishPanics(t *testing.T, s *suite) {
	q := &places{free: 3, failAt: 1}
	pubs := make([]store.Publication, 3)
	for i := range pubs {
		w := s.work("wh_x", "")
		pubs[i] = store.Publication{Event: w.Event, Deliveries: []models.Work{w}}
	}
	require.Panics(t, func() { s.Publish(s.ctx, q, pubs) })
	require.Equal(t, 2, q.released)
	for _, p := range pubs {
		_, err := s.Event(s.ctx, p.Event.ID)
		require.Equal(t, models.NotFound, models.CodeOf(err))
	}

	p := s.participant(t, "sam@example.com", `{}`)
	var events []store.Publication
	for range 3 {
		w := s.work("wh_x", "")
		events = append(events, store.Publication{Event: w.Event, Deliveries: []models.Work{w}})
	}
	q = &places{free: 3, failAt: 1}
	require.Panics(t, func() { _ = s.ChangeParticipant(s.ctx, q, store.ParticipantChange{Before: &p, Events: events}) })
	require.Equal(t, 2, q.released)
	_, err := s.Participant(s.ctx, p.ID)
	require.NoError(t, err)

	q = &places{free: 3, failAt: -1}
	require.NoError(t, s.ChangeParticipant(s.ctx, q, store.ParticipantChange{Before: &p, Events: events}))
	require.Len(t, q.offered, 3)
	require.Zero(t, q.released)
}
