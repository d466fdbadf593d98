package form

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"hookline/app/service"
	"hookline/models"
	"hookline/views/link"
)

// BulkFilter reads a bulk job's filter as typed, from a query or a form.
func BulkFilter(v url.Values) link.Bulk {
	return link.Bulk{
		WebhookID: Query(v.Get("webhook_id")), EventID: Query(v.Get("event_id")), State: Query(v.Get("state")), EventType: Query(v.Get("event_type")),
		Status: Query(v.Get("status")), Host: Query(v.Get("host")), Since: Query(v.Get("since")), Until: Query(v.Get("until")),
		Q: Query(v.Get("q")), Tests: Query(v.Get("tests")),
	}
}

// Bulk is what a filter and a rate, as typed, ask for. The error names what
// cannot be read.
func Bulk(kind models.BulkKind, f link.Bulk, rate string) (service.BulkInput, error) {
	var errs models.FieldErrors
	in := service.BulkInput{Kind: kind, Tests: f.Tests == "true", Filter: service.DeliveryFilter{
		WebhookID: f.WebhookID, EventID: f.EventID, EventType: f.EventType, Host: f.Host, Search: f.Q,
		Since: bulkTime(&errs, "since", f.Since), Until: bulkTime(&errs, "until", f.Until),
	}}
	in.Filter.Status, in.Filter.StatusClass = service.ParseStatus(f.Status)
	service.SetState(&in.Filter, f.State)
	if rate != "" {
		n, err := strconv.Atoi(strings.TrimSpace(rate))
		if err != nil {
			n = impossible
		}
		models.CheckBulkRate(&errs, n)
		in.Rate = n
	}
	return in, errs.Err()
}

// bulkTimes are how people write a time beside RFC 3339; it is UTC.
var bulkTimes = []string{"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04", time.DateOnly}

func bulkTime(errs *models.FieldErrors, name, text string) time.Time {
	if text == "" {
		return time.Time{}
	}
	t, ok := models.ParseTime(text)
	for _, layout := range bulkTimes {
		if ok {
			break
		}
		var err error
		t, err = time.Parse(layout, text)
		ok = err == nil
	}
	// Years that the database's microseconds can hold.
	if ok && t.Year() >= 1970 && t.Year() <= 9999 {
		return t.UTC()
	}
	errs.Add(name, "Write date and time as 2026-05-01 09:00, in UTC.")
	return time.Time{}
}

// BulkTyped is a stored filter as one would type it.
func BulkTyped(f service.DeliveryFilter, tests bool) link.Bulk {
	typed := link.Bulk{
		WebhookID: f.WebhookID, EventID: f.EventID, State: service.StateOf(f), EventType: f.EventType, Status: service.StatusOf(f),
		Host: f.Host, Q: f.Search, Since: typedTime(f.Since), Until: typedTime(f.Until),
	}
	if tests {
		typed.Tests = "true"
	}
	return typed
}

func typedTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04:05 UTC")
}
