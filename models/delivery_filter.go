package models

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// DeliveryFilter narrows the delivery log. Zero members do not. The log's URL, the
// API, bulk jobs and the audit log give its members the same names.
type DeliveryFilter struct {
	WebhookID string        `json:"webhook_id,omitzero" query:"webhook_id" doc:"Deliveries to this webhook; without it, to all."`
	EventID   string        `json:"event_id,omitzero" query:"event_id" doc:"Deliveries of this event."`
	State     DeliveryState `json:"state,omitzero" query:"state" enum:"pending,running,succeeded,failed,blocked,cancelled,problem" doc:"problem stands for failed and blocked."`
	EventType string        `json:"event_type,omitzero" query:"event_type"`
	Status    string        `json:"status,omitzero" query:"status" pattern:"^([1-5][0-9][0-9]|[1-5]xx)$" doc:"The HTTP status of the last attempt, or a class of them: 503, 5xx."`
	Host      string        `json:"host,omitzero" query:"host" doc:"Deliveries to webhooks whose URL has this host, or one below it."`
	Since     time.Time     `json:"since,omitzero" query:"since" doc:"Made at this time or later."`
	Until     time.Time     `json:"until,omitzero" query:"until" doc:"Made before this time."`
	Search    string        `json:"q,omitzero" query:"q" doc:"A delivery's or event's id, or the start of one (dlv_01kf2…), or part of the last error."`
	// Range looks back from now, in place of Since and Until. At resolves it.
	Range Range `json:"-"`
	// Only keeps to deliveries of these webhooks: those that the caller may read. nil
	// means all, an empty list none.
	Only []string `json:"-"`
}

// AnyProblem is a filter's state that stands for failed and blocked.
const AnyProblem DeliveryState = "problem"

// CustomRange is a filter's range with Since and Until.
const CustomRange Range = "custom"

// ParseDeliveryFilter reads a filter from texts by name, as String writes them and as
// people type them. The errors name the times that cannot be read; Check finds the
// rest.
func ParseDeliveryFilter(get func(name string) string) (DeliveryFilter, FieldErrors) {
	var errs FieldErrors
	f := DeliveryFilter{
		WebhookID: get("webhook_id"), EventID: get("event_id"), State: DeliveryState(get("state")), EventType: get("event_type"),
		Status: get("status"), Host: get("host"), Search: get("q"), Range: Range(get("range")),
	}
	if f.Range != "" && f.Range != CustomRange {
		return f, nil // times beside a range are left over in fields that do not show
	}
	f.Since, f.Until = typedTime(&errs, "since", get("since")), typedTime(&errs, "until", get("until"))
	if get("since")+get("until") != "" {
		f.Range = CustomRange
	}
	return f, errs
}

func typedTime(errs *FieldErrors, name, text string) time.Time {
	if text == "" {
		return time.Time{}
	}
	t, ok := ParseTypedTime(text)
	if !ok {
		errs.Add(name, "Give a date and time such as 2026-05-01T09:00; it is taken as UTC.")
	}
	return t
}

// Pairs are the names and texts of the members that narrow.
func (f DeliveryFilter) Pairs() [][2]string {
	return slices.DeleteFunc([][2]string{
		{"state", string(f.State)}, {"event_type", f.EventType}, {"webhook_id", f.WebhookID}, {"event_id", f.EventID}, {"status", f.Status},
		{"host", f.Host}, {"range", string(f.Range)}, {"since", typeTime(f.Since)}, {"until", typeTime(f.Until)}, {"q", f.Search},
	}, func(p [2]string) bool { return p[1] == "" })
}

// String is the filter as a URL's query.
func (f DeliveryFilter) String() string {
	parts := f.Pairs()
	texts := make([]string, len(parts))
	for i, p := range parts {
		texts[i] = p[0] + "=" + url.QueryEscape(p[1])
	}
	return strings.Join(texts, "&")
}

// At resolves a range that looks back from now to the time where it begins.
func (f DeliveryFilter) At(now time.Time) DeliveryFilter {
	if length := f.Range.Length(); length > 0 {
		f.Since, f.Until = now.Add(-length), time.Time{}
	}
	f.Range = ""
	return f
}

var statusFilter = regexp.MustCompile(`^[1-5]([0-9][0-9]|[xX][xX])$`)

// Statuses are the lowest and the highest HTTP status that the filter keeps to; 0
// and 0 without such a filter.
func (f DeliveryFilter) Statuses() (from, to int) {
	if !statusFilter.MatchString(f.Status) {
		return 0, 0
	}
	for _, digit := range strings.ToLower(f.Status) {
		if digit == 'x' {
			from, to = from*10, to*10+9
		} else {
			from, to = from*10+int(digit-'0'), to*10+int(digit-'0')
		}
	}
	return from, to
}

const (
	// maxFilterText is above any id, host or type; the database chokes on much longer
	// texts.
	maxFilterText = 256
	// shortestEventID is how many characters of an event's id narrow the log to some
	// minutes: ids begin with their time.
	shortestEventID = len(EventPrefix) + 1 + 8
)

// Check finds what can match nothing, or would read everything.
func (f DeliveryFilter) Check() (errs FieldErrors) {
	f.checkTexts(&errs)
	if f.WebhookID != "" {
		if _, err := ParseID(WebhookPrefix, f.WebhookID); err != nil {
			errs.Add("webhook_id", "This is not a webhook's id. One looks like wh_01kf2j….")
		}
	}
	if f.State != "" && f.State != AnyProblem && !slices.Contains(DeliveryStates, f.State) {
		errs.Add("state", "Choose one of problem, %s.", joinStates())
	}
	if f.Status != "" && !statusFilter.MatchString(f.Status) {
		errs.Add("status", "Give an HTTP status, 100 to 599, or a class of them such as 5xx.")
	}
	if f.Range != "" && f.Range != CustomRange && f.Range.Length() == 0 {
		errs.Add("range", "Choose a time from the list.")
	}
	if !f.Since.IsZero() && !f.Until.IsZero() && !f.Since.Before(f.Until) {
		errs.Add("until", "The end must lie after the beginning.")
	}
	if strings.ContainsAny(f.Host, " /\\@") {
		errs.Add("host", "Give a host name alone, for example hooks.example.com.")
	}
	if strings.HasPrefix(f.Search, EventPrefix+"_") && len(f.Search) < shortestEventID {
		errs.Add("q", "Give at least the first %d characters of an event's id.", shortestEventID)
	}
	return errs
}

func (f DeliveryFilter) checkTexts(errs *FieldErrors) {
	for _, p := range f.Pairs() {
		if len(p[1]) > maxFilterText || !utf8.ValidString(p[1]) || strings.ContainsFunc(p[1], unicode.IsControl) {
			errs.Add(p[0], "Give up to %d bytes of UTF-8 without control characters.", maxFilterText)
		}
	}
}

func joinStates() string {
	words := make([]string, len(DeliveryStates))
	for i, s := range DeliveryStates {
		words[i] = string(s)
	}
	return strings.Join(words, ", ")
}
