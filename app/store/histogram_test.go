package store

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
		var parts [3]histogram
		for i, us := range list {
			parts[i%3].add(time.Duration(us) * time.Microsecond)
		}
		var h histogram
		for i := range parts {
			if err := h.mergeEncoded(parts[i].encode()); err != nil {
				t.Fatal(err)
			}
		}
		if h.count() != int64(len(list)) {
			t.Fatalf("%d counted, want %d", h.count(), len(list))
		}
		slices.Sort(list)
		for _, p := range []int{1, 50, 95, 99, 100} {
			rank := max(1, (p*len(list)+99)/100)
			want, got := list[rank-1], h.percentile(float64(p)).Microseconds()
			if off := max(got-want, want-got); float64(off) > float64(want)*0.0625+1 {
				t.Fatalf("p%d: %d µs, want %d", p, got, want)
			}
		}
	})
}

func TestB8_HistogramsOfOddInput(t *testing.T) {
	var h histogram
	require.Zero(t, h.percentile(50))
	require.Empty(t, h.encode())
	h.add(-time.Second)
	h.add(1000 * time.Hour)
	require.Equal(t, int64(2), h.count())
	require.Positive(t, h.percentile(99))
	for _, damaged := range [][]byte{{0x80}, {1}, {0xff, 0xff, 0xff, 0x7f, 1}, {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 1}} {
		require.Error(t, h.mergeEncoded(damaged))
	}
}
