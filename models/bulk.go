package models

import "time"

// BulkKind is what a bulk job does with each delivery.
type BulkKind string

const (
	BulkRetrigger BulkKind = "retrigger"
	BulkCancel    BulkKind = "cancel"
)

// BulkState is where a bulk job stands.
type BulkState string

const (
	BulkRunning   BulkState = "running"
	BulkDone      BulkState = "done"
	BulkCancelled BulkState = "cancelled" // by a person; what was done stays done
	BulkFailed    BulkState = "failed"    // whoever started it may no longer do this
)

// BulkStates in the order the list's filter offers them.
var BulkStates = []BulkState{BulkRunning, BulkDone, BulkCancelled, BulkFailed}

// How fast a bulk job goes, in deliveries a second: a receiver that is just back
// on its feet must not be flooded.
const (
	MinBulkRate     = 1
	MaxBulkRate     = 1000
	DefaultBulkRate = 50
)

// BulkCountLimit is how far a preview counts. A job that runs goes on counting.
const BulkCountLimit = 5_000

// BulkJob retriggers or cancels all deliveries of a set, which is fixed when the
// job is asked for: those that match Filter at CreatedAt. What fails later is not
// swept in.
type BulkJob struct {
	ID        string
	Kind      BulkKind
	WebhookID string // "" when the filter names none
	Filter    DeliveryFilter
	// Unreadable reports that the filter was stored by a newer version of Hookline.
	// Filter is zero then, and must not be used.
	Unreadable bool
	Tests      bool // tests belong to the set, too
	Rate       int  // deliveries a second
	State      BulkState
	Reason     string // why it failed, in a sentence
	Through    string // the newest delivery there was
	Reached    string // the last delivery dealt with; "" at the start
	CountedTo  string // Matched counts as far as here
	Matched    int
	Done       int
	Skipped    int // deliveries being attempted, changed in the meantime, or of a deleted webhook

	CreatedBy     string // id of a user or token; "" for the command line
	CreatedByName string
	CreatedAt     time.Time
	FinishedAt    time.Time // zero while it runs
	NextAt        time.Time // of the next batch
}

// Counted reports whether Matched is the whole number, and not a part of it.
func (j BulkJob) Counted() bool { return j.CountedTo >= j.Through }

// Handled is how many deliveries it has dealt with.
func (j BulkJob) Handled() int { return j.Done + j.Skipped }

// Total is how many there are as far as is known, never less than were handled:
// what changed while the job ran may have been counted differently.
func (j BulkJob) Total() int { return max(j.Matched, j.Handled()) }

// Left is how long the rest will take at the job's rate, as far as is known.
func (j BulkJob) Left() time.Duration { return BulkDuration(j.Total()-j.Handled(), j.Rate) }

// BulkDuration is how long so many deliveries take at so many a second.
func BulkDuration(deliveries, rate int) time.Duration {
	return time.Duration(deliveries) * time.Second / time.Duration(max(rate, MinBulkRate))
}

// BulkInterval is how often a job acts when its rate allows more than one
// delivery in that time.
const BulkInterval = 250 * time.Millisecond

// Batch is how many deliveries the job takes at once.
func (j BulkJob) Batch() int {
	return max(1, int(time.Duration(j.Rate)*BulkInterval/time.Second))
}

// After is when the next batch is due, when n deliveries were sent on their way
// at now. A batch that came late is made up for, but never more than one.
func (j BulkJob) After(n int, now time.Time) time.Time {
	from := j.NextAt
	if now.Sub(from) > BulkInterval || from.After(now) {
		from = now
	}
	return from.Add(BulkDuration(n, j.Rate))
}

// CheckBulkRate notes a rate that is out of bounds.
func CheckBulkRate(errs *FieldErrors, rate int) {
	if rate < MinBulkRate || rate > MaxBulkRate {
		errs.Add("rate", "Give a rate from %d to %d deliveries a second.", MinBulkRate, MaxBulkRate)
	}
}
