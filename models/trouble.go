package models

// Fault is who has to do something about a delivery that did not succeed.
type Fault string

const (
	FaultNone     Fault = ""
	FaultReceiver Fault = "receiver" // it is down, slow, or broken
	FaultSettings Fault = "settings" // what we send, or where to, is not what it takes
)

// FaultOf tells from a delivery's last attempt whose fault it most likely is.
func FaultOf(last LastAttempt) Fault {
	switch last.Outcome {
	case Timeout, Network:
		return FaultReceiver
	case TLS, BlockedURL, RenderError, AuthError:
		return FaultSettings
	case HTTPError:
		switch s := last.Status; {
		case s >= 500, s == 408, s == 410, s == 425, s == 429:
			return FaultReceiver
		}
		return FaultSettings
	}
	return FaultNone
}

// TroubleKind is what is wrong with a webhook, the worst first.
type TroubleKind string

const (
	TroubleDisabled TroubleKind = "disabled" // switched off because it failed too long
	TroubleGone     TroubleKind = "gone"     // switched off because it answered 410
	TroubleFailing  TroubleKind = "failing"  // half of its newest deliveries or more do not arrive
	TroubleSome     TroubleKind = "some"     // some of them do not
	TroubleFilter   TroubleKind = "filter"   // its filter cannot tell of some events whether they are wanted
	TroubleWaits    TroubleKind = "waits"    // its endpoint has not confirmed yet (W4)
	TroubleOff      TroubleKind = "off"      // switched off by a person: no fault, but nothing arrives
)

// TroubleKinds in the order to show them.
var TroubleKinds = []TroubleKind{TroubleDisabled, TroubleGone, TroubleFailing, TroubleSome, TroubleFilter, TroubleWaits, TroubleOff}

// Trouble is a webhook that somebody should look at.
type Trouble struct {
	Webhook *Webhook
	Kind    TroubleKind
	Fault   Fault
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

// TroubleOf is what is wrong with a webhook; ok is false when nothing is.
func TroubleOf(w *Webhook, r Recent) (t Trouble, ok bool) {
	t = Trouble{Webhook: w, Recent: r, Fault: FaultOf(r.Newest.Last)}
	switch {
	case w.State == DisabledFailing:
		t.Kind = TroubleDisabled
	case w.State == Gone:
		t.Kind, t.Fault = TroubleGone, FaultReceiver
	case !w.Enabled:
		t.Kind, t.Fault = TroubleOff, FaultNone
	case w.State == PendingConfirmation:
		t.Kind, t.Fault = TroubleWaits, FaultNone
	case r.Bad > 0 && r.Bad >= r.Arrived:
		t.Kind = TroubleFailing
	case r.Bad > 0:
		t.Kind = TroubleSome
	default:
		return Trouble{}, false
	}
	return t, true
}
