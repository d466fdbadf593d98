package ui

import "hookline/models"

// tick is one delivery in the small chart of the newest ones. What failed is
// low as well as red, so that colour is not needed to read it.
type tick struct {
	X, Y, Height int
	Class        string
}

const (
	tickStep   = 5
	tickHeight = 16
)

func ticks(states []models.DeliveryState) []tick {
	out := make([]tick, len(states))
	for i, s := range states {
		t := tick{X: i * tickStep, Height: 4, Class: "wait"}
		switch s {
		case models.Succeeded:
			t.Height, t.Class = tickHeight, "ok"
		case models.Failed, models.Blocked:
			t.Height, t.Class = 8, "bad"
		}
		t.Y = tickHeight - t.Height
		out[i] = t
	}
	return out
}
