package service

import (
	"encoding/base64"
	"time"

	"hookline/app/store"
	"hookline/models"
)

// Sizes of a page.
const (
	DefaultPage = 50
	MaxPage     = 200
)

// PageRequest asks for a page of a list, newest first. Cursor is one that an
// earlier page gave, Limit 0 the default.
type PageRequest struct {
	Cursor string
	Limit  int
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

// A cursor is the id to go on from, and in which direction. It is opaque to
// callers, but holds nothing that they may not know.
const (
	older = 'o'
	newer = 'n'
)

func encodeCursor(direction byte, id string) string {
	return base64.RawURLEncoding.EncodeToString(append([]byte{direction}, id...))
}

// storePage parses a page request. One row more than asked for is read, to know
// whether there is another page.
func (p PageRequest) storePage(prefix string) (store.Page, error) {
	var errs models.FieldErrors
	page := store.Page{Limit: DefaultPage}
	if p.Limit != 0 {
		page.Limit = p.Limit
	}
	if page.Limit < 1 || page.Limit > MaxPage {
		errs.Add("limit", "Give a number from 1 to %d.", MaxPage)
	}
	page.Limit++
	if p.Cursor != "" {
		direction, id, ok := decodeCursor(prefix, p.Cursor)
		switch {
		case !ok:
			errs.Add("cursor", "This is not a cursor from an earlier answer. Leave it out to start from the newest.")
		case direction == newer:
			page.After = id
		default:
			page.Before = id
		}
	}
	return page, errs.Err()
}

func decodeCursor(prefix, cursor string) (direction byte, id string, ok bool) {
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || len(raw) < 2 || (raw[0] != older && raw[0] != newer) {
		return 0, "", false
	}
	id, err = models.ParseID(prefix, string(raw[1:]))
	return raw[0], id, err == nil
}

// paged cuts the extra row off and makes the neighbours' cursors.
func paged[T any](items []T, p store.Page, id func(T) string) Page[T] {
	more := len(items) == p.Limit
	if more && p.After != "" {
		items = items[1:]
	} else if more {
		items = items[:len(items)-1]
	}
	page := Page[T]{Items: items}
	if len(items) == 0 {
		return page
	}
	if more || p.After != "" {
		page.Older = encodeCursor(older, id(items[len(items)-1]))
	}
	if (p.After != "" && more) || p.Before != "" {
		page.Newer = encodeCursor(newer, id(items[0]))
	}
	return page
}
