package home

import (
	"fmt"
	"time"

	"hookline/models"
	"hookline/views/ui"
)

// depth is how many wait.
func depth(w Waiting) string {
	if w.More {
		return "more than " + ui.Count(models.MaxBacklog)
	}
	return ui.Count(int64(w.Waiting))
}

// why is the reason that they wait, in a sentence.
func why(w Waiting, now time.Time) string {
	switch w.Reason {
	case models.WaitOff:
		return "The webhook is not on. They go out when it is."
	case models.WaitSlow:
		return fmt.Sprintf("The receiver is slow: %s on the wire, the others follow.", ui.Counted(int64(w.InFlight), "request is", "requests are"))
	case models.WaitSending:
		return "They are being sent now."
	case models.WaitRetry:
		return fmt.Sprintf("Attempts failed%s. The next one is due in %s.", lastStatus(w), ui.Age(w.Next.Sub(now)))
	}
	if w.Oldest.Attempts == 0 {
		return "They are due, and wait for their first attempt."
	}
	return "They are due, and wait for their turn."
}

func lastStatus(w Waiting) string {
	switch last := w.Oldest.Last; {
	case last.Status != 0:
		return fmt.Sprintf(" with %d", last.Status)
	case last.Outcome == models.Timeout:
		return " by timeout"
	}
	return ""
}

func reason(w Waiting) ui.BadgeProps {
	switch w.Reason {
	case models.WaitOff:
		return ui.BadgeProps{Icon: "power", Text: "Switched off"}
	case models.WaitSlow:
		return ui.BadgeProps{Tone: ui.ToneWarn, Icon: "clock", Text: "Slow receiver"}
	case models.WaitSending:
		return ui.BadgeProps{Tone: ui.ToneAccent, Icon: "loader-circle", Text: "Sending"}
	case models.WaitRetry:
		return ui.BadgeProps{Tone: ui.ToneWarn, Icon: "refresh-cw", Text: "Retrying"}
	}
	return ui.BadgeProps{Icon: "clock", Text: "Queued"}
}

// example is a request that can be sent as it stands, but for the token.
func (s Steps) example() string {
	return "curl " + s.BaseURL + "/api/v1/events \\\n" +
		"  -H 'Authorization: Bearer hl_YOUR_TOKEN' \\\n" +
		"  -H 'Content-Type: application/json' \\\n" +
		"  -d '{\"type\": \"" + s.EventType + "\", \"data\": {\"hello\": \"world\"}}'"
}
