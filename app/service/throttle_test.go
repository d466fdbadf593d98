package service

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// An address that is refused cannot fill the memory of the throttle, and so make
// it forget what was tried before.
func TestThrottleIsNotFlushed(t *testing.T) {
	now := time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC)
	throttle := newThrottle(func() time.Time { return now })
	for throttle.allow("pat@example.com", "192.0.2.1") {
		continue
	}
	for i := range maxBuckets + 1000 {
		throttle.allow("u"+strconv.Itoa(i), "192.0.2.2")
	}
	require.Less(t, len(throttle.buckets), 100)
	require.False(t, throttle.allow("pat@example.com", "192.0.2.1"))
}
