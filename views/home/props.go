// Package home has the first page: is anything broken, and whose fault is it.
package home

import (
	"time"

	"hookline/models"
	"hookline/views/layout"
)

// Props is Home.
type Props struct {
	Page     layout.Page
	Webhooks int // that the user may read
	Troubles []Trouble
	Waiting  []Waiting // the oldest delivery first
	More     int       // webhooks with something waiting that are not in Waiting
	Stats    models.Stats
	// Steps are shown to users who may make a webhook, until the first event came.
	Steps *Steps
	// CanAsk reports whether the user is no owner, so that others decide what the page shows.
	CanAsk bool
}

// Trouble is a webhook that needs attention.
type Trouble struct {
	models.Trouble
	CanSwitch bool
}

// Waiting is what waits for one webhook.
type Waiting struct {
	models.Backlog
	Name string
}

// Steps are the first ones, and which of them are done.
type Steps struct {
	Webhook, Token bool
	BaseURL        string // public address, for the example
	EventType      string // of the example
}

// shownTroubles keeps the page short when everything is broken at once.
const shownTroubles = 12

func (p Props) shown() []Trouble { return p.Troubles[:min(shownTroubles, len(p.Troubles))] }

func (p Props) counts() (broken, some, off int) {
	for _, t := range p.Troubles {
		switch t.Kind {
		case models.TroubleOff, models.TroubleWaits:
			off++
		case models.TroubleSome:
			some++
		case models.TroubleFilter: // everything arrives, and more than that
		default:
			broken++
		}
	}
	return broken, some, off
}

// unsure are webhooks whose filter fails.
func (p Props) unsure() (n int64) {
	for _, t := range p.Troubles {
		if t.Kind == models.TroubleFilter {
			n++
		}
	}
	return n
}

// late are deliveries that wait for longer than a first attempt takes, for a
// webhook that is on and has no rate limit to wait for.
func (p Props) late() bool {
	for _, w := range p.Waiting {
		if w.Reason != models.WaitOff && w.Reason != models.WaitLimit && p.age(w) > time.Minute {
			return true
		}
	}
	return false
}

func (p Props) age(w Waiting) time.Duration { return p.Page.Now.Sub(w.Oldest.CreatedAt) }
