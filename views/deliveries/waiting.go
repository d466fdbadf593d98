package deliveries

import (
	"fmt"
	"time"

	"hookline/models"
	"hookline/views/ui"
)

// Depth is how many wait.
func Depth(b models.Backlog) string {
	if b.More {
		return "more than " + ui.Count(models.MaxBacklog)
	}
	return ui.Count(int64(b.Waiting))
}

// Why is the reason that they wait, in a sentence.
func Why(b models.Backlog, now time.Time) string {
	switch b.Reason {
	case models.WaitOff:
		return "The webhook is not on. They go out when it is."
	case models.WaitSlow:
		return fmt.Sprintf("The receiver is slow: %s on the wire, the others follow.", ui.Counted(int64(b.InFlight), "request is", "requests are"))
	case models.WaitLimit:
		return fmt.Sprintf("Waiting for its rate limit: %s.", ui.PerSecond(b.RateLimit))
	case models.WaitSending:
		return "They are being sent now."
	case models.WaitRetry:
		return fmt.Sprintf("Attempts failed%s. The next one is due in %s.", lastStatus(b), ui.Age(b.Next.Sub(now)))
	}
	if b.Oldest.Attempts == 0 {
		return "They are due, and wait for their first attempt."
	}
	return "They are due, and wait for their turn."
}

func lastStatus(b models.Backlog) string {
	switch last := b.Oldest.Last; {
	case last.Status != 0:
		return fmt.Sprintf(" with %d", last.Status)
	case last.Outcome == models.Timeout:
		return " by timeout"
	}
	return ""
}

// WaitBadge is the reason in a word or two.
func WaitBadge(b models.Backlog) ui.BadgeProps {
	switch b.Reason {
	case models.WaitOff:
		return ui.BadgeProps{Icon: "power", Text: "Switched off"}
	case models.WaitSlow:
		return ui.BadgeProps{Tone: ui.ToneWarn, Icon: "clock", Text: "Slow receiver"}
	case models.WaitLimit:
		return ui.BadgeProps{Icon: "clock", Text: "Rate limit"}
	case models.WaitSending:
		return ui.BadgeProps{Tone: ui.ToneAccent, Icon: "loader-circle", Text: "Sending"}
	case models.WaitRetry:
		return ui.BadgeProps{Tone: ui.ToneWarn, Icon: "refresh-cw", Text: "Retrying"}
	}
	return ui.BadgeProps{Icon: "clock", Text: "Queued"}
}
