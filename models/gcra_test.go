package models

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// I9: what a limit means for a bucket.
func TestI9_PaceOf(t *testing.T) {
	require.False(t, GCRAOf(0).Limited())
	for perSecond, want := range map[float64]GCRA{
		MinRateLimit: {100 * time.Second, 1},
		0.5:          {2 * time.Second, 1},
		3:            {333334 * time.Microsecond, 1}, // rounded so that it is never more
		39:           {25642 * time.Microsecond, 1},
		40:           {25 * time.Millisecond, 2},
		MaxRateLimit: {time.Millisecond, 50},
	} {
		require.Equal(t, want, GCRAOf(perSecond), perSecond)
	}
}

// I9: however permits are asked for, in no second are there more than the limit
// and one burst; and who always asks gets the whole limit.
func TestI9_PaceTake(t *testing.T) {
	for _, perSecond := range []float64{0.5, 1, 7, 40, 250, MaxRateLimit} {
		p := GCRAOf(perSecond)
		start := time.Unix(1_000_000, 0)
		var tat time.Time
		var sent []time.Time
		for now := start; now.Before(start.Add(10 * time.Second)); {
			next, got, wait := p.Take(tat, now, p.Burst)
			for range got {
				sent = append(sent, now)
			}
			tat = next
			now = now.Add(max(wait, time.Microsecond))
		}
		require.InDelta(t, 10*perSecond, len(sent), float64(p.Burst)+1+perSecond*0.001, perSecond)
		for i := range sent {
			n := 0
			for _, at := range sent[i:] {
				if at.Sub(sent[i]) < time.Second {
					n++
				}
			}
			require.LessOrEqual(t, n, int(math.Ceil(perSecond))+p.Burst-1, perSecond)
		}
	}
}

// I9: a pause saves up one burst and no more, and a raised limit does not wait
// for what a lower one left behind.
func TestI9_PaceAfterPauseAndChange(t *testing.T) {
	now := time.Unix(1_000_000, 0)
	fast, slow := GCRAOf(100), GCRAOf(MinRateLimit)
	_, got, _ := fast.Take(now.Add(-time.Hour), now, 1000)
	require.Equal(t, 5, got)

	tat, got, wait := slow.Take(time.Time{}, now, 3)
	require.Equal(t, 1, got)
	require.Equal(t, 100*time.Second, wait)
	_, got, wait = fast.Take(tat, now, 1)
	require.Zero(t, got)
	require.Equal(t, 10*time.Millisecond, wait)
}

// I9: which limits a webhook may have.
func TestI9_RateLimitIsValidated(t *testing.T) {
	for perSecond, valid := range map[float64]bool{
		0: true, MinRateLimit: true, 5: true, MaxRateLimit: true,
		-1: false, 0.001: false, 1000.5: false, math.Inf(1): false, math.NaN(): false,
	} {
		w := NewWebhook()
		w.Name, w.Signing, w.RateLimit = "A", Signing{}, perSecond
		errs := w.Validate("X-Hookline")
		if valid {
			require.Empty(t, errs, perSecond)
			continue
		}
		require.Len(t, errs, 1, perSecond)
		require.Equal(t, "rate_limit.per_second", errs[0].Field)
		require.Contains(t, errs[0].Message, "0.01 to 1,000")
	}
}
