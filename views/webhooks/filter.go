package webhooks

import (
	"fmt"
	"time"

	"hookline/models"
	"hookline/views/link"
)

// FilterTried is what a filter makes of recent events.
type FilterTried struct {
	Now        time.Time
	Filter     string // "" tries nothing: all are sent
	Fault      string // why it is no filter
	Held       string // why it was not tried
	Events     []FilterEvent
	Matching   int
	Untried    int  // more that time did not suffice for
	LinkEvents bool // the user may read events
}

// FilterEvent is an event, or the sample of a type when it has no id.
type FilterEvent struct {
	Event   models.Event
	Matches bool
	Why     string // the term that is false, or why the filter cannot tell
	Fault   bool   // it cannot tell, so the event is sent
}

func (t *FilterTried) summary() string {
	switch {
	case t.Fault != "":
		return t.Fault
	case len(t.Events) == 0:
		return "There are no events of these types yet, and no samples to try."
	case t.Events[0].Event.ID == "":
		return fmt.Sprintf("No such event came in yet. Of %s, %d would be sent.", plural(len(t.Events), "sample"), t.Matching)
	case t.Filter == "":
		return fmt.Sprintf("Without a filter all of the last %s are sent.", plural(len(t.Events), "event"))
	}
	text := fmt.Sprintf("Of the last %s, %d would be sent.", plural(len(t.Events), "event"), t.Matching)
	if t.Untried > 0 {
		text += fmt.Sprintf(" The filter took too long for %d more.", t.Untried)
	}
	return text
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func (p FormProps) filterAction() string {
	if p.ID == "" {
		return link.WebhookNewFilter
	}
	return link.WebhookFilter(p.ID)
}

// decision is whether the event is sent, in a word.
func (e FilterEvent) decision() string {
	switch {
	case e.Fault:
		return "Sent: cannot tell"
	case e.Matches:
		return "Sent"
	}
	return "Not sent"
}
