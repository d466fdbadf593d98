package models

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Subscriptions say which event types a webhook wants. All, and a category,
// cover types added later too (Z3).
type Subscriptions struct {
	All        bool     `json:"all" doc:"All events, of types added later too."`
	Categories []string `json:"categories" nullable:"false" doc:"All events of these categories."`
	Types      []string `json:"types" nullable:"false"`
	Filter     string   `json:"filter" maxLength:"16384" doc:"An expression over the event that must be true for it to be sent, such as data.amount > 100; empty: every event. One that fails on an event lets it through."`
}

// UnmarshalJSONFrom reads an object that subscribes to what it names alone.
func (s *Subscriptions) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	type plain Subscriptions
	var v plain
	err := json.UnmarshalDecode(d, &v)
	*s = Subscriptions(v)
	return err
}

// Normal has sorted lists of its own.
func (s Subscriptions) Normal() Subscriptions {
	s.Categories = slices.Compact(slices.Sorted(slices.Values(s.Categories)))
	s.Types = slices.Compact(slices.Sorted(slices.Values(s.Types)))
	s.Filter = strings.TrimSpace(s.Filter)
	return s
}

// Same reports whether both subscribe to the same events.
func (s Subscriptions) Same(o Subscriptions) bool {
	return s.All == o.All && s.Filter == o.Filter && slices.Equal(s.Types, o.Types) && slices.Equal(s.Categories, o.Categories)
}

func (s Subscriptions) copied() Subscriptions {
	s.Categories, s.Types = slices.Clone(s.Categories), slices.Clone(s.Types)
	return s
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
