package models

import "time"

// OutcomeCounts counts what became of attempts. A delivery that is retried counts once
// as Retried for each failed attempt, and once under what it ended as; one that
// was retriggered after its end counts again. Tests are not in it.
type OutcomeCounts struct {
	Succeeded int64
	Failed    int64 // for good: no attempts left, or a permanent rejection
	Blocked   int64 // by the target guard
	Retried   int64 // failed attempts that are tried again
}

// Ended is how many deliveries came to an end.
func (t OutcomeCounts) Ended() int64 { return t.Succeeded + t.Failed + t.Blocked }

// Bad is how many attempts did not succeed.
func (t OutcomeCounts) Bad() int64 { return t.Failed + t.Blocked + t.Retried }

// Plus is the sum of two.
func (t OutcomeCounts) Plus(o OutcomeCounts) OutcomeCounts {
	return OutcomeCounts{t.Succeeded + o.Succeeded, t.Failed + o.Failed, t.Blocked + o.Blocked, t.Retried + o.Retried}
}

// Count adds one attempt and where it left its delivery.
func (t *OutcomeCounts) Count(state DeliveryState) {
	switch state {
	case Succeeded:
		t.Succeeded++
	case Failed:
		t.Failed++
	case Blocked:
		t.Blocked++
	case Pending:
		t.Retried++
	}
}

// Timed reports whether an attempt with this outcome says how long the receiver
// takes: it answered, or was waited for until the timeout. What was refused at
// once, or never sent, would only make a receiver look quick.
func (o Outcome) Timed() bool { return o == Success || o == HTTPError || o == Timeout }

// Range is a stretch of time to look at: its last bucket is the one that now is in.
type Range string

const (
	LastHour Range = "1h"
	LastDay  Range = "24h"
	LastWeek Range = "7d"
)

// Ranges in the order in which tabs offer them.
var Ranges = []Range{LastHour, LastDay, LastWeek}

// ParseRange reads a range; "" is a day. ok is false for what is none.
func ParseRange(text string) (r Range, ok bool) {
	switch r = Range(text); r {
	case "":
		return LastDay, true
	case LastHour, LastDay, LastWeek:
		return r, true
	}
	return LastDay, false
}

// Length is how far back the range looks; 0 for no known range.
func (r Range) Length() time.Duration {
	switch r {
	case LastHour:
		return time.Hour
	case LastDay:
		return 24 * time.Hour
	case LastWeek:
		return 7 * 24 * time.Hour
	}
	return 0
}

// Width is how long each bucket is.
func (r Range) Width() time.Duration {
	switch r {
	case LastHour:
		return time.Minute
	case LastWeek:
		return 3 * time.Hour
	}
	return 30 * time.Minute
}

// Buckets is how many there are.
func (r Range) Buckets() int { return int(r.Length() / r.Width()) }

// Start is when the first bucket begins; all begin at multiples of Width in UTC.
func (r Range) Start(now time.Time) time.Time {
	return now.UTC().Truncate(r.Width()).Add(-time.Duration(r.Buckets()-1) * r.Width())
}

// Bucket is one stretch of a range.
type Bucket struct {
	Start time.Time
	OutcomeCounts
	Latency Latency
}

// Latency is how long receivers took, within 6.25 %. Zero when nothing
// was timed.
type Latency struct{ P50, P95, P99 time.Duration }

// Stats are the deliveries of one webhook, or of several together.
type Stats struct {
	Range   Range
	Buckets []Bucket // oldest first, one for each stretch, empty ones too
	Total   OutcomeCounts
	Latency Latency // of the whole range
}

// Activity is a webhook's last 24 hours in short, as lists show it.
type Activity struct {
	OutcomeCounts
	Hours [24]OutcomeCounts // oldest first; the last one is the hour that now is in
	Last  time.Time         // when the newest delivery was made; zero: none yet
}
