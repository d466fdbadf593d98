package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"gorm.io/gorm"

	"hookline/models"
)

// EventPage asks for a stretch of the stream by place: ids may be the callers'
// own, and do not sort by time.
type EventPage struct {
	Before int64 // 0: from the newest
	After  int64 // the page nearer to now; rows still come newest first
	Limit  int
}

// typeWindow is how much of the stream one page looks through for a type. The
// stream has no index by type, which each publication would have to pay for.
const typeWindow = 50_000

// Events pages through the stream, newest first, without the events' data. With a
// type in the filter it looks through a stretch of the stream only; next is where
// to look on when that stretch did not fill the page, else 0.
func (s *Store) Events(ctx context.Context, f models.EventFilter, p EventPage) (list []models.Event, next int64, err error) {
	if f.ID != "" {
		list, err := s.eventsNamed(ctx, f, p)
		return list, 0, err
	}
	low, high, err := s.bounds(ctx, f)
	if err != nil || high == 0 {
		return nil, 0, err
	}
	if p.Before > 0 {
		high = min(high, p.Before-1)
	}
	low = max(low, p.After+1)
	oldest := low
	if f.Type != "" && p.After == 0 {
		low = max(low, high-typeWindow+1)
	}
	tx := whereEvent(s.read.WithContext(ctx).Table("events").Select(streamColumns), f).
		Where("seq BETWEEN ? AND ?", low, high).Limit(p.Limit)
	if p.After > 0 {
		list, err = streamRows(tx.Order("seq"))
		slices.Reverse(list)
	} else {
		list, err = streamRows(tx.Order("seq DESC"))
	}
	if len(list) < p.Limit && low > oldest {
		next = low
	}
	return list, next, err
}

const streamColumns = "seq, id, type, occurred_at, created_at, test, deliveries"

// eventsNamed finds the one or two that an id or key names. It does not ask for
// an order, so that the database goes by their indexes and not through the stream.
func (s *Store) eventsNamed(ctx context.Context, f models.EventFilter, p EventPage) ([]models.Event, error) {
	list, err := streamRows(whereEvent(s.read.WithContext(ctx).Table("events").Select(streamColumns), f).
		Where("(id = ? OR idempotency_key = ?)", f.ID, f.ID))
	list = slices.DeleteFunc(list, func(e models.Event) bool { return e.Seq <= p.After || (p.Before > 0 && e.Seq >= p.Before) })
	slices.SortFunc(list, func(a, b models.Event) int { return cmp.Compare(b.Seq, a.Seq) })
	return list, err
}

func whereEvent(tx *gorm.DB, f models.EventFilter) *gorm.DB {
	if f.Type != "" {
		tx = tx.Where("type = ?", f.Type)
	}
	if !f.Since.IsZero() {
		tx = tx.Where("created_at >= ?", micros(f.Since))
	}
	if !f.Until.IsZero() {
		tx = tx.Where("created_at < ?", micros(f.Until))
	}
	return tx
}

func streamRows(tx *gorm.DB) ([]models.Event, error) {
	rows, err := tx.Rows()
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []models.Event
	for rows.Next() {
		var e models.Event
		var occurred, created int64
		if err := rows.Scan(&e.Seq, &e.ID, &e.Type, &occurred, &created, &e.Test, &e.Deliveries); err != nil {
			return nil, err
		}
		e.OccurredAt, e.CreatedAt = time.UnixMicro(occurred).UTC(), fromMicros(created)
		list = append(list, e)
	}
	return list, rows.Err()
}

// outOfOrder is how far places and times may disagree: events that are committed
// together, or by nodes whose clocks differ.
const outOfOrder = time.Minute

// bounds are the places between which the filter's times lie; high is 0 when the
// stream is empty.
func (s *Store) bounds(ctx context.Context, f models.EventFilter) (low, high int64, err error) {
	var first, last sql.NullInt64
	// Two queries in one: each is the end of an index.
	err = s.readDB().QueryRowContext(ctx, "SELECT (SELECT min(seq) FROM events), (SELECT max(seq) FROM events)").Scan(&first, &last)
	low, high = first.Int64, last.Int64
	if err == nil && !f.Since.IsZero() {
		low, err = s.placeOf(ctx, f.Since.Add(-outOfOrder), low, high)
	}
	if err == nil && !f.Until.IsZero() {
		high, err = s.placeOf(ctx, f.Until.Add(outOfOrder), low, high)
	}
	return low, high, err
}

// placeOf finds the first place whose time is not before at, by halving: twenty
// looks into a million events.
func (s *Store) placeOf(ctx context.Context, at time.Time, low, high int64) (int64, error) {
	for low < high {
		middle := low + (high-low)/2
		var seq, created int64
		err := s.readDB().QueryRowContext(ctx, s.bind("SELECT seq, created_at FROM events WHERE seq >= ? ORDER BY seq LIMIT 1"), middle).Scan(&seq, &created)
		switch {
		case err != nil && !errors.Is(err, sql.ErrNoRows):
			return 0, err
		case err != nil || created >= micros(at):
			high = middle
		default:
			low = seq + 1
		}
	}
	return low, nil
}

// EventCounts counts how the deliveries of these events stand, by event id. only,
// when not nil, keeps to those of these webhooks.
func (s *Store) EventCounts(ctx context.Context, eventIDs, only []string) (map[string]models.EventCounts, error) {
	counts := make(map[string]models.EventCounts, len(eventIDs))
	if len(eventIDs) == 0 {
		return counts, nil
	}
	tx := s.read.WithContext(ctx).Table("deliveries").Select("event_id, state, count(*)").Where("event_id IN ?", eventIDs)
	if only != nil {
		tx = tx.Where("webhook_id IN ?", orNothing(only))
	}
	rows, err := tx.Group("event_id, state").Rows()
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id string
		var state models.DeliveryState
		var n int
		if err := rows.Scan(&id, &state, &n); err != nil {
			return nil, err
		}
		counts[id] = counts[id].Add(state, n)
	}
	return counts, rows.Err()
}
