package service

import (
	"context"
	"fmt"
	"slices"
	"time"

	"hookline/app/expression"
	"hookline/models"
)

// UnsentReason says why a webhook did not get an event (B16).
type UnsentReason string

const (
	UnsentTest       UnsentReason = "test"       // the event was a test of one webhook
	UnsentLater      UnsentReason = "made_later" // the webhook was made after the event
	UnsentOff        UnsentReason = "off"        // a person had switched it off
	UnsentFailing    UnsentReason = "failing"    // Hookline had switched it off
	UnsentGone       UnsentReason = "gone"       // it had answered 410
	UnsentSubscribed UnsentReason = "not_subscribed"
	UnsentFiltered   UnsentReason = "filtered" // its filter was false
	UnsentUnknown    UnsentReason = "unknown"  // its delivery is no longer kept
)

// Unsent is a webhook that has no delivery of an event, and why.
type Unsent struct {
	Webhook *models.Webhook
	Reason  UnsentReason
	Detail  string
	// Then says that the reason is known to have held when the event came in.
	Then bool
}

// unsent explains every webhook that the actor may read and that has no delivery.
func (s *Events) unsent(ctx context.Context, config *models.Config, actor models.Actor, e models.Event, sent []models.Delivery) ([]Unsent, error) {
	has := map[string]bool{}
	for _, d := range sent {
		has[d.WebhookID] = true
	}
	t, known := config.EventType(e.Type)
	if !known {
		t.Name = e.Type
	}
	var list []Unsent
	for _, w := range sortedByName(slices.Collect(config.Webhooks())) {
		if has[w.ID] || !s.knows(actor, w) {
			continue
		}
		u, err := s.whyUnsent(ctx, e, t, w, e.ConfigVersion == config.Version)
		if err != nil {
			return nil, err
		}
		list = append(list, u)
	}
	return list, nil
}

// clocksDiffer bounds how far the clocks of two nodes may lie apart.
const clocksDiffer = 10 * time.Minute

// whyUnsent explains one webhook. current says that nothing has changed since the
// event.
func (s *Events) whyUnsent(ctx context.Context, e models.Event, t models.EventType, w *models.Webhook, current bool) (Unsent, error) {
	switch {
	case e.Test:
		return Unsent{w, UnsentTest, "The event was made by a test, which goes to one webhook alone.", true}, nil
	case current, w.UpdatedAt.Before(e.CreatedAt.Add(-clocksDiffer)):
		return s.whyNot(w, e, t, stateOf(w.Enabled, w.State, w.Subscriptions, t), ""), nil
	}
	versions, err := s.store.WebhookVersionsSince(ctx, w.ID, e)
	if err != nil || len(versions) == 0 {
		return s.whyNot(w, e, t, stateOf(w.Enabled, w.State, w.Subscriptions, t), ""), err
	}
	first := versions[0]
	if !first.Begun(e) && (first.ConfigVersion > 0 && first.Version == 1 || w.CreatedAt.After(e.CreatedAt)) {
		return Unsent{w, UnsentLater, "The webhook was made later, " + at(w.CreatedAt) + ".", true}, nil
	}
	was, more := stateThen(versions, t)
	u := s.whyNot(w, e, t, was, more)
	if !first.Begun(e) {
		u.Detail, u.Then = u.Detail+" It was changed "+at(first.CreatedAt)+", after the event; what it was before is not kept.", false
	}
	return u, nil
}

// hookState is what decides whether a webhook gets events of a type.
type hookState struct {
	enabled    bool
	state      models.WebhookState
	subscribed bool
	filter     string
}

func stateOf(enabled bool, state models.WebhookState, subscribed models.Subscriptions, t models.EventType) hookState {
	return hookState{enabled: enabled, state: state, subscribed: subscribed.Covers(t), filter: subscribed.Filter}
}

// stateThen is the state in the first of the versions. more names the change that
// ended that state, as an end of a sentence.
func stateThen(versions []models.WebhookVersion, t models.EventType) (was hookState, more string) {
	for i, v := range versions {
		state := stateOf(v.Settings.Enabled, v.Settings.State, v.Settings.Subscriptions, t)
		if i == 0 {
			was = state
		} else if state != was {
			return was, " " + v.ActorName + " changed that later, " + at(v.CreatedAt) + "."
		}
	}
	return was, ""
}

func (s *Events) whyNot(w *models.Webhook, e models.Event, t models.EventType, was hookState, more string) Unsent {
	switch {
	case !was.subscribed:
		return Unsent{w, UnsentSubscribed, "It is not subscribed to " + t.Name + "." + more, true}
	case was.state == models.DisabledFailing:
		return Unsent{w, UnsentFailing, "Hookline had switched it off because it kept failing." + more, true}
	case was.state == models.Gone:
		return Unsent{w, UnsentGone, "Hookline had switched it off because it answered 410 Gone." + more, true}
	case !was.enabled:
		return Unsent{w, UnsentOff, "It was switched off." + more, true}
	}
	if why := s.filteredBy(w, was.filter, e); why != "" {
		// The name that its type had then is not kept, and the filter may name it.
		certain, says := !t.UpdatedAt.After(e.CreatedAt), "Its filter was false: "
		if !certain {
			says = "Its filter is false of the event as its type is now: "
		}
		return Unsent{w, UnsentFiltered, says + why + more, certain}
	}
	return Unsent{w, UnsentUnknown, "It was on and subscribed as far as can be told, so it may have got the event: its delivery is not kept any more.", false}
}

// filteredBy says which term of a filter is false of the event; "" when it matches,
// or cannot tell.
func (s *Events) filteredBy(w *models.Webhook, source string, e models.Event) string {
	if source == "" {
		return ""
	}
	f, err := s.filterOf(w, source)
	if err != nil {
		return ""
	}
	m := s.matcher(s.store.Config(), &e)
	if m.match(f).wanted {
		return ""
	}
	return f.Explain(m.values())
}

// filterOf compiles a filter that the webhook has now, or had before.
func (s *Events) filterOf(w *models.Webhook, source string) (*expression.Filter, error) {
	if source == w.Subscriptions.Filter {
		return s.filters.of(w)
	}
	return expression.CompileFilter(source)
}

func at(t time.Time) string { return fmt.Sprintf("at %s", t.UTC().Format("2 Jan 2006 15:04 UTC")) }

func sortedByName(list []*models.Webhook) []*models.Webhook {
	list = slices.Clone(list)
	slices.SortFunc(list, byName)
	return list
}
