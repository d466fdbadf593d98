package store

import (
	"context"
	"slices"

	"gorm.io/gorm"

	"hookline/models"
)

// RecentEvents asks for the newest events with their data, tests left out.
type RecentEvents struct {
	Types     []string // nil: of all types
	WebhookID string   // when set, only those that it has deliveries of
	Limit     int
	MaxBytes  int // of data in all; what comes after is left out. The first always comes.
}

// recentWindow is how much of the stream is looked through for types: somebody
// waits for it while typing.
const recentWindow = 20_000

// RecentEvents returns them newest first. It looks through a stretch of the stream
// only, like Events.
func (s *Store) RecentEvents(ctx context.Context, r RecentEvents) ([]models.Event, error) {
	ids, err := s.recentIDs(ctx, r)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	found, err := s.eventsByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	list := make([]models.Event, 0, len(ids))
	for _, id := range ids {
		if e, there := found[id.(string)]; there {
			list = append(list, e)
		}
	}
	return list, nil
}

func (s *Store) recentIDs(ctx context.Context, r RecentEvents) ([]any, error) {
	tx := s.read.WithContext(ctx).Table("events")
	if r.Types != nil {
		tx = tx.Where("type IN ?", orNothing(r.Types))
	}
	if r.WebhookID != "" {
		deliveries, err := s.recentDeliveries(ctx, r.WebhookID)
		if err != nil {
			return nil, err
		}
		tx = tx.Where("id IN ?", orNothing(deliveries))
	} else {
		low, high, err := s.bounds(ctx, models.EventFilter{})
		if err != nil {
			return nil, err
		}
		tx = tx.Where("seq BETWEEN ? AND ?", max(low, high-recentWindow+1), high)
	}
	return idsWithin(tx.Where("NOT test").Select("id, length(data)").Order("seq DESC").Limit(r.Limit), r.MaxBytes)
}

// idsWithin reads ids until their data is too much.
func idsWithin(tx *gorm.DB, maxBytes int) ([]any, error) {
	rows, err := tx.Rows()
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var ids []any
	total := 0
	for rows.Next() {
		var id string
		var size int
		if err := rows.Scan(&id, &size); err != nil {
			return nil, err
		}
		if total += size; len(ids) > 0 && total > maxBytes {
			break
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// mostRecentDeliveries bounds it; several may be of one event.
const mostRecentDeliveries = 200

// recentDeliveries lists the events of a webhook's newest deliveries.
func (s *Store) recentDeliveries(ctx context.Context, webhookID string) ([]string, error) {
	rows, err := s.readDB().QueryContext(ctx, s.bind("SELECT event_id FROM deliveries WHERE webhook_id = ? ORDER BY id DESC LIMIT ?"), webhookID, mostRecentDeliveries)
	if err != nil {
		return nil, err
	}
	ids, err := texts(rows)
	slices.Sort(ids)
	return slices.Compact(ids), err
}
