package webhooks

import (
	"fmt"
	"slices"
	"strings"

	"hookline/models"
	"hookline/views/ui"
)

// eventsText is what a webhook listens to, in a few words.
func eventsText(s models.Subscriptions) string {
	if s.Filter != "" && !s.None() {
		return typesText(s) + ", filtered"
	}
	return typesText(s)
}

func typesText(s models.Subscriptions) string {
	if s.All {
		return "All events"
	}
	var parts []string
	switch n := len(s.Categories); {
	case n == 1:
		parts = append(parts, "All "+models.CategoryTitle(s.Categories[0]))
	case n > 1:
		parts = append(parts, fmt.Sprintf("%d categories", n))
	}
	switch n := len(s.Types); {
	case n == 1 && len(parts) == 0:
		return s.Types[0]
	case n == 1:
		parts = append(parts, "1 type")
	case n > 1:
		parts = append(parts, fmt.Sprintf("%d types", n))
	}
	if len(parts) == 0 {
		return "No events chosen"
	}
	return strings.Join(parts, ", ")
}

// eventsDetail spells it out, for the title of the short text.
func eventsDetail(s models.Subscriptions) string {
	if s.All {
		return "All events, also those added later"
	}
	var parts []string
	for _, c := range s.Categories {
		parts = append(parts, "all of "+models.CategoryTitle(c))
	}
	return strings.Join(append(parts, s.Types...), ", ")
}

// percent of the deliveries that ended arrived. It rounds down, so that 100 %
// means all.
func percent(t models.OutcomeCounts) string {
	if t.Ended() == 0 {
		return "–"
	}
	return fmt.Sprintf("%d%%", 100*t.Succeeded/t.Ended())
}

// count tells how many of how many; while none has ended, that it is tried.
func count(t models.OutcomeCounts) string {
	if t.Ended() == 0 {
		return "retrying"
	}
	return ui.Count(t.Succeeded) + " of " + ui.Count(t.Ended())
}

func tone(t models.OutcomeCounts) string {
	switch bad := t.Failed + t.Blocked; {
	case bad == 0 && t.Ended() > 0:
		return ""
	case t.Succeeded*10 >= t.Ended()*9 && t.Ended() > 0:
		return "tone-warn"
	}
	return "tone-bad"
}

// category is a part of the catalog.
type category struct {
	Name  string
	Types []models.EventType
}

func (c category) title() string { return models.CategoryTitle(c.Name) }

func (c category) hint() string {
	if len(c.Types) == 1 {
		return "1 type, and those added later."
	}
	return fmt.Sprintf("%d types, and those added later.", len(c.Types))
}

// byCategory groups the catalog in the order the categories first appear.
func byCategory(types []models.EventType) []category {
	var out []category
	for _, t := range types {
		i := slices.IndexFunc(out, func(c category) bool { return c.Name == t.Category })
		if i < 0 {
			out = append(out, category{Name: t.Category})
			i = len(out) - 1
		}
		out[i].Types = append(out[i].Types, t)
	}
	return out
}

func typeOptions(types []models.EventType, first ui.Option) []ui.Option {
	options := make([]ui.Option, 0, len(types)+1)
	if first.Text != "" {
		options = append(options, first)
	}
	for _, t := range types {
		options = append(options, ui.Option{Value: t.Name, Text: t.Title + " – " + t.Name})
	}
	return options
}

// chosenTypes are the single types of a category that are subscribed.
func chosenTypes(s models.Subscriptions, c category) []models.EventType {
	var out []models.EventType
	for _, t := range c.Types {
		if slices.Contains(s.Types, t.Name) {
			out = append(out, t)
		}
	}
	return out
}

func covered(p ShowProps) (n int) {
	for _, t := range p.Types {
		if p.Webhook.Subscriptions.Covers(t) {
			n++
		}
	}
	return n
}
