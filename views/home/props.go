// Package home has the first page: what is broken, and which side has to act.
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
	Problems []Problem
	Waiting  []Waiting // the oldest delivery first
	More     int       // webhooks with something waiting that are not in Waiting
	Stats    models.Stats
	// Steps are nil after the first event, and for a user who may not make a webhook.
	Steps *Steps
	// CanAsk reports whether an owner decides which webhooks the user sees.
	CanAsk bool
}

// Problem is a webhook that needs attention.
type Problem struct {
	models.Problem
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

// shownProblems keeps the page short when everything is broken at once.
const shownProblems = 12

func (p Props) shown() []Problem { return p.Problems[:min(shownProblems, len(p.Problems))] }

func (p Props) counts() (broken, some, off int) {
	for _, problem := range p.Problems {
		switch problem.Kind {
		case models.ProblemOff, models.ProblemWaits:
			off++
		case models.ProblemSome:
			some++
		case models.ProblemFilter: // everything arrives, and more than that
		default:
			broken++
		}
	}
	return broken, some, off
}

// unsure are webhooks whose filter fails.
func (p Props) unsure() (n int64) {
	for _, problem := range p.Problems {
		if problem.Kind == models.ProblemFilter {
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
