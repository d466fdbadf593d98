package models

// ProblemKind is what is wrong with a webhook, the worst first.
type ProblemKind string

const (
	ProblemDisabled ProblemKind = "disabled" // switched off because it failed too long
	ProblemGone     ProblemKind = "gone"     // switched off because it answered 410
	ProblemFailing  ProblemKind = "failing"  // half of its newest deliveries or more do not arrive
	ProblemSome     ProblemKind = "some"     // some of them do not
	ProblemFilter   ProblemKind = "filter"   // its filter cannot tell of some events whether they are wanted
	ProblemWaits    ProblemKind = "waits"    // its endpoint has not confirmed yet (W4)
	ProblemOff      ProblemKind = "off"      // switched off by a person: nothing failed, but nothing arrives
)

// ProblemKinds in the order to show them.
var ProblemKinds = []ProblemKind{ProblemDisabled, ProblemGone, ProblemFailing, ProblemSome, ProblemFilter, ProblemWaits, ProblemOff}

// Problem is why a webhook needs a look.
type Problem struct {
	Webhook *Webhook
	Kind    ProblemKind
	Blame   Blame
	Recent  Recent   // its newest deliveries
	Day     Activity // its last 24 hours
	Filter  FilterFaults
}

// FilterFaults are deliveries that were made although the webhook's filter could
// not tell whether their event is wanted.
type FilterFaults struct {
	Count  int
	Newest string // id of the newest of them
	Fault  string // why the filter could not tell of that one
}

// Recent sums up the newest deliveries of a webhook.
type Recent struct {
	Arrived int
	Bad     int // failed, blocked, or waiting for a retry
	// Newest is the newest of the bad ones; zero without any.
	Newest Delivery
}

// RecentOf takes deliveries newest first. Tests, and what was never attempted,
// say nothing of how events fare.
func RecentOf(list []Delivery) (r Recent) {
	for _, d := range list {
		if d.Test || d.Last.Outcome == "" {
			continue
		}
		switch d.State {
		case Succeeded:
			r.Arrived++
		case Failed, Blocked, Pending, Running:
			if r.Bad++; r.Bad == 1 {
				r.Newest = d
			}
		}
	}
	return r
}

// ProblemOf is what is wrong with a webhook; ok is false when nothing is.
func ProblemOf(w *Webhook, r Recent) (p Problem, ok bool) {
	p = Problem{Webhook: w, Recent: r, Blame: BlameOf(r.Newest.Last)}
	switch {
	case w.State == DisabledFailing:
		p.Kind = ProblemDisabled
	case w.State == Gone:
		p.Kind, p.Blame = ProblemGone, BlameReceiver
	case !w.Enabled:
		p.Kind, p.Blame = ProblemOff, BlameNone
	case w.State == PendingConfirmation:
		p.Kind, p.Blame = ProblemWaits, BlameNone
	case r.Bad > 0 && r.Bad >= r.Arrived:
		p.Kind = ProblemFailing
	case r.Bad > 0:
		p.Kind = ProblemSome
	default:
		return Problem{}, false
	}
	return p, true
}
