package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"gorm.io/gorm"

	"hookline/models"
)

// Delivery returns one; NotFound when there is none.
func (s *Store) Delivery(ctx context.Context, id string) (models.Delivery, error) {
	row := s.readDB().QueryRowContext(ctx, s.bind("SELECT "+deliveryColumns+" FROM deliveries WHERE id = ?"), id)
	d, err := scanDelivery(row, s.now())
	if errors.Is(err, sql.ErrNoRows) {
		err = models.Errorf(models.NotFound, "There is no delivery with this id.")
	}
	return d, err
}

// Attempts lists all attempts of a delivery, the first one first.
func (s *Store) Attempts(ctx context.Context, deliveryID string) ([]models.Attempt, error) {
	rows, err := s.readDB().QueryContext(ctx, s.bind(`SELECT number, webhook_version, started_at, duration, outcome, status, error,
		method, url, request_headers, request_body, request_truncated, response_headers, response_body, response_truncated, timing, cause, missing, NOT bodies_kept
		FROM attempts WHERE delivery_id = ? ORDER BY number`), deliveryID)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	list := []models.Attempt{}
	for rows.Next() {
		var a models.Attempt
		var started, duration int64
		var sent, received []byte
		var timing, missing string
		if err := rows.Scan(&a.Number, &a.WebhookVersion, &started, &duration, &a.Outcome, &a.Status, &a.Error,
			&a.Request.Method, &a.Request.URL, &sent, &a.Request.Body, &a.Request.Truncated,
			&received, &a.Response.Body, &a.Response.Truncated, &timing, &a.Cause, &missing, &a.BodiesGone); err != nil {
			return nil, err
		}
		a.StartedAt, a.Duration = fromMicros(started), time.Duration(duration)*time.Microsecond
		a.Timing = models.ParseTiming(timing)
		if a.Missing, err = decodeMissing(missing); err != nil {
			return nil, err
		}
		a.Request.Headers, a.Response.Headers = decodeHeaders(sent), decodeHeaders(received)
		list = append(list, a)
	}
	return list, rows.Err()
}

// Retrigger makes a delivery due now with a fresh count of tries; its id and
// attempts stay. Conflict when it is being attempted right now.
func (s *Store) Retrigger(ctx context.Context, id string, audit ...models.Audit) error {
	now := micros(s.now())
	return s.tx(ctx, func(tx *gorm.DB) error {
		res := tx.Exec(`UPDATE deliveries SET state = 'pending', due_at = ?, tries = 0, claim_id = NULL, finished_at = 0
			WHERE id = ? AND NOT (state = 'pending' AND claim_id IS NOT NULL AND due_at > ?)`, now, id, now)
		if res.Error == nil && res.RowsAffected == 0 {
			return models.Errorf(models.Conflict, "This delivery is being attempted right now. Wait for its result.")
		}
		if res.Error != nil {
			return res.Error
		}
		return note(tx, audit)
	})
}

// Cancel ends a pending delivery. One that a node holds is taken from it; late.go
// says what comes of an attempt on the wire. Conflict when the delivery has ended
// already.
func (s *Store) Cancel(ctx context.Context, id string, audit ...models.Audit) error {
	return s.tx(ctx, func(tx *gorm.DB) error {
		res := tx.Exec("UPDATE deliveries SET state = 'cancelled', claim_id = NULL, finished_at = ? WHERE id = ? AND state = 'pending'", micros(s.now()), id)
		if res.Error == nil && res.RowsAffected == 0 {
			return models.Errorf(models.Conflict, "Only a pending delivery can be cancelled; this one has ended.")
		}
		if res.Error != nil {
			return res.Error
		}
		return note(tx, audit)
	})
}

// AddDelivery stores a further delivery of an event, like the one with the id of.
func (s *Store) AddDelivery(ctx context.Context, d models.Delivery, of string, audit ...models.Audit) error {
	return s.tx(ctx, func(tx *gorm.DB) error {
		err := tx.Table("deliveries").Create(map[string]any{
			"id": d.ID, "event_id": d.EventID, "event_type": d.EventType, "webhook_id": d.WebhookID, "state": string(d.State),
			"test": d.Test, "attempts": 0, "tries": 0, "due_at": micros(d.DueAt), "created_at": micros(d.CreatedAt), "finished_at": 0,
			"last_outcome": "", "last_status": 0, "last_error": "", "last_duration": 0, "last_at": 0,
		}).Error
		if err != nil {
			return err
		}
		if d.Test {
			if err := copyTestTarget(tx, of, d.ID); err != nil {
				return err
			}
		}
		return note(tx, audit)
	})
}
