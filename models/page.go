package models

import "time"

// Sizes of a page.
const (
	defaultPage = 50
	MaxPage     = 200
)

// PageRequest asks for a page of a list, newest first. Cursor is a cursor of an
// earlier page, Limit 0 the default.
type PageRequest struct {
	Cursor string
	Limit  int
}

// Size is the number of items asked for.
func (r PageRequest) Size(errs *FieldErrors) int {
	if r.Limit == 0 {
		return defaultPage
	}
	if r.Limit < 1 || r.Limit > MaxPage {
		errs.Add("limit", "Give a number from 1 to %d.", MaxPage)
	}
	return r.Limit
}

// Page is one page and the cursors of its neighbours; "" where there is none.
type Page[T any] struct {
	Items []T
	Older string
	Newer string
	// SearchedTo is set when the page is not full although there may be more: the
	// search went back to this time only, and Older goes on from there.
	SearchedTo time.Time
}
