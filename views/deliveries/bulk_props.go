package deliveries

import (
	"fmt"
	"strconv"
	"time"

	"hookline/models"
	"hookline/views/layout"
	"hookline/views/link"
	"hookline/views/ui"
)

// BulkProps is the page that says what a bulk job would do, and starts it.
type BulkProps struct {
	Page    layout.Page
	Kind    models.BulkKind
	Filter  link.Bulk
	Webhook *models.Webhook
	Rate    string // as typed
	Count   int
	More    bool // there are more than Count
	Errors  ui.Errors
}

// JobProps is one bulk job: its page, or the part of it that changes.
type JobProps struct {
	Page      layout.Page
	Job       models.BulkJob
	Webhook   string // the name of the one it keeps to; "" for several
	CanCancel bool
}

// JobsProps is the list of bulk jobs.
type JobsProps struct {
	Page  layout.Page
	Jobs  []JobProps
	Pager ui.PagerProps
}

// BulkActionsProps is what a log offers for all that its filter matches.
type BulkActionsProps struct {
	Filter  link.Bulk
	Allowed bool
}

// retriggers reports whether what the log shows can be retriggered at all.
func (p BulkActionsProps) retriggers() bool {
	return p.Filter.State != models.Running
}

// cancels reports whether the log may show something that has not ended.
func (p BulkActionsProps) cancels() bool {
	return p.Filter.State == "" || p.Filter.State == models.Pending || p.Filter.State == models.Running
}

// retriggering is the filter for a retrigger: without a state, what went wrong.
func (p BulkActionsProps) retriggering() link.Bulk {
	f := p.Filter
	if f.State == "" {
		f.State = models.AnyProblem
	}
	return f
}

// cancelling is the filter for a cancel: what has not ended.
func (p BulkActionsProps) cancelling() link.Bulk {
	f := p.Filter
	f.State = models.Pending
	return f
}

func (p BulkProps) cancels() bool { return p.Kind == models.BulkCancel }

func (p BulkProps) self() string {
	if p.cancels() {
		return link.BulkCancel(link.Bulk{})
	}
	return link.BulkRetrigger(link.Bulk{})
}

func (p BulkProps) title() string {
	if p.cancels() {
		return "Cancel all that match"
	}
	return "Retrigger all that match"
}

// back is the log that the page was opened from.
func (p BulkProps) back() string {
	logs := link.Logs{Of: p.Filter.WebhookID, Filter: p.Filter.Filter}
	logs.Filter.WebhookID = ""
	return logs.URL()
}

func (p BulkProps) crumbs() []ui.Crumb {
	crumbs := []ui.Crumb{{Text: "Webhooks", Href: link.Webhooks}}
	if p.Webhook != nil {
		crumbs = append(crumbs, ui.Crumb{Text: p.Webhook.Name, Href: link.Webhook(p.Webhook.ID)}, ui.Crumb{Text: "Logs", Href: p.back()})
	}
	return crumbs
}

// counted is how many there are: "1,234", "more than 10,000".
func counted(n int, more bool) string {
	if more {
		return "more than " + number(n)
	}
	return number(n)
}

// number writes 1234567 as 1,234,567.
func number(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

func deliveriesWord(n int) string {
	if n == 1 {
		return "delivery"
	}
	return "deliveries"
}

func matchWords(n int) string {
	if n == 1 {
		return "delivery matches"
	}
	return "deliveries match"
}

func (p BulkProps) button() string {
	verb := "Retrigger "
	if p.cancels() {
		verb = "Cancel "
	}
	return verb + counted(p.Count, p.More) + " " + deliveriesWord(p.Count)
}

// will says what happens when the job is started.
func (p BulkProps) will() []string {
	if p.cancels() {
		return []string{
			"They are not attempted any more. An attempt that is on the wire now still goes out, and is not retried.",
			"A cancelled delivery can be retriggered later.",
		}
	}
	lines := []string{
		"Each keeps its delivery id, so a receiver that remembers ids is not confused, and starts with a fresh count of tries.",
		"The set is fixed when you start: what fails later is not swept in.",
	}
	if p.Webhook != nil && !p.Webhook.Delivers() {
		lines = append(lines, "The webhook is switched off, so they wait until it is on again.")
	}
	return lines
}

// bulkRates are offered; any other from 1 to 1,000 can be asked for by the API.
var bulkRates = []int{1, 5, 20, models.DefaultBulkRate, 200, models.MaxBulkRate}

func (p BulkProps) rates() []ui.Option {
	var options []ui.Option
	known := false
	for _, rate := range bulkRates {
		value := strconv.Itoa(rate)
		known = known || value == p.Rate
		options = append(options, ui.Option{Value: value, Text: fmt.Sprintf("%s a second, takes %s", number(rate), p.takes(rate))})
	}
	if rate, err := strconv.Atoi(p.Rate); err == nil && !known {
		options = append(options, ui.Option{Value: p.Rate, Text: fmt.Sprintf("%d a second, takes %s", rate, p.takes(rate))})
	}
	return options
}

func (p BulkProps) takes(rate int) string {
	text := about(models.BulkDuration(p.Count, rate))
	if p.More {
		return "more than " + text
	}
	return text
}

// about is a duration without false exactness: "about 4 min".
func about(d time.Duration) string {
	switch {
	case d < 2*time.Second:
		return "a moment"
	case d < 90*time.Second:
		return fmt.Sprintf("about %d s", int(d.Round(time.Second).Seconds()))
	case d < 90*time.Minute:
		return fmt.Sprintf("about %d min", int(d.Round(time.Minute).Minutes()))
	}
	return fmt.Sprintf("about %d h", int(d.Round(time.Hour).Hours()))
}

func (p BulkProps) states() []ui.Option {
	var states []models.DeliveryState
	options := []ui.Option{{Value: string(models.AnyProblem), Text: "Failed or blocked"}}
	if p.cancels() {
		options, states = []ui.Option{{Value: string(models.Pending), Text: "Not ended yet"}}, []models.DeliveryState{models.Running}
	} else {
		states = []models.DeliveryState{models.Failed, models.Blocked, models.Cancelled, models.Succeeded, models.Pending}
	}
	for _, s := range states {
		options = append(options, ui.Option{Value: string(s), Text: ui.StateTitle(s)})
	}
	return options
}
