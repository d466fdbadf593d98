package deliveries

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"hookline/models"
	"hookline/views/layout"
	"hookline/views/link"
	"hookline/views/ui"
)

// LogProps is a log: that of one webhook, or of the workspace.
type LogProps struct {
	Page     layout.Page
	Filter   link.Logs
	Errors   ui.Errors // by the names of the filter in the URL
	Types    []models.EventType
	Webhooks []models.Webhook // to choose from, in the workspace's log
	Hosts    []string         // to choose from
	Rows     []RowProps
	Older    string // cursor; "" when this page is the last
	// SearchedTo is set when only a part of the log was looked at.
	SearchedTo time.Time
	Running    []models.BulkJob // jobs at work on what the log shows
	// Empty says what to do when there is nothing at all; its action may be nil.
	Empty       ui.EmptyProps
	EmptyAction templ.Component
}

// wide reports whether the log is the workspace's, where rows name their webhook.
func (p LogProps) wide() bool { return p.Filter.Of == "" }

// live reports whether what is new would come on top of this page.
func (p LogProps) live() bool { return p.Filter.Cursor == "" }

// bulk is the log's filter as a bulk job takes it. It is offered where at least
// one row may be retriggered.
func (p LogProps) bulk() BulkActionsProps {
	b := link.Bulk{Filter: p.Filter.Filter}
	b.WebhookID = cmp.Or(p.Filter.Of, b.WebhookID)
	b.DeliveryFilter = b.At(p.Page.Now)
	b.Since = b.Since.Truncate(time.Second)
	allowed := slices.ContainsFunc(p.Rows, func(r RowProps) bool { return r.CanRetrigger || r.CanCancel })
	return BulkActionsProps{Filter: b, Allowed: allowed}
}

func (p LogProps) pager() ui.PagerProps {
	var pager ui.PagerProps
	if !p.live() {
		pager.Newest = p.Filter.At("").URL()
	}
	if p.Older != "" && p.SearchedTo.IsZero() {
		pager.Older = p.Filter.At(p.Older).URL()
	}
	return pager
}

// moreOpen reports whether the filters that are used seldom must be seen.
func (p LogProps) moreOpen() bool {
	f := p.Filter.Filter
	return f.Status != "" || f.Host != "" || p.Errors["status"] != "" || p.Errors["host"] != ""
}

// Chip is one filter in words, and the page without it.
type chip struct {
	Name    string
	Value   string
	Without string
}

// chips are the filters that are on.
func (p LogProps) chips() []chip {
	var out []chip
	f := p.Filter.Filter
	for _, shown := range []struct{ name, label, value string }{
		{"state", "State", stateName(f.State)}, {"range", "Time", rangeName(f.Range)}, {"since", "From", zoned(f.Text("since"))}, {"until", "To", zoned(f.Text("until"))},
		{"event_type", "Event type", f.EventType}, {"event_id", "Event", f.EventID}, {"webhook_id", "Webhook", p.webhookName()},
		{"status", "Status", f.Status}, {"host", "Host", f.Host}, {"q", "Search", f.Search},
	} {
		if shown.value != "" {
			without := link.Logs{Of: p.Filter.Of, Filter: f.Without(shown.name), Limit: p.Filter.Limit}
			out = append(out, chip{shown.label, shown.value, without.URL()})
		}
	}
	return out
}

func (p LogProps) webhookName() string {
	i := slices.IndexFunc(p.Webhooks, func(w models.Webhook) bool { return w.ID == p.Filter.Filter.WebhookID })
	if i < 0 {
		return p.Filter.Filter.WebhookID
	}
	return p.Webhooks[i].Name
}

func stateName(state models.DeliveryState) string {
	switch state {
	case "":
		return ""
	case models.AnyProblem:
		return "Any problem"
	}
	return ui.StateTitle(state)
}

func rangeName(r models.Range) string {
	switch r {
	case models.LastHour:
		return "Last hour"
	case models.LastDay:
		return "Last 24 hours"
	case models.LastWeek:
		return "Last 7 days"
	}
	return "" // a custom range shows as its ends
}

// zoned says that a time without a zone is UTC.
func zoned(text string) string {
	if len(text) == len("2026-01-02T15:04") || len(text) == len("2026-01-02T15:04:05") {
		return text[:10] + " " + text[11:] + " UTC"
	}
	return text
}

func stateOptions() []ui.Option {
	options := []ui.Option{{Text: "All states"}, {Value: string(models.AnyProblem), Text: "Any problem"}}
	for _, s := range models.DeliveryStates {
		options = append(options, ui.Option{Value: string(s), Text: ui.StateTitle(s)})
	}
	return options
}

func rangeOptions() []ui.Option {
	options := []ui.Option{{Text: "Any time"}}
	for _, r := range models.Ranges {
		options = append(options, ui.Option{Value: string(r), Text: rangeName(r)})
	}
	return append(options, ui.Option{Value: string(models.CustomRange), Text: "From … to …"})
}

func typeOptions(types []models.EventType, chosen string) []ui.Option {
	options := []ui.Option{{Text: "All event types"}}
	for _, t := range types {
		options = append(options, ui.Option{Value: t.Name, Text: t.Name})
	}
	return withChosen(options, chosen)
}

// withChosen adds what was asked for if it is not on the list: archived, deleted
// or mistyped, it must not look as if nothing was asked.
func withChosen(options []ui.Option, chosen string) []ui.Option {
	if slices.ContainsFunc(options, func(o ui.Option) bool { return o.Value == chosen }) {
		return options
	}
	return append(options, ui.Option{Value: chosen, Text: chosen})
}

func webhookOptions(hooks []models.Webhook, chosen string) []ui.Option {
	options := []ui.Option{{Text: "All webhooks"}}
	for _, w := range hooks {
		options = append(options, ui.Option{Value: w.ID, Text: w.Name})
	}
	return withChosen(options, chosen)
}

func typeColumn(p LogProps) string {
	if p.wide() {
		return "w-[18%]"
	}
	return "w-[18%] xl:w-[24%]"
}

func actionsColumn(p LogProps) string {
	if p.wide() {
		return "w-34 xl:w-42"
	}
	return "w-56"
}

var logLabels = map[string]string{
	"state": "State", "event_type": "Event type", "q": "Search", "webhook_id": "Webhook", "status": "Status",
	"host": "Host", "range": "Time", "since": "From", "until": "To",
}

// logLabel names a filter's field, for the summary of faults.
func logLabel(field string) (label, target string) {
	if logLabels[field] == "" {
		return "", ""
	}
	if field == "q" {
		return logLabels[field], "search"
	}
	return logLabels[field], "filter-" + field
}

// searchedCount says how many rows a page has that is not full.
func searchedTitle(rows int) string {
	switch rows {
	case 0:
		return "Nothing found so far"
	case 1:
		return "1 delivery found so far"
	}
	return strconv.Itoa(rows) + " deliveries found so far"
}

// inputType lets a browser offer its picker for a time; one that it could not
// show, and would drop, stays text.
func inputType(value string) string {
	if value == "" || zoned(value) != value {
		return "datetime-local"
	}
	return "text"
}
