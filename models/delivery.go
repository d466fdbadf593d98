package models

import (
	"slices"
	"time"
)

// DeliveryState is where a delivery stands.
type DeliveryState string

const (
	Pending   DeliveryState = "pending"   // waiting for its next attempt
	Running   DeliveryState = "running"   // held by a node: on the wire or next in its lane
	Succeeded DeliveryState = "succeeded" // a 2xx came back
	Failed    DeliveryState = "failed"    // no attempts left, or a permanent rejection
	Blocked   DeliveryState = "blocked"   // refused by the target guard
	Cancelled DeliveryState = "cancelled" // by a person, or because its webhook was deleted
)

// DeliveryStates in the order the log's filter offers them.
var DeliveryStates = []DeliveryState{Pending, Running, Succeeded, Failed, Blocked, Cancelled}

// Delivery is one event owed to one webhook.
type Delivery struct {
	ID        string
	EventID   string
	EventType string
	WebhookID string
	State     DeliveryState
	Test      bool      // made by Test hook
	Attempts  int       // attempts ever made
	Tries     int       // attempts since it last became due anew; the retry policy counts these
	DueAt     time.Time // next attempt, when pending
	CreatedAt time.Time
	// FinishedAt is zero until the delivery has ended.
	FinishedAt time.Time
	Last       LastAttempt
}

// LastAttempt is the newest attempt in short, so that a log page needs no join.
// It is zero before the first attempt.
type LastAttempt struct {
	Outcome  Outcome
	Status   int // 0 when there was no response
	Error    string
	Duration time.Duration
	At       time.Time
}

// LastOf is the one of the delivery's attempts, of which there is at least one, that
// Last sums up. It is not the newest when that came too late to change anything.
func (d Delivery) LastOf(attempts []Attempt) Attempt {
	for _, a := range slices.Backward(attempts) {
		if a.StartedAt.Equal(d.Last.At) {
			return a
		}
	}
	return attempts[len(attempts)-1]
}

// CanCancel reports whether the delivery has not ended yet. An attempt on the
// wire when it is cancelled goes on; if it arrives, the delivery has succeeded.
func (d Delivery) CanCancel() bool { return d.State == Pending || d.State == Running }

// CanRetrigger reports whether the delivery can be made due anew: not while it is
// being attempted.
func (d Delivery) CanRetrigger() bool { return d.State != Running }

// Work is a delivery that a node holds, with all it needs for an attempt.
type Work struct {
	Delivery
	Event   Event
	ClaimID string
	// LeaseUntil is when other nodes may take the delivery over.
	LeaseUntil time.Time
	// FilterFault says why the delivery is made although its webhook's filter could
	// not tell whether it is wanted; "" with almost all. Only Publish looks at it.
	FilterFault string
	// Target is where a test goes; of no other delivery.
	Target TestTarget
}

// Finish is what a node reports of a delivery it holds: the result of an
// attempt, or that it lets go of it without one.
type Finish struct {
	DeliveryID string
	ClaimID    string
	WebhookID  string        // whose stats it counts in
	Test       bool          // counts in none
	Attempt    *Attempt      // nil: none was made
	State      DeliveryState // Pending, or an end
	Tries      int
	DueAt      time.Time // of the next attempt when Pending; of the lease's end with KeepClaim
	KeepClaim  bool      // this node goes on with it: only the lease is lengthened
}

// Finished reports an attempt as the last of a try: the delivery ends in the state, or
// stays Pending until the next try is due.
func (w Work) Finished(a Attempt, state DeliveryState, tries int, due time.Time) Finish {
	return Finish{
		DeliveryID: w.ID, ClaimID: w.ClaimID, WebhookID: w.WebhookID, Test: w.Test,
		Attempt: &a, State: state, Tries: tries, DueAt: due,
	}
}

// Renewed reports an attempt whose access token was refused, which is no try: the
// receiver did not judge the event. This node keeps the claim until the lease ends,
// and repeats the attempt at once (I6).
func (w Work) Renewed(a Attempt, lease time.Time) Finish {
	f := w.Finished(a, Pending, w.Tries, lease)
	f.KeepClaim = true
	return f
}

// Waiting is a webhook with pending deliveries, and when the first falls due.
type Waiting struct {
	WebhookID string
	DueAt     time.Time
}

// Lease is how long a node may hold a delivery before others take it over. With
// the poll it stays under the promised 60 seconds, and above the longest timeout.
const Lease = 45 * time.Second
