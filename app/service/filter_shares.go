package service

import (
	"hookline/app/expression"
	"hookline/models"
)

// Work is counted in budgets of one filter: about 20 ms of a core, of which a filter
// as people write them uses a thousandth. All filters of an event share these:
const (
	// eventFilters is what reading the event, once for all, and all filters may use.
	eventFilters = 4.0
	readingShare = 1.0 / 4 // of it, for reading
	// batchFilters is the same for all events of one batch: those about participants
	// are sifted while others wait to write.
	batchFilters = 20.0
	// leastFilters is what each event has all the same: light filters decide on
	// every event of the largest batch.
	leastFilters = 0.05
	// firstShare is what each filter has in the first round.
	firstShare = 1.0 / 64
	nextShare  = 4 // times as much in each round after it
)

// The faults of filters that what is left did not suffice for.
const (
	tooMuchForEvent = "The filters of all webhooks together take too long for this event."
	tooMuchForBatch = "The filters of all webhooks together take too long for the batch that this event came in. Send smaller batches, or make the filters simpler."
)

// verdict is whether a webhook gets an event. fault says why its filter could not
// tell, and it gets the event for that.
type verdict struct {
	wanted bool
	fault  string
}

// sifting is one event's filters under way. They run in rounds, each with a larger
// share than the one before, and who is done drops out: so that the light ones
// decide whatever stands before them, and what is heavy gets what they leave over.
type sifting struct {
	sieve
	left     float64
	tooMuch  string // the fault of those that nothing is left for
	verdicts []verdict
	open     []pending
}

// pending is a filter without a verdict yet, that of the webhook at a place.
type pending struct {
	place  int
	filter *expression.Filter
}

// sift decides which of the webhooks, which subscribe to the event's type, get it.
// batch is what the filters of the events before it have used; it adds its own.
func (d deps) sift(config *models.Config, matching []*models.Webhook, e *models.Event, batch *float64) []verdict {
	s := sifting{sieve: d.sieve(config, e), left: eventFilters, tooMuch: tooMuchForEvent, verdicts: make([]verdict, len(matching))}
	if batch != nil && batchFilters-*batch < s.left {
		s.left, s.tooMuch = max(batchFilters-*batch, leastFilters), tooMuchForBatch
	}
	whole := s.left
	s.reading = whole * readingShare
	s.left -= s.reading
	s.enter(matching)
	s.run()
	if batch != nil && s.env != nil {
		*batch += whole - s.left - s.env.ReadingLeft()
	}
	return s.verdicts
}

// enter takes in the filters; without one, a webhook gets all.
func (s *sifting) enter(matching []*models.Webhook) {
	for i, w := range matching {
		s.verdicts[i].wanted = true
		if w.Subscriptions.Filter == "" {
			continue
		}
		f, err := s.filters.of(w)
		if err != nil {
			s.verdicts[i].fault = sentenceOfFault(err)
			continue
		}
		s.open = append(s.open, pending{i, f})
	}
}

// run makes the rounds. All of the first together use half of what there is at most.
func (s *sifting) run() {
	share := min(firstShare, s.left/2/float64(max(1, len(s.open))))
	for ; len(s.open) > 0; share *= nextShare {
		s.round(min(1, share), share >= 1)
	}
}

// round gives each open filter a share; the last round leaves none open.
func (s *sifting) round(share float64, last bool) {
	var open []pending
	for _, p := range s.open {
		if s.left <= 0 {
			s.verdicts[p.place].fault = s.tooMuch
			continue
		}
		if !s.ask(p, min(share, s.left), last) {
			open = append(open, p)
		}
	}
	s.open = open
}

// ask reports whether the filter's verdict is there.
func (s *sifting) ask(p pending, share float64, last bool) bool {
	env := s.values()
	is, err := p.filter.MatchWithin(env, share)
	s.left -= env.Spent()
	v := &s.verdicts[p.place]
	switch {
	case err == nil:
		v.wanted = is
	case !env.Exhausted() || share == 1:
		v.fault = sentenceOfFault(err)
	case last:
		v.fault = s.tooMuch
	default:
		return false
	}
	return true
}
