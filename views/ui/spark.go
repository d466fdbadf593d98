package ui

import "hookline/models"

// tick is one hour in the small chart of a day. What did not succeed is lower as
// well as red, so that colour is not needed to read it.
type tick struct {
	X, Y, Height int
	Class        string
}

const (
	tickStep   = 5
	tickHeight = 16
)

func ticks(hours []models.OutcomeCounts) []tick {
	out := make([]tick, len(hours))
	for i, h := range hours {
		t := tick{X: i * tickStep, Height: 2, Class: "wait"}
		switch {
		case h.Succeeded == 0 && h.Bad() == 0:
		case h.Bad() == 0:
			t.Height, t.Class = tickHeight, "ok"
		case h.Succeeded > h.Bad():
			t.Height, t.Class = 12, "some"
		default:
			t.Height, t.Class = 7, "bad"
		}
		t.Y = tickHeight - t.Height
		out[i] = t
	}
	return out
}
