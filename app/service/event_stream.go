package service

import (
	"context"
	"encoding/base64"
	"encoding/binary"

	"hookline/app/policy"
	"hookline/app/store"
	"hookline/models"
)

// EventFilter narrows the stream of events; the store's own type.
type EventFilter = store.EventFilter

// StreamedEvent is an event without its data, and how its deliveries stand.
type StreamedEvent struct {
	models.Event
	Counts models.EventCounts
}

// List pages through the stream of events, newest first. A page that is not full,
// and yet has an older one, looked through as much of the stream as one page may.
func (s *Events) List(ctx context.Context, actor models.Actor, f EventFilter, p PageRequest) (Page[StreamedEvent], error) {
	var out Page[StreamedEvent]
	if err := policy.Check(actor, policy.ReadEvents); err != nil {
		return out, err
	}
	page, limit, err := streamPage(p)
	if err != nil {
		return out, err
	}
	list, next, err := s.store.Events(ctx, f, page)
	if err != nil {
		return out, err
	}
	more := len(list) > limit
	if more && page.After > 0 {
		list = list[1:]
	} else if more {
		list = list[:limit]
	}
	out.Older, out.Newer = streamCursors(list, page, more, next)
	out.Items, err = s.withCounts(ctx, actor, list)
	return out, err
}

func (s *Events) withCounts(ctx context.Context, actor models.Actor, list []models.Event) ([]StreamedEvent, error) {
	ids := make([]string, len(list))
	for i, e := range list {
		ids[i] = e.ID
	}
	counts, err := s.store.EventCounts(ctx, ids, s.readable(actor))
	items := make([]StreamedEvent, len(list))
	for i, e := range list {
		items[i] = StreamedEvent{Event: e, Counts: counts[e.ID]}
	}
	return items, err
}

// A cursor of the stream is a place and a direction; see PageRequest.
func streamCursor(direction byte, seq int64) string {
	return base64.RawURLEncoding.EncodeToString(binary.BigEndian.AppendUint64([]byte{direction}, uint64(seq)))
}

func streamPage(p PageRequest) (page store.EventPage, limit int, err error) {
	var errs models.FieldErrors
	limit = DefaultPage
	if p.Limit != 0 {
		limit = p.Limit
	}
	if limit < 1 || limit > MaxPage {
		errs.Add("limit", "Give a number from 1 to %d.", MaxPage)
	}
	page.Limit = limit + 1
	if p.Cursor != "" {
		raw, err := base64.RawURLEncoding.DecodeString(p.Cursor)
		switch {
		case err != nil || len(raw) != 9 || (raw[0] != older && raw[0] != newer) || raw[1] > 0x7f:
			errs.Add("cursor", "This is not a cursor from an earlier answer. Leave it out to start from the newest.")
		case raw[0] == newer:
			page.After = int64(binary.BigEndian.Uint64(raw[1:]))
		default:
			page.Before = int64(binary.BigEndian.Uint64(raw[1:]))
		}
	}
	return page, limit, errs.Err()
}

func streamCursors(list []models.Event, p store.EventPage, more bool, next int64) (older_, newer_ string) {
	switch {
	case len(list) > 0 && (more || p.After > 0):
		older_ = streamCursor(older, list[len(list)-1].Seq)
	case next > 0:
		older_ = streamCursor(older, next)
	}
	if len(list) > 0 && ((p.After > 0 && more) || p.Before > 0) {
		newer_ = streamCursor(newer, list[0].Seq)
	}
	return older_, newer_
}

// Audience are the webhooks that an event of this type goes to now, by name.
func (s *Events) Audience(actor models.Actor, eventType string) ([]*models.Webhook, error) {
	if err := policy.Check(actor, policy.PublishEvents); err != nil {
		return nil, err
	}
	return sortedByName(s.store.Config().Matching(eventType)), nil
}

// PublishByHand is Publish for a person who tries something out: the audit log
// says so.
func (s *Events) PublishByHand(ctx context.Context, actor models.Actor, e NewEvent) (models.Event, error) {
	published, err := s.Publish(ctx, actor, e)
	if err != nil {
		return published, err
	}
	return published, s.store.Note(ctx, s.entry(actor, "event.published", published.ID, published.Type, nil, nil))
}
