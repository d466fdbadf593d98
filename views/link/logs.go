package link

import (
	"strconv"

	"hookline/models"
)

// Logs is a log as it stands in the URL, so that the page can be shared.
type Logs struct {
	// Of is the webhook whose Logs tab it is; "" for the log of the workspace.
	Of     string
	Filter Filter
	Cursor string
	Limit  int // 0: the server's default
}

// StateLogs is a log of the deliveries in one state.
func StateLogs(state models.DeliveryState) Logs {
	return Logs{Filter: Filter{DeliveryFilter: models.DeliveryFilter{State: state}}}
}

// Deliveries is the log of the workspace.
const Deliveries = "/deliveries"

// Filtered reports whether the page shows less than everything.
func (l Logs) Filtered() bool { return len(l.Filter.Pairs()) > 0 }

// clear is the same log without filters.
func (l Logs) clear() Logs { return Logs{Of: l.Of, Limit: l.Limit} }

// Clear is where the log is seen without filters.
func (l Logs) Clear() string { return l.clear().URL() }

// At is the same filter at another place in the list; "" is its start.
func (l Logs) At(cursor string) Logs {
	l.Cursor = cursor
	return l
}

func (l Logs) path() string {
	if l.Of == "" {
		return Deliveries
	}
	return Webhook(l.Of) + "/logs"
}

// URL is the page.
func (l Logs) URL() string { return l.query(l.path()) }

// Stream is where the page's rows are told live.
func (l Logs) Stream() string { return l.query(l.path() + "/stream") }

func (l Logs) query(path string) string {
	limit := ""
	if l.Limit > 0 {
		limit = strconv.Itoa(l.Limit)
	}
	return query(path, append(flat(l.Filter.Pairs()), "cursor", l.Cursor, "limit", limit)...)
}

// WebhookLogs is a webhook's Logs tab.
func WebhookLogs(id string, l Logs) string {
	l.Of = id
	return l.URL()
}

// DeliveryStream tells a delivery live, as a page or as the drawer shows it;
// attempt 0 is always the newest.
func DeliveryStream(id string, attempt int, drawer bool) string {
	number, shown := "", ""
	if attempt > 0 {
		number = strconv.Itoa(attempt)
	}
	if drawer {
		shown = "true"
	}
	return query(Delivery(id)+"/stream", "attempt", number, "drawer", shown)
}

// EventLogs is the log of an event's deliveries.
func EventLogs(eventID string) string {
	return Logs{Filter: Filter{DeliveryFilter: models.DeliveryFilter{Search: eventID}}}.URL()
}
