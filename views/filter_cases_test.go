package views_test

import (
	"time"

	"hookline/models"
	"hookline/views/ui"
	"hookline/views/webhooks"
)

// filterForm has tried its filter on events with hostile contents.
func filterForm() webhooks.FormProps {
	p := builderForm()
	subscriptions := &p.Fields.Subscriptions
	subscriptions.All, subscriptions.Categories, subscriptions.Types = true, nil, nil
	subscriptions.Filter = "data.release.version != \"A\" and contact.city in [\"Oslo\", \"Paris\"]"
	event := func(id, name string, ago time.Duration) models.Event {
		return models.Event{ID: id, Type: name, CreatedAt: before(ago)}
	}
	p.Tried = &webhooks.FilterTried{Now: p.Page.Now, Filter: p.Fields.Subscriptions.Filter, Matching: 2, Untried: 3, LinkEvents: true, Events: []webhooks.FilterEvent{
		{Event: event("evt_01kf2j8x5vd0qz3m7c9r4t6y8c", "release.published", time.Minute), Matches: true},
		{Event: event("evt_1", "release.published", time.Hour), Why: "data.release.version != \"A\" is not true: data.release.version is " + script + "."},
		{Event: event("evt_2", longOne, 2*time.Hour), Why: "contact.city in [\"Oslo\", \"Paris\"] is not true: contact.city is missing."},
		{Event: event("evt_3", "release.published", 26*time.Hour), Matches: true, Fault: true, Why: "Line 1, column 1: A text cannot be compared with a number."},
	}}
	return p
}

func wrongFilter() webhooks.FormProps {
	p := filterForm()
	const fault = "Line 1, column 5: There is no event.tpye. Did you mean event.type?"
	p.Fields.Subscriptions.Filter, p.Errors = "event.tpye == 1", ui.Errors{"subscriptions.filter": fault}
	p.Tried = &webhooks.FilterTried{Fault: fault}
	return p
}
