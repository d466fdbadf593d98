package models

import "time"

// MaxBacklog is how far waiting deliveries are counted; beyond it the exact
// number helps nobody and costs much.
const MaxBacklog = 10_000

// WaitReason is why a webhook's deliveries wait.
type WaitReason string

const (
	WaitOff     WaitReason = "off"        // switched off: they go out when it is on again
	WaitRetry   WaitReason = "retry"      // an attempt failed: they wait for their next one
	WaitSlow    WaitReason = "slow"       // the receiver takes long, and all its places are taken
	WaitLimit   WaitReason = "rate_limit" // due, and the webhook's rate limit lets them out one by one (I9)
	WaitSending WaitReason = "sending"    // on the wire, or next in line
	WaitQueued  WaitReason = "queued"     // due, and waiting for its turn
)

// Backlog is what waits for one webhook.
type Backlog struct {
	WebhookID string
	Waiting   int  // at most MaxBacklog
	More      bool // there are more than that
	// Oldest is the delivery made first of those counted. Of more than MaxBacklog
	// those that fall due first and last are looked at.
	Oldest Delivery
	// Next is when the first falls due of those that nobody holds; zero when all
	// that were looked at are held.
	Next   time.Time
	Held   int // of the first that fall due: on the wire or next in line, on any node
	Reason WaitReason
	// RateLimit is the webhook's, for WaitLimit.
	RateLimit float64
	// InFlight is how many requests to it are on the wire from this node.
	InFlight int
}

// Lane is what a node has in memory for one webhook. The zero value is nothing.
type Lane struct {
	Queued   int
	InFlight int
	Limit    int // of InFlight, as learnt from the receiver's answers
	Slow     bool
	Limited  bool // what comes now waits for the webhook's rate limit
}

// ReasonOf says why b waits for its webhook; lane is this node's. What other
// nodes have in memory shows only as held in the table.
func (b Backlog) ReasonOf(w *Webhook, lane Lane, now time.Time) WaitReason {
	switch {
	case !w.Delivers():
		return WaitOff
	case lane.Slow && lane.InFlight >= lane.Limit && lane.Queued > 0:
		return WaitSlow
	case b.limited(w, lane, now):
		return WaitLimit
	case lane.InFlight > 0 || lane.Queued > 0 || b.Held > 0:
		return WaitSending
	case b.Next.After(now):
		return WaitRetry
	}
	return WaitQueued
}

// limited: what other nodes hold back shows only in that they hold more than
// one, while this node has none.
func (b Backlog) limited(w *Webhook, lane Lane, now time.Time) bool {
	due := !b.Next.IsZero() && !b.Next.After(now)
	switch {
	case w.RateLimit == 0:
		return false
	case lane.Limited:
		return lane.Queued > 0 || due
	}
	return b.Held > 1 && lane.Queued == 0 && lane.InFlight == 0
}
