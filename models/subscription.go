package models

import "slices"

// Subscriptions say which event types a webhook wants. All, and a category,
// cover types added later too (Z3).
type Subscriptions struct {
	All        bool
	Categories []string
	Types      []string
	Filter     string `json:",omitempty"` // an expression over the event; "": every event (B5)
}

// MaxFilter is how many bytes a filter has at most.
const MaxFilter = 16 << 10

// Covers reports whether an event of this type goes to the webhook.
func (s Subscriptions) Covers(t EventType) bool {
	return s.All || slices.Contains(s.Categories, t.Category) || slices.Contains(s.Types, t.Name)
}

// None reports whether nothing is subscribed.
func (s Subscriptions) None() bool {
	return !s.All && len(s.Categories) == 0 && len(s.Types) == 0
}
