package jobs

import (
	"slices"
	"strconv"
	"time"

	"hookline/models"
)

// Decision is what follows from an attempt.
type Decision struct {
	State models.DeliveryState
	DueAt time.Time // of the next attempt, when State is Pending
	Gone  bool      // the receiver says it is gone for good: switch the webhook off
}

// Decide is the retry decision, a pure function. tries counts the attempts since
// the delivery last became due anew, this one included; retryAfter is what the
// receiver asked for, 0 for nothing; jitter is in [0, 1).
func Decide(s models.Schedule, tries int, a models.Attempt, retryAfter time.Duration, now time.Time, jitter float64) Decision {
	switch {
	case a.Outcome == models.Success:
		return Decision{State: models.Succeeded}
	case a.Outcome == models.BlockedURL:
		return Decision{State: models.Blocked}
	case s.GoneDisable && a.Status == 410:
		return Decision{State: models.Failed, Gone: true}
	case tries >= s.Attempts || !retryable(s.RetryOn, a):
		return Decision{State: models.Failed}
	}
	delay := jittered(delayBefore(s.Delays, tries), s.Jitter, jitter)
	if s.RetryAfter {
		delay = max(delay, retryAfter)
	}
	return Decision{State: models.Pending, DueAt: now.Add(delay)}
}

func retryable(on []string, a models.Attempt) bool {
	switch a.Outcome {
	case models.Timeout:
		return slices.Contains(on, models.OnTimeout)
	case models.Network:
		return slices.Contains(on, models.OnNetwork)
	case models.TLS:
		return slices.Contains(on, models.OnTLS)
	case models.AuthError:
		// A secret that cannot be opened stays shut; a token may be had later.
		return a.Cause.OfTokenFetch() && slices.Contains(on, models.OnAuth)
	case models.HTTPError:
		class := strconv.Itoa(a.Status/100) + "xx"
		return slices.Contains(on, class) || slices.Contains(on, strconv.Itoa(a.Status))
	}
	return false // a request that could not be built will not build itself
}

// delayBefore the attempt that follows the tries made; the last delay repeats.
func delayBefore(delays []time.Duration, tries int) time.Duration {
	if len(delays) == 0 {
		return 0
	}
	return delays[min(tries, len(delays))-1]
}

func jittered(delay time.Duration, spread, jitter float64) time.Duration {
	return delay + time.Duration(float64(delay)*spread*(2*jitter-1))
}
