package link

import "strconv"

// Logs are the filters of a log as they stand in the URL, so that the page
// can be shared. They are kept as typed, also when the server refuses them.
type Logs struct {
	// Of is the webhook whose Logs tab it is; "" for the log of the workspace.
	Of string

	State     string // a state, or problem
	EventType string
	Q         string
	WebhookID string // in the workspace's log only
	Status    string // 503 or 5xx
	Host      string
	Range     string // 1h, 24h, 7d, or custom with Since and Until
	Since     string
	Until     string

	Cursor string
	Limit  int // 0: the server's default
}

// Deliveries is the log of the workspace.
const Deliveries = "/deliveries"

// DeliveryRanges are the values of Range that look back from now.
var DeliveryRanges = []string{"1h", "24h", "7d"}

// CustomRange is the Range with Since and Until.
const CustomRange = "custom"

// Filtered reports whether the page shows less than everything.
func (l Logs) Filtered() bool { return l.clear() != l.At("") }

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
	return query(path,
		"state", l.State, "event_type", l.EventType, "webhook_id", l.WebhookID, "status", l.Status, "host", l.Host,
		"range", l.Range, "since", l.Since, "until", l.Until, "q", l.Q, "cursor", l.Cursor, "limit", limit)
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
