package service

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func frozen() func() time.Time {
	now := time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC)
	return func() time.Time { return now }
}

// A network that is refused cannot fill the memory of the throttle, and so make it
// forget what was tried before.
func TestThrottleIsNotFlushed(t *testing.T) {
	pace := newPasswordPace(frozen())
	for pace.allow("pat@example.com", "192.0.2.1") {
		continue
	}
	for i := range maxBuckets + 1000 {
		pace.allow("u"+strconv.Itoa(i), "192.0.2.2")
	}
	require.Less(t, pace.buckets.Len(), 200)
	require.False(t, pace.allow("pat@example.com", "192.0.2.1"))
}

// Guessing one account from ever more networks, of which there are more than the
// memory holds, comes to an end, and sets no other account free.
func TestThrottleBoundsManyNetworks(t *testing.T) {
	pace := newPasswordPace(frozen())
	for pace.allow("sam@example.com", "192.0.2.1") {
		continue
	}
	guesses := 0
	for i := range maxBuckets + 1000 {
		if pace.allow("pat@example.com", "2001:db8:0:"+strconv.FormatInt(int64(i), 16)+"::/64") {
			guesses++
		}
		pace.allow("sam@example.com", "192.0.2.1") // goes on, so it stays in memory
	}
	require.Equal(t, 100, guesses)
	require.LessOrEqual(t, pace.buckets.Len(), maxBuckets)
	require.False(t, pace.allow("sam@example.com", "192.0.2.1"))
}

// A flood of failures has few entries in the audit log, and loses no count.
func TestSignInLogCountsAFlood(t *testing.T) {
	now := time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC)
	log := newSignInLog(func() time.Time { return now })
	const tries = 20_000
	written := 0
	for i := range tries {
		if log.failed(signInTry{"u" + strconv.Itoa(i%5000), "192.0.2." + strconv.Itoa(i%7)}) {
			written++
		}
	}
	require.Equal(t, firstBurst, written)
	require.LessOrEqual(t, len(log.open), firstBurst)
	counted, rest := log.take(false)
	require.Empty(t, counted, "their time is not over")
	more, none := log.take(true)
	require.Zero(t, none)
	total := written + rest
	for _, n := range more {
		total += n
	}
	require.Equal(t, tries, total)
}
