package models

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestParseTime_IsAllOfRFC3339(t *testing.T) {
	at := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Time{
		"2026-11-20T10:00:00Z":                 at,
		"2026-11-20t10:00:00z":                 at,
		"2026-11-20T10:00:00z":                 at,
		"2026-11-20t12:30:00+02:30":            at,
		"2026-11-20T10:00:00-00:00":            at,
		"2026-11-20T10:00:00+00:00":            at,
		"2026-11-20T10:00:00.5Z":               at.Add(500 * time.Millisecond),
		"2026-11-20T10:00:00.123456789123456Z": at.Add(123456789),
		"2016-12-31T23:59:60Z":                 time.Date(2017, 1, 1, 0, 0, 0, 0, time.UTC),
		"1990-12-31T15:59:60-08:00":            time.Date(1991, 1, 1, 0, 0, 0, 0, time.UTC),
		"2015-06-30t23:59:60.25z":              time.Date(2015, 7, 1, 0, 0, 0, 250e6, time.UTC),
	} {
		got, ok := ParseTime(text)
		require.True(t, ok, text)
		require.True(t, want.Equal(got), "%s is %s", text, got)
	}
	for _, text := range []string{
		"", "2026-11-20", "2026-11-20T10:00:00", "2026-11-20T10:00Z", "2026-11-20 10:00:00Z", "2026-11-20T10:00:00,5Z", "2026-11-20T10:00:00.Z",
		"2026-11-20T24:00:00Z", "2026-11-20T10:60:00Z", "2026-11-20T10:00:61Z", "2026-11-20T10:00:60Z", "2026-11-20T23:59:60Z", "2026-02-30T10:00:00Z",
		"2026-11-20T10:00:00+2:00", "2026-11-20T10:00:00+0200", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "10000-01-01T00:00:00Z", "2026-11-20T10:00:00Zx",
	} {
		_, ok := ParseTime(text)
		require.False(t, ok, text)
	}
}
