package models

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// B8: a percentile is within 6.25 % of the true one, whatever was counted, and
// histograms add up as if all had been counted in one.
func TestB8_PercentilesAreCloseAndAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(rapid.Int64Range(0, 40_000_000), 1, 300).Draw(t, "µs")
		var parts [3]Histogram
		for i, us := range list {
			parts[i%3].Add(time.Duration(us) * time.Microsecond)
		}
		var h Histogram
		for i := range parts {
			if err := h.MergeEncoded(parts[i].Encode()); err != nil {
				t.Fatal(err)
			}
		}
		if h.Count() != int64(len(list)) {
			t.Fatalf("%d counted, want %d", h.Count(), len(list))
		}
		slices.Sort(list)
		for _, p := range []int{1, 50, 95, 99, 100} {
			rank := max(1, (p*len(list)+99)/100)
			want, got := list[rank-1], h.Percentile(float64(p)).Microseconds()
			if off := max(got-want, want-got); float64(off) > float64(want)*0.0625+1 {
				t.Fatalf("p%d: %d µs, want %d", p, got, want)
			}
		}
	})
}

func TestB8_HistogramsOfOddInput(t *testing.T) {
	var h Histogram
	require.Zero(t, h.Percentile(50))
	require.Empty(t, h.Encode())
	h.Add(-time.Second)
	h.Add(1000 * time.Hour)
	require.Equal(t, int64(2), h.Count())
	require.Positive(t, h.Percentile(99))
	for _, damaged := range [][]byte{{0x80}, {1}, {0xff, 0xff, 0xff, 0x7f, 1}, {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 1}} {
		require.Error(t, h.MergeEncoded(damaged))
	}
}

func TestB8_RangesEndNow(t *testing.T) {
	now := time.Date(2026, 6, 23, 9, 31, 7, 0, time.UTC)
	for _, r := range Ranges {
		start := r.Start(now)
		end := start.Add(time.Duration(r.Buckets()) * r.Width())
		require.True(t, !end.Before(now) && end.Sub(now) < r.Width(), "%s ends at %s", r, end)
		require.Zero(t, start.Sub(start.Truncate(r.Width())))
	}
	_, ok := ParseRange("1y")
	require.False(t, ok)
}
