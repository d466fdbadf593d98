package store

import (
	"encoding/base64"
	"encoding/binary"

	"hookline/models"
)

// A cursor is a direction and the place in a list to go on from. It is opaque to
// callers, but holds nothing that they may not know.
const (
	older = 'o'
	newer = 'n'
)

func cursor(direction byte, place []byte) string {
	return base64.RawURLEncoding.EncodeToString(append([]byte{direction}, place...))
}

// readCursor reads a cursor; ok is false for a text that is none.
func readCursor(text string) (direction byte, place []byte, ok bool) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(raw) < 2 || (raw[0] != older && raw[0] != newer) {
		return 0, nil, false
	}
	return raw[0], raw[1:], true
}

const badCursor = "This is not a cursor from an earlier answer. Leave it out to start from the newest."

// Older is the cursor of the page of rows before this id.
func Older(id string) string { return cursor(older, []byte(id)) }

// PageOf parses a page request of a list of objects whose ids have the prefix. The
// page has one row more than asked for, to know whether there is another page.
func PageOf(r models.PageRequest, prefix string) (Page, error) {
	var errs models.FieldErrors
	page := Page{Limit: r.Size(&errs) + 1}
	if r.Cursor != "" {
		direction, place, ok := readCursor(r.Cursor)
		id, err := models.ParseID(prefix, string(place))
		switch {
		case !ok || err != nil:
			errs.Add("cursor", badCursor)
		case direction == newer:
			page.After = id
		default:
			page.Before = id
		}
	}
	return page, errs.Err()
}

// Paged cuts the extra row off and makes the neighbours' cursors.
func Paged[T any](items []T, p Page, id func(T) string) models.Page[T] {
	items, more := cut(items, p.Limit, p.After != "")
	page := models.Page[T]{Items: items}
	if len(items) == 0 {
		return page
	}
	if more || p.After != "" {
		page.Older = Older(id(items[len(items)-1]))
	}
	if (p.After != "" && more) || p.Before != "" {
		page.Newer = cursor(newer, []byte(id(items[0])))
	}
	return page
}

// cut takes the row off that only says that there are more.
func cut[T any](items []T, limit int, forward bool) (kept []T, more bool) {
	switch more = len(items) == limit; {
	case more && forward:
		return items[1:], true
	case more:
		return items[:len(items)-1], true
	}
	return items, false
}

// EventPageOf is PageOf for the stream of events, whose places are sequence numbers.
func EventPageOf(r models.PageRequest) (EventPage, error) {
	var errs models.FieldErrors
	page := EventPage{Limit: r.Size(&errs) + 1}
	if r.Cursor != "" {
		direction, place, ok := readCursor(r.Cursor)
		switch {
		case !ok || len(place) != 8 || place[0] > 0x7f:
			errs.Add("cursor", badCursor)
		case direction == newer:
			page.After = int64(binary.BigEndian.Uint64(place))
		default:
			page.Before = int64(binary.BigEndian.Uint64(place))
		}
	}
	return page, errs.Err()
}

// PagedEvents is Paged for the stream of events; next is where Events would look on.
func PagedEvents(list []models.Event, p EventPage, next int64) (kept []models.Event, before, after string) {
	place := func(direction byte, seq int64) string {
		return cursor(direction, binary.BigEndian.AppendUint64(nil, uint64(seq)))
	}
	list, more := cut(list, p.Limit, p.After > 0)
	switch {
	case len(list) > 0 && (more || p.After > 0):
		before = place(older, list[len(list)-1].Seq)
	case next > 0:
		before = place(older, next)
	}
	if len(list) > 0 && ((p.After > 0 && more) || p.Before > 0) {
		after = place(newer, list[0].Seq)
	}
	return list, before, after
}

// SearchCursor is the cursor of the page behind this participant of a search, which
// goes forwards only.
func SearchCursor(last FoundParticipant) string { return Older(last.ID + last.Term) }

// ReadSearchCursor returns the term and the id to go on after; "" to begin.
func ReadSearchCursor(text string) (term, id string, err error) {
	if text == "" {
		return "", "", nil
	}
	const idLength = len(models.ParticipantPrefix) + 1 + 26
	direction, place, ok := readCursor(text)
	if ok && direction == older && len(place) > idLength {
		if id, err = models.ParseID(models.ParticipantPrefix, string(place[:idLength])); err == nil {
			term = string(place[idLength:])
		}
	}
	if term == "" || term != models.SearchTerm(term) {
		var errs models.FieldErrors
		errs.Add("cursor", "This is not a cursor from an earlier answer to this search. Leave it out to start from the first.")
		return "", "", errs.Err()
	}
	return term, id, nil
}
