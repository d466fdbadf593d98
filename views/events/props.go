// Package events has the pages of the stream of events.
package events

import (
	"fmt"
	"strconv"
	"time"

	"hookline/models"
	"hookline/views/layout"
	"hookline/views/link"
	"hookline/views/ui"
)

// ListProps is the stream.
type ListProps struct {
	Page       layout.Page
	Filter     link.EventFilter
	Types      []models.EventType // choices of the filter
	Rows       []RowProps
	NextCursor string // older; "" when there is none
	CanSend    bool
}

// RowProps is an event in the stream.
type RowProps struct {
	Now    time.Time
	Event  models.Event
	Counts models.EventCounts
}

// RowID is the row's element id. It sorts as the stream does, which live.js needs.
func RowID(e models.Event) string { return fmt.Sprintf("event-%019d", e.Seq) }

// ShowProps is one event.
type ShowProps struct {
	Page        layout.Page
	Event       models.Event
	Sent        []Sent
	Unsent      []Unsent
	Participant EventParticipant
}

// EventParticipant is the participant that an event was about; the zero value is no participant.
type EventParticipant struct {
	ID   string
	Name string
	// Contact is how they were when the event was published.
	Contact []byte
	// Known: they are still there, and may be looked at.
	Known bool
}

// Sent is a delivery of the event; Webhook is nil when it was deleted.
type Sent struct {
	models.Delivery
	Webhook *models.Webhook
	// FilterFault is why it was made although the filter could not tell.
	FilterFault string
}

// Unsent is a webhook without a delivery of it, and why.
type Unsent struct {
	Webhook *models.Webhook
	Reason  string // in a word
	Detail  string
}

// SendProps is the form that publishes an event.
type SendProps struct {
	Page     layout.Page
	Types    []models.EventType // those that take events
	Type     string             // the chosen one; "" before
	Data     string             // as typed
	Errors   ui.Errors
	Audience []*models.Webhook // which get it now
}

func (p ListProps) pager() ui.PagerProps {
	return ui.PagerOf(p.Filter.Cursor, p.NextCursor, func(at string) string { return p.Filter.At(at).URL() })
}

// live reports whether the page shows the newest events, and so can follow them.
func (p ListProps) live() bool {
	return p.Filter.Cursor == "" && p.Filter.Until == "" && p.Filter.ID == ""
}

func typeOptions(types []models.EventType, first ui.Option) []ui.Option {
	options := []ui.Option{first}
	for _, t := range types {
		options = append(options, ui.Option{Value: t.Name, Text: t.Title + " – " + t.Name})
	}
	return options
}

// badges are the counts in words, each with its own mark.
func badges(t models.EventCounts) (list []ui.BadgeProps) {
	add := func(n int, tone ui.Tone, icon, word string) {
		if n > 0 {
			list = append(list, ui.BadgeProps{Tone: tone, Icon: icon, Text: strconv.Itoa(n) + " " + word})
		}
	}
	add(t.Delivered, ui.ToneOK, "check", "delivered")
	add(t.Failed, ui.ToneBad, "x", "failed")
	add(t.Waiting, ui.ToneNone, "clock", "waiting")
	add(t.Cancelled, ui.ToneNone, "circle-slash", "cancelled")
	return list
}

// noDeliveries says why there are none to count.
func noDeliveries(e models.Event) string {
	if e.Deliveries > 0 {
		return "No longer kept"
	}
	return "Went to no webhook"
}

func (p SendProps) goesTo() string {
	switch n := len(p.Audience); n {
	case 0:
		return "No webhook gets events of this type now. It is stored all the same, and shows up in the stream."
	case 1:
		return "This is a real event. It goes to 1 webhook:"
	default:
		return fmt.Sprintf("This is a real event. It goes to %d webhooks:", n)
	}
}

func label(field string) (string, string) {
	labels := map[string]string{"type": "Event type", "data": "Data"}
	return labels[field], ui.FieldID(field)
}
