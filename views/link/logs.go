package link

import "strconv"

// Logs are the filters of a webhook's Logs tab as they stand in the URL, so
// that what one sees can be shared.
type Logs struct {
	State     string `query:"state"`
	EventType string `query:"event_type"`
	Q         string `query:"q"`
	Cursor    string `query:"cursor"`
	Limit     int    `query:"limit"` // 0: the server's default
}

// Filtered reports whether the page shows less than everything.
func (l Logs) Filtered() bool { return l.State != "" || l.EventType != "" || l.Q != "" }

// At is the same filter at another place in the list; "" is its start.
func (l Logs) At(cursor string) Logs {
	l.Cursor = cursor
	return l
}

// WebhookLogs is the Logs tab.
func WebhookLogs(id string, l Logs) string {
	limit := ""
	if l.Limit > 0 {
		limit = strconv.Itoa(l.Limit)
	}
	return query(Webhook(id)+"/logs",
		"state", l.State, "event_type", l.EventType, "q", l.Q, "cursor", l.Cursor, "limit", limit)
}
