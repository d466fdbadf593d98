package page

import (
	"net/url"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"hookline/app/service"
	"hookline/app/web/form"
	"hookline/models"
	"hookline/views/link"
	"hookline/views/ui"
)

// logQuery reads a log's filters from the URL as they are typed. of is the
// webhook whose log it is, or "".
func logQuery(c echo.Context, of string) link.Logs {
	q := c.QueryParams()
	f := link.Logs{
		Of: of, State: text(q, "state"), EventType: text(q, "event_type"), Q: text(q, "q"), WebhookID: text(q, "webhook_id"),
		Status: text(q, "status"), Host: text(q, "host"), Range: text(q, "range"), Since: text(q, "since"), Until: text(q, "until"),
		Cursor: q.Get("cursor"),
	}
	switch {
	case f.Range == "" && f.Since+f.Until != "":
		f.Range = link.CustomRange
	case f.Range == link.CustomRange && f.Since+f.Until == "":
	case f.Range != link.CustomRange:
		f.Since, f.Until = "", "" // left over in fields that do not show
	}
	if of != "" {
		f.WebhookID = ""
	}
	return f
}

func text(q url.Values, name string) string { return form.Query(q.Get(name)) }

// logFilter is what the URL asks for. The faults are by field, in words.
func logFilter(q link.Logs, now time.Time) (service.DeliveryFilter, models.FieldErrors) {
	var errs models.FieldErrors
	f := service.DeliveryFilter{WebhookID: q.WebhookID, EventType: q.EventType, Host: q.Host, Search: q.Q}
	if q.Of != "" {
		f.WebhookID = q.Of
	}
	service.SetState(&f, q.State)
	f.Status, f.StatusClass = service.ParseStatus(q.Status)
	switch q.Range {
	case "", link.CustomRange:
	case "1h":
		f.Since = now.Add(-time.Hour)
	case "24h":
		f.Since = now.Add(-24 * time.Hour)
	case "7d":
		f.Since = now.Add(-7 * 24 * time.Hour)
	default:
		errs.Add("range", "Choose a time from the list.")
	}
	if q.Range == link.CustomRange {
		f.Since, f.Until = typedTime("since", q.Since, &errs), typedTime("until", q.Until, &errs)
	}
	return f, errs
}

// typedTime reads what a browser's picker gives, which is taken as UTC, or RFC
// 3339.
func typedTime(field, text string, errs *models.FieldErrors) time.Time {
	if text == "" {
		return time.Time{}
	}
	if t, ok := models.ParseTime(text); ok {
		return t
	}
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05", time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil && t.Year() > 0 {
			return t.UTC()
		}
	}
	errs.Add(field, "Give a date and time such as 2026-05-01T09:00; it is taken as UTC.")
	return time.Time{}
}

// pageLimit is how many rows the URL asks for; 0 for the usual number.
func pageLimit(c echo.Context) (int, error) {
	text := c.QueryParam("limit")
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > models.MaxPage {
		return 0, models.Errorf(models.Malformed, "A page shows 1 to %d deliveries.", models.MaxPage)
	}
	return n, nil
}

// logErrors are faults of the filter for the form. What is wrong with another
// part of the URL is no fault that one could mend there.
func logErrors(errs models.FieldErrors) ui.Errors {
	if len(errs) == 0 {
		return nil
	}
	out := ui.Errors{}
	for _, e := range errs {
		out[e.Field] = e.Message
	}
	return out
}
