package storetest

import (
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/models"
)

// testPermits holds the statement against models.GCRA, which it repeats, over a
// long run of calls, changes of the limit among them.
func testPermits(t *testing.T, s *suite) {
	random := rand.New(rand.NewPCG(9, 9))
	p, tat := models.GCRAOf(1), time.Time{}
	for i := range 400 {
		if i%50 == 49 {
			p = models.GCRAOf([]float64{models.MinRateLimit, 0.7, 3, 45, models.MaxRateLimit}[random.IntN(5)])
		}
		s.clock.At = s.clock.At.Add(time.Duration(random.Int64N(int64(2 * p.Every)))).Truncate(time.Microsecond)
		n := 1 + random.IntN(p.Burst)
		next, want, wantWait := p.Take(tat, s.clock.At, n)
		tat = next
		got, wait, err := s.TakePermits(s.ctx, "wh_a", p, n)
		require.NoError(t, err)
		require.Equal(t, want, got, i)
		require.Equal(t, wantWait, wait, i)
	}
	got, _, err := s.TakePermits(s.ctx, "wh_b", models.GCRAOf(100), 50)
	require.NoError(t, err)
	require.Equal(t, 5, got, "each webhook has a bucket, and nobody gets more than a burst")
}

// testPermitsShared: nodes that ask at the same moment get one bucket's worth.
func testPermitsShared(t *testing.T, s *suite) {
	p := models.GCRAOf(models.MaxRateLimit)
	nodes := []*suite{s, {Store: s.open(t, "n2", s.clock)}, {Store: s.open(t, "n3", s.clock)}}
	for range 3 {
		var mu sync.Mutex
		var all sync.WaitGroup
		total := 0
		for _, node := range nodes {
			for range 10 {
				all.Go(func() {
					got, _, err := node.TakePermits(s.ctx, "wh_a", p, 7)
					mu.Lock()
					defer mu.Unlock()
					if total += got; err != nil {
						t.Error(err)
					}
				})
			}
		}
		all.Wait()
		require.Equal(t, p.Burst, total)
		s.clock.At = s.clock.At.Add(p.Full())
	}
}

// testPermitsDeleted: nothing is left of a webhook that was deleted.
func testPermitsDeleted(t *testing.T, s *suite) {
	p := models.GCRAOf(1)
	w := s.webhook(t)
	take := func() int {
		got, _, err := s.TakePermits(s.ctx, w.ID, p, 1)
		require.NoError(t, err)
		return got
	}
	require.Equal(t, 1, take())
	require.Equal(t, 0, take())
	require.NoError(t, s.DeleteWebhook(s.ctx, w.ID))
	require.Equal(t, 1, take())
}
