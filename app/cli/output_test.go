package cli

import (
	"bytes"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A log line has no time that is not set, and a duration says its unit.
func TestLogFormat(t *testing.T) {
	line := func(f logFormat) string {
		var out bytes.Buffer
		f.logger(&out).With("idle", time.Minute).Info("attempt",
			"took", 12345678*time.Nanosecond, "next", time.Time{}, "due", time.Unix(0, 0).UTC(), slog.Group("g", "took", time.Second, "at", time.Time{}))
		return out.String()
	}
	json := line(logFormat{json: true})
	require.Contains(t, json, `"idle_ms":60000,"took_ms":12.346,"due":"1970-01-01T00:00:00Z","g":{"took_ms":1000}}`)
	text := line(logFormat{})
	require.Contains(t, text, `idle=1m0s took=12.345678ms due=1970-01-01T00:00:00.000Z g.took=1s`)
	for _, l := range []string{json, text} {
		require.NotContains(t, l, "0001")
		require.NotContains(t, l, "next")
	}
}
