package models

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

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
