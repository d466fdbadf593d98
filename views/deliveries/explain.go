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
	diagnosis := models.Diagnose(d.Last.Outcome, d.Last.Status, cause)
	if d.Test {
		diagnosis = diagnosis.OfTest()
	}
	switch d.State {
	case models.Succeeded:
		return story{ui.ToneOK, "circle-check", fmt.Sprintf("Delivered: the receiver answered %d after %s.", d.Last.Status, ui.Took(d.Last.Duration)), ""}
	case models.Running:
		return story{ui.ToneNone, "loader-circle", "Being sent now.", "The answer appears here in a moment."}
	case models.Pending:
		return tellPending(d, max, held, diagnosis)
	case models.Cancelled:
		return story{ui.ToneNone, "circle-slash", "Cancelled: nothing more is sent.", "Retrigger it to send it after all."}
	case models.Blocked:
		return story{ui.ToneBad, "shield-alert", "Not sent: " + diagnosis.What + ".", diagnosis.Advice}
	}
	title := fmt.Sprintf("Failed: %s.", diagnosis.What)
	if d.Tries > 1 {
		title = fmt.Sprintf("Failed after %d attempts: %s.", d.Tries, diagnosis.What)
	}
	return story{ui.ToneBad, "circle-x", title, diagnosis.Advice}
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

// cause is what the last attempt's error is called; "" before the first one.
func (p ShowProps) cause() models.Cause {
	if len(p.Attempts) == 0 {
		return ""
	}
	return p.Attempts[len(p.Attempts)-1].Cause
}
