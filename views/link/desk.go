package link

import "net/url"

// Addresses of the desk's own pages.
const (
	Audit      = "/audit"
	AuditCSV   = "/audit.csv"
	Settings   = "/settings"
	Events     = "/events"
	EventSend  = "/send-event" // not below Events: callers name their own events
	EventTypes = "/event-types"
	// EventTypeNew is the form for a new entry; it posts to EventTypes. It is not below
	// them: a type may be called new.
	EventTypeNew = "/new-event-type"
)

// AuditFilter is the audit log's filter as it stands in the URL.
type AuditFilter struct {
	Q       string `query:"q"`
	Actor   string `query:"actor"`  // an id, or system
	Action  string `query:"action"` // webhook, or webhook.updated
	Subject string `query:"subject"`
	Since   string `query:"since"` // a day
	Until   string `query:"until"` // a day, included
	Cursor  string `query:"cursor"`
}

// Filtered reports whether the page shows less than everything.
func (f AuditFilter) Filtered() bool {
	f.Cursor = ""
	return f != AuditFilter{}
}

// At is the same filter at another place in the list; "" is its start.
func (f AuditFilter) At(cursor string) AuditFilter {
	f.Cursor = cursor
	return f
}

// URL is the page.
func (f AuditFilter) URL() string { return f.query(Audit) }

// CSV is its export.
func (f AuditFilter) CSV() string { return f.At("").query(AuditCSV) }

func (f AuditFilter) query(path string) string {
	return query(path, "q", f.Q, "actor", f.Actor, "action", f.Action, "subject", f.Subject, "since", f.Since, "until", f.Until, "cursor", f.Cursor)
}

// EventFilter is the filter of the stream of events as it stands in the URL.
type EventFilter struct {
	ID     string `query:"id"`
	Type   string `query:"type"`
	Since  string `query:"since"`
	Until  string `query:"until"`
	Cursor string `query:"cursor"`
}

// Filtered reports whether the page shows less than everything.
func (f EventFilter) Filtered() bool {
	f.Cursor = ""
	return f != EventFilter{}
}

// At is the same filter at another place in the stream; "" is its start.
func (f EventFilter) At(cursor string) EventFilter {
	f.Cursor = cursor
	return f
}

// URL is the page.
func (f EventFilter) URL() string { return f.query(Events) }

// Stream is where the page's rows are told live.
func (f EventFilter) Stream() string { return f.query("/events-stream") }

func (f EventFilter) query(path string) string {
	return query(path, "id", f.ID, "type", f.Type, "since", f.Since, "until", f.Until, "cursor", f.Cursor)
}

// Event is an event with its deliveries.
func Event(id string) string { return Events + "/" + url.PathEscape(id) }

// EventSendType is the form that publishes an event of this type.
func EventSendType(name string) string { return query(EventSend, "type", name) }

// EventType is an entry of the catalog; a POST to it saves the edit form.
func EventType(name string) string { return EventTypes + "/" + url.PathEscape(name) }

// EventTypeEdit is the form of an entry.
func EventTypeEdit(name string) string { return EventType(name) + "/edit" }

// EventTypeArchive takes a POST.
func EventTypeArchive(name string) string { return EventType(name) + "/archive" }

// EventTypeRestore takes a POST.
func EventTypeRestore(name string) string { return EventType(name) + "/restore" }

// Category takes a POST with the category's new name.
func Category(name string) string { return "/event-categories/" + url.PathEscape(name) }
