package models

import (
	"math"
	"time"
)

// Bounds of a webhook's rate limit, in attempts per second (I9).
const (
	MinRateLimit = 0.01
	MaxRateLimit = 1000
)

// gcraBurst is how much of a second may go out at once after a pause. It is as
// long as a timer on a busy machine may be late, so that a high limit is reached
// all the same. It is no longer, because a receiver counts by the second or less:
// below 40 a second every attempt keeps its distance from the one before.
const gcraBurst = 50 * time.Millisecond

// GCRA is a rate limit as a bucket sees it, in whole microseconds, as the
// database counts. The zero value is no limit.
type GCRA struct {
	Every time.Duration // from one attempt to the next
	Burst int           // that may go at once after a pause
}

// GCRAOf makes the pace of attempts per second; 0 is no limit.
func GCRAOf(perSecond float64) GCRA {
	if perSecond <= 0 {
		return GCRA{}
	}
	every := time.Duration(math.Ceil(1e6/perSecond)) * time.Microsecond
	return GCRA{Every: every, Burst: max(1, int(gcraBurst/every))}
}

// Limited reports whether there is a limit.
func (p GCRA) Limited() bool { return p.Every > 0 }

// Full is how long a whole burst takes to come back.
func (p GCRA) Full() time.Duration { return time.Duration(p.Burst) * p.Every }

// Take takes up to n permits out of a bucket at now. tat is the bucket: the
// theoretical arrival time of the generic cell rate algorithm (ITU-T I.371),
// zero for a full one. It returns the bucket afterwards, how many it got, and how
// long until the next is free.
//
// A bucket that stands further ahead than a whole burst was filled under a lower
// limit; it counts as just empty, so that a higher one takes effect at once.
func (p GCRA) Take(tat, now time.Time, n int) (next time.Time, got int, wait time.Duration) {
	end := now.Add(p.Full())
	if tat.Before(now) {
		tat = now
	}
	if tat.After(end) {
		tat = end
	}
	got = min(n, int(end.Sub(tat)/p.Every))
	tat = tat.Add(time.Duration(got) * p.Every)
	return tat, got, max(0, tat.Add(p.Every).Sub(end))
}

// validRateLimit takes 0 for none.
func validRateLimit(perSecond float64) bool {
	return perSecond == 0 || (perSecond >= MinRateLimit && perSecond <= MaxRateLimit)
}
