package service

import (
	"hookline/app/expression"
	"hookline/models"
)

// The unit is expression's bound for one evaluation: about 20 ms of a core, of which
// a usual filter takes a thousandth.
const (
	// filterBudget is what one filter may use on one event.
	filterBudget = 1.0 / 8
	// eventBudget is what all filters of an event may use, reading included. More
	// filters than it suffices for get an equal share of it each.
	eventBudget  = 4.0
	readingShare = 1.0 / 4 // of it, for reading the event once for all filters
	// batchBudget is the same for all events of a batch: events about participants
	// are matched inside the write transaction.
	batchBudget = 20.0
	// leastBudget is what each event has in any case: light filters decide on every
	// event of the largest batch.
	leastBudget = 0.05
)

// The faults of filters whose share was too small.
const (
	tooMuchForEvent = "The filters of all webhooks together take too long for this event."
	tooMuchForBatch = "The filters of all webhooks together take too long for the batch that this event came in. Send smaller batches, or make the filters simpler."
)

// decision says whether a webhook gets an event. fault says why its filter could not
// decide; the webhook gets the event then.
type decision struct {
	wanted bool
	fault  string
}

// decide decides which of the webhooks, which subscribe to the event's type, get it.
// batch is what the filters used on earlier events of the batch; decide adds to it.
func (d deps) decide(config *models.Config, matching []*models.Webhook, e *models.Event, batch *float64) []decision {
	m, total := d.matcher(config, e), eventBudget
	if batch != nil && batchBudget-*batch < total {
		total, m.tooMuch = max(batchBudget-*batch, leastBudget), tooMuchForBatch
	}
	filtered := 0
	for _, w := range matching {
		if hasFilter(w) {
			filtered++
		}
	}
	m.reading = total * readingShare
	m.budget = min(filterBudget, (total-m.reading)/float64(max(1, filtered)))
	decisions := make([]decision, len(matching))
	for i, w := range matching {
		decisions[i] = m.decide(w)
	}
	if batch != nil && m.env != nil {
		*batch += m.spent + m.reading - m.env.ReadingLeft()
	}
	return decisions
}

// decide decides for one webhook; without a filter it gets every event.
func (m *matcher) decide(w *models.Webhook) decision {
	if !hasFilter(w) {
		return decision{wanted: true}
	}
	f, err := m.filters.of(w)
	if err != nil {
		return decision{wanted: true, fault: sentenceOfFault(err)}
	}
	return m.match(f)
}

// match evaluates one filter. A filter that fails on this event or takes too long
// lets the event through: a superfluous request is seen and mended, a missing one
// goes unnoticed. The fault names no values.
func (m *matcher) match(f *expression.Filter) decision {
	env := m.values()
	is, err := f.MatchWithin(env, m.budget)
	m.spent += env.Spent()
	switch {
	case err == nil:
		return decision{wanted: is}
	case env.Exhausted() && m.budget < filterBudget:
		return decision{wanted: true, fault: m.tooMuch}
	}
	return decision{wanted: true, fault: sentenceOfFault(err)}
}

// tooHeavy reports whether a filter uses up its budget on an event without data, so
// that it could never decide.
func tooHeavy(f *expression.Filter) bool {
	m := deps{}.matcher(&models.Config{}, &models.Event{Data: []byte("{}")})
	m.match(f)
	return m.env.Exhausted()
}
