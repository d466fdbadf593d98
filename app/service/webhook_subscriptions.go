package service

import (
	"slices"

	"hookline/app/expression"
	"hookline/models"
)

// checkSubscriptions refuses what is not in the catalog, and a filter that cannot be
// compiled. An unchanged filter may be in doubt. It returns the filter; nil where there
// is none.
func (s *Webhooks) checkSubscriptions(subs models.Subscriptions, filterBefore string, errs *models.FieldErrors) *expression.Filter {
	filter := checkFilterText(subs.Filter, filterBefore, errs)
	config := s.store.Config()
	for _, name := range subs.Types {
		if _, known := config.EventType(name); !known {
			errs.Add("subscriptions.types", "There is no event type %q in the catalog.", name)
		}
	}
	for _, category := range subs.Categories {
		if !config.HasCategory(category) {
			errs.Add("subscriptions.categories", "There is no category %q in the catalog.", category)
		}
	}
	return filter
}

// keepArchived adds the stored subscriptions to archived event types, and to categories
// of such types alone: neither the form nor the catalog shows them, and they count again
// once a type is restored.
func (s *Webhooks) keepArchived(stored, subs models.Subscriptions) models.Subscriptions {
	if subs.All {
		return subs
	}
	active := map[string]bool{}
	for t := range s.store.Config().EventTypes() {
		if !t.Archived {
			active["type "+t.Name], active["category "+t.Category] = true, true
		}
	}
	for _, name := range stored.Types {
		if !active["type "+name] {
			subs.Types = append(slices.Clip(subs.Types), name)
		}
	}
	for _, category := range stored.Categories {
		if !active["category "+category] {
			subs.Categories = append(slices.Clip(subs.Categories), category)
		}
	}
	return subs
}
