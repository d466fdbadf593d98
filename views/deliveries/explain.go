package deliveries

import (
	"fmt"

	"hookline/models"
	"hookline/views/ui"
)

// story is a delivery in plain words: what happened, and what to do next.
type story struct {
	Tone  ui.Tone
	Icon  string
	Title string
	Next  string // what happens or what to do; "" when nothing is left to do
}

// tell sums a delivery up. held says that its webhook is switched off; cause is
// the last attempt's.
func tell(d models.Delivery, max int, held bool, cause models.Cause) story {
	diagnosis := d.Diagnosis(cause)
	switch d.State {
	case models.Succeeded:
		return story{ui.ToneOK, "circle-check", fmt.Sprintf("Delivered: the receiver answered %d after %s.", d.Last.Status, ui.Took(d.Last.Duration)), ""}
	case models.Running:
		return story{ui.ToneNone, "loader-circle", "Being sent now.", "The answer appears here in a moment."}
	case models.Pending:
		return tellPending(d, max, held, diagnosis)
	case models.Cancelled:
		return tellCancelled(d, diagnosis)
	case models.Blocked:
		return story{ui.ToneBad, "shield-alert", "Not sent: " + diagnosis.What + ".", diagnosis.Advice}
	}
	title := fmt.Sprintf("Failed: %s.", diagnosis.What)
	if d.Tries > 1 {
		title = fmt.Sprintf("Failed after %d attempts: %s.", d.Tries, diagnosis.What)
	}
	return story{ui.ToneBad, "circle-x", title, diagnosis.Advice}
}

// tellCancelled: an attempt that arrived makes a cancelled delivery a delivered one,
// so one that stays cancelled has only failures behind it.
func tellCancelled(d models.Delivery, diagnosis models.Diagnosis) story {
	s := story{ui.ToneNone, "circle-slash", "Cancelled: nothing more is sent.", "Retrigger it to send it after all."}
	if d.Last.Outcome != "" && d.Last.Outcome != models.Success {
		s.Next = "Its last attempt did not arrive: " + diagnosis.What + ". " + s.Next
	}
	return s
}

func tellPending(d models.Delivery, max int, held bool, diagnosis models.Diagnosis) story {
	s := story{ui.ToneNone, "clock", "Waiting for its first attempt.", ""}
	if d.Attempts > 0 {
		s = story{ui.ToneWarn, "clock", fmt.Sprintf("Attempt %s failed: %s.", attemptText(d, max), diagnosis.What), diagnosis.Advice}
		if d.Tries == 0 {
			s = story{ui.ToneNone, "clock", "Retriggered: waiting for its next attempt.", ""}
		}
	}
	if held {
		s.Next = "The webhook is switched off. This goes out when it is switched on again, unless you cancel it."
	}
	return s
}

// tell sums up what the page shows. In memory a delivery may wait for its
// webhook's rate limit while the table says that it is held.
func (p ShowProps) tell() story {
	d := p.Delivery
	if p.RateLimit == 0 {
		return tell(d, p.MaxAttempts, p.Held, p.cause())
	}
	d.State = models.Pending
	s := tell(d, p.MaxAttempts, false, p.cause())
	s.Next = "It is due, and waiting for its rate limit: the webhook gets " + ui.PerSecond(p.RateLimit) + ". Waiting counts no attempt."
	return s
}

// stateBadge is the delivery's state; one that waits for a rate limit of so many
// per second is not being sent yet.
func stateBadge(d models.Delivery, rateLimit float64) ui.BadgeProps {
	if rateLimit > 0 {
		d.State = models.Pending
	}
	return ui.DeliveryState(d.State, d.Attempts > 0)
}

// cause is what the last attempt's error is called; "" before the first one.
func (p ShowProps) cause() models.Cause {
	if len(p.Attempts) == 0 {
		return ""
	}
	return p.Delivery.LastOf(p.Attempts).Cause
}
