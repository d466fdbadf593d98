package api

import "hookline/models"

// Which events go to a webhook (Z3, B5).

type subscriptionsInput struct {
	All        opt[bool]     `json:"all,omitzero" doc:"All events, of types added later too."`
	Categories opt[[]string] `json:"categories,omitzero" doc:"All events of these categories."`
	Types      opt[[]string] `json:"types,omitzero"`
	Filter     opt[string]   `json:"filter,omitzero" maxLength:"16384" doc:"An expression over the event that must be true for it to be sent, such as data.amount > 100; empty: every event. One that fails on an event lets it through."`
}

type subscriptionsPart struct {
	All        bool     `json:"all" doc:"All events, of types added later too."`
	Categories []string `json:"categories" nullable:"false" doc:"All events of these categories."`
	Types      []string `json:"types" nullable:"false"`
	Filter     string   `json:"filter" doc:"What must be true of an event for it to be sent; empty: nothing."`
}

func subscriptionsOf(s models.Subscriptions) subscriptionsPart {
	return subscriptionsPart{All: s.All, Categories: s.Categories, Types: s.Types, Filter: s.Filter}
}

func (in webhookInput) subscriptions(base models.Subscriptions) *models.Subscriptions {
	if !in.Subs.given {
		return nil
	}
	if in.Subs.null {
		return &models.Subscriptions{All: true}
	}
	s, v := base, in.Subs.value
	v.All.apply(&s.All, false)
	v.Categories.apply(&s.Categories, nil)
	v.Types.apply(&s.Types, nil)
	v.Filter.apply(&s.Filter, "")
	return &s
}
