package home

import (
	"fmt"
	"net/http"
	"strings"

	"hookline/models"
	"hookline/views/stats"
	"hookline/views/ui"
)

// verdict is the answer to: is anything broken.
type verdict struct {
	Tone        ui.Tone
	Icon        string
	Title, Text string
}

func (p Props) verdict() verdict {
	broken, some, off := p.counts()
	switch {
	case broken > 0:
		return verdict{ui.ToneBad, "triangle-alert", ui.Counted(int64(broken), "webhook does not deliver", "webhooks do not deliver"), p.blames()}
	case some > 0:
		return verdict{ui.ToneWarn, "triangle-alert", ui.Counted(int64(some), "webhook fails now and then", "webhooks fail now and then"), p.blames()}
	case p.unsure() > 0:
		return verdict{ui.ToneWarn, "triangle-alert", ui.Counted(p.unsure(), "filter cannot tell which events are wanted", "filters cannot tell which events are wanted"), p.blames()}
	case p.late():
		return verdict{ui.ToneWarn, "clock", "Nothing is broken, but deliveries wait", "Why they wait stands below, webhook by webhook."}
	case off > 0:
		return verdict{ui.ToneOK, "circle-check", "Everything is delivered where it is switched on", p.calm()}
	}
	if p.Stats.Total.Ended() == 0 {
		return verdict{ui.ToneOK, "circle-check", "Nothing is broken", p.calm()}
	}
	return verdict{ui.ToneOK, "circle-check", "Everything is delivered", p.calm()}
}

// blames says in one sentence which sides have to act.
func (p Props) blames() string {
	count := map[models.Blame]int64{}
	for _, problem := range p.Problems {
		count[problem.Blame]++
	}
	var parts []string
	if n := count[models.BlameReceiver]; n > 0 {
		parts = append(parts, ui.Counted(n, "receiver is", "receivers are")+" down, slow or refusing")
	}
	if n := count[models.BlameSettings]; n > 0 {
		parts = append(parts, ui.Counted(n, "webhook needs a change in its settings here", "webhooks need a change in their settings here"))
	}
	return strings.Join(parts, "; ")
}

func (p Props) calm() string {
	done := p.Stats.Total.Ended()
	text := ui.Counted(int64(p.Webhooks), "webhook", "webhooks") + ", "
	if done == 0 {
		return text + "no deliveries in the " + stats.Title(p.Stats.Range) + "."
	}
	return text + ui.Counted(done, "delivery", "deliveries") + " in the " + stats.Title(p.Stats.Range) + "."
}

// badge is a problem in two words.
func badge(p Problem) ui.BadgeProps {
	switch p.Kind {
	case models.ProblemFailing:
		return ui.BadgeProps{Tone: ui.ToneBad, Icon: "x", Text: "Failing"}
	case models.ProblemSome:
		return ui.BadgeProps{Tone: ui.ToneWarn, Icon: "triangle-alert", Text: "Some fail"}
	case models.ProblemFilter:
		return ui.BadgeProps{Tone: ui.ToneWarn, Icon: "list-filter", Text: "Filter fails"}
	}
	return ui.WebhookState(*p.Webhook)
}

// blame is the side that has to act.
func blame(p Problem) ui.BadgeProps {
	switch p.Blame {
	case models.BlameReceiver:
		return ui.BadgeProps{Icon: "server-crash", Text: "At the receiver"}
	case models.BlameSettings:
		return ui.BadgeProps{Icon: "pencil", Text: "In the settings here"}
	}
	return ui.BadgeProps{}
}

// cause is what happened, in a sentence.
func cause(p Problem) string {
	last := p.Recent.Newest.Last
	switch {
	case p.Kind == models.ProblemOff:
		return "Somebody switched it off. New events make no deliveries for it."
	case p.Kind == models.ProblemWaits:
		return "Its endpoint has not confirmed it yet. New events make no deliveries for it."
	case p.Kind == models.ProblemFilter:
		return sentence(p.Filter.Fault)
	case p.Kind == models.ProblemGone:
		return "It answered 410 Gone."
	case last.Outcome == models.HTTPError:
		return "It answers " + strings.TrimSpace(fmt.Sprintf("%d %s", last.Status, http.StatusText(last.Status))) + "."
	case last.Error != "":
		return sentence(last.Error)
	}
	return "Its deliveries did not arrive."
}

// sentence makes one of an error as the log has it.
func sentence(text string) string {
	r := []rune(strings.TrimSpace(text))
	if len(r) == 0 {
		return ""
	}
	return strings.ToUpper(string(r[:1])) + strings.TrimSuffix(string(r[1:]), ".") + "."
}

// next is what to do about it: what the log of its newest failure advises, and
// what switching the webhook on again takes.
func next(p Problem) string {
	last := p.Recent.Newest.Last
	advice := models.Diagnose(last.Outcome, last.Status, "").Advice
	switch {
	case p.Kind == models.ProblemOff:
		return ""
	case p.Kind == models.ProblemWaits:
		return "It answers with the confirmation token, or you switch it on."
	case p.Kind == models.ProblemFilter:
		return "What the filter cannot decide on is sent. Mend the filter, and check it against recent events."
	case p.Kind == models.ProblemGone:
		return models.Diagnose(models.HTTPError, http.StatusGone, "").Advice
	case p.Kind == models.ProblemDisabled && p.Blame == models.BlameSettings:
		return advice + " Then switch it on again."
	case p.Kind == models.ProblemDisabled:
		return "Send a test; when it arrives, switch it on again."
	}
	return advice
}

// extent is how much of it.
func extent(p Problem) string {
	if p.quiet() {
		return ""
	}
	if p.Kind == models.ProblemFilter {
		return ui.Counted(int64(p.Filter.Count), "delivery", "deliveries") + " in 24 hours that it could not decide on"
	}
	total := p.Recent.Arrived + p.Recent.Bad
	text := ""
	if total > 0 {
		text = fmt.Sprintf("%d of the newest %d did not arrive", p.Recent.Bad, total)
	}
	if n := p.Day.Failed + p.Day.Blocked; n > 0 {
		text = strings.TrimPrefix(text+"; "+ui.Count(n)+" failed in 24 hours", "; ")
	}
	return text
}

// quiet reports whether nothing failed: the webhook is only not on.
func (p Problem) quiet() bool {
	return p.Kind == models.ProblemOff || p.Kind == models.ProblemWaits
}
