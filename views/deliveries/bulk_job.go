package deliveries

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"hookline/models"
	"hookline/views/link"
	"hookline/views/ui"
)

// filterLine is one part of a filter in words.
type filterLine struct {
	Label string
	Text  string
	Mono  bool
}

// filterLines says which deliveries belong to the job.
func (p JobProps) filterLines() []filterLine {
	f := p.Job.Filter
	lines := []filterLine{{Label: "Webhook", Text: cmp.Or(p.Webhook, "All webhooks")}}
	for _, l := range []filterLine{
		{"State", stateWords(f.State), false}, {"Event type", f.EventType, true}, {"Event", f.EventID, true}, {"Status", f.Status, true}, {"Host", f.Host, true},
		{"Since", utc(f.Since), true}, {"Until", utc(f.Until), true}, {"Search", f.Search, true},
	} {
		if l.Text != "" {
			lines = append(lines, l)
		}
	}
	if p.Job.Tests {
		lines = append(lines, filterLine{Label: "Tests", Text: "Included"})
	}
	return lines
}

func utc(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04:05 UTC")
}

func stateWords(state models.DeliveryState) string {
	switch state {
	case "":
		return ""
	case models.AnyProblem:
		return "Failed or blocked"
	case models.Pending:
		return "Not ended yet"
	}
	return ui.StateTitle(state)
}

func (p JobProps) title() string { return kindTitle(p.Job.Kind) }

func kindTitle(k models.BulkKind) string {
	if k == models.BulkCancel {
		return "Bulk cancel"
	}
	return "Bulk retrigger"
}

func (p JobProps) runs() bool { return p.Job.State == models.BulkRunning }

func (p JobProps) badge() ui.BadgeProps {
	switch p.Job.State {
	case models.BulkRunning:
		return ui.BadgeProps{Tone: ui.ToneAccent, Icon: "loader-circle", Text: "Running"}
	case models.BulkDone:
		return ui.BadgeProps{Tone: ui.ToneOK, Icon: "check", Text: "Done"}
	case models.BulkFailed:
		return ui.BadgeProps{Tone: ui.ToneBad, Icon: "x", Text: "Stopped"}
	}
	return ui.BadgeProps{Icon: "circle-slash", Text: "Cancelled"}
}

// doneWord is what has been done to a delivery.
func doneWord(k models.BulkKind) string {
	if k == models.BulkCancel {
		return "cancelled"
	}
	return "retriggered"
}

// progressText is how far the job is: "12 of 30".
func progressText(j models.BulkJob) string {
	if !j.Counted() && j.State == models.BulkRunning {
		return fmt.Sprintf("%s of more than %s", number(j.Handled()), number(j.Total()))
	}
	return fmt.Sprintf("%s of %s", number(j.Handled()), number(j.Total()))
}

// percent is the length of the bar; a job that has ended well is full.
func percent(j models.BulkJob) int {
	if j.Total() == 0 {
		if j.State == models.BulkDone {
			return 100
		}
		return 0
	}
	return j.Handled() * 100 / j.Total()
}

func (p JobProps) leftText() string {
	text := about(p.Job.Left())
	if !p.Job.Counted() {
		return "More than " + text
	}
	return upper(text)
}

func upper(text string) string {
	if text != "" && text[0] >= 'a' && text[0] <= 'z' {
		return string(text[0]-'a'+'A') + text[1:]
	}
	return text
}

// summary is the end in a sentence.
func (p JobProps) summary() string {
	j := p.Job
	done := fmt.Sprintf("%s %s %s.", number(j.Done), wasOrWere(j.Done), doneWord(j.Kind))
	switch {
	case j.State == models.BulkCancelled:
		return done + " The rest stays as it was."
	case j.State == models.BulkFailed:
		return j.Reason + " " + done + " The rest stays as it was."
	case j.Kind == models.BulkRetrigger && j.Done > 0:
		return done + " The log shows what becomes of them."
	case j.Done == 0 && j.Skipped == 0:
		return "Nothing matched."
	}
	return done
}

func wasOrWere(n int) string {
	if n == 1 {
		return "delivery was"
	}
	return "deliveries were"
}

func (p JobProps) summaryTone() (ui.Tone, string, string) {
	switch p.Job.State {
	case models.BulkFailed:
		return ui.ToneBad, "circle-x", "It was stopped"
	case models.BulkCancelled:
		return ui.ToneNone, "circle-slash", "Cancelled"
	}
	return ui.ToneOK, "circle-check", "Done"
}

// log is where the deliveries of the job are to be seen.
func (p JobProps) log() string {
	f := models.DeliveryFilter{EventType: p.Job.Filter.EventType, EventID: p.Job.Filter.EventID, Host: p.Job.Filter.Host, Search: p.Job.Filter.Search}
	return link.Logs{Of: p.Job.WebhookID, Filter: link.Filter{DeliveryFilter: f}}.URL()
}

func percentText(j models.BulkJob) string { return strconv.Itoa(percent(j)) + "%" }

// inShort is the filter in one line.
func (p JobProps) inShort() string {
	var words []string
	for _, l := range p.filterLines() {
		words = append(words, l.Text)
	}
	return strings.Join(words, " · ")
}
