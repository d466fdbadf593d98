package account

import (
	"hookline/app/ratelimit"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func frozen() func() time.Time {
	now := time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC)
	return func() time.Time { return now }
}

// A network that is refused cannot fill the memory of the limits, and so make it
// forget what was tried before.
func TestLimitsAreNotFlushed(t *testing.T) {
	limits := newPasswordLimits(frozen())
	for limits.allow("pat@example.com", "192.0.2.1") {
		continue
	}
	for i := range ratelimit.MaxBuckets + 1000 {
		limits.allow("u"+strconv.Itoa(i), "192.0.2.2")
	}
	require.Less(t, limits.tries.Len(), 200)
	require.False(t, limits.allow("pat@example.com", "192.0.2.1"))
}

// Guessing one account from ever more networks, of which there are more than the
// memory holds, comes to an end, and sets no other account free.
func TestLimitsBoundManyNetworks(t *testing.T) {
	limits := newPasswordLimits(frozen())
	for limits.allow("sam@example.com", "192.0.2.1") {
		continue
	}
	guesses := 0
	for i := range ratelimit.MaxBuckets + 1000 {
		if limits.allow("pat@example.com", "2001:db8:0:"+strconv.FormatInt(int64(i), 16)+"::/64") {
			guesses++
		}
		limits.allow("sam@example.com", "192.0.2.1") // goes on, so it stays in memory
	}
	require.Equal(t, 100, guesses)
	require.LessOrEqual(t, limits.tries.Len(), ratelimit.MaxBuckets)
	require.False(t, limits.allow("sam@example.com", "192.0.2.1"))
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
	counted, none := log.take(false)
	require.Empty(t, counted, "their time is not over")
	require.Zero(t, none)
	more, rest := log.take(true)
	total := written + rest
	for _, n := range more {
		total += n
	}
	require.Equal(t, tries, total)
}
