package store

import (
	"context"
	"database/sql"
	"time"

	"hookline/models"
)

// firstDue is how many of the deliveries that fall due first are looked at one
// by one; lastDue how many of the last: long retries of old deliveries are there.
const (
	firstDue = 20
	lastDue  = 200
)

// Backlog counts and looks at what waits for one webhook. ok is false when
// nothing does. Its cost is bounded whatever waits: the counting reads the
// index of due deliveries alone.
func (s *Store) Backlog(ctx context.Context, webhookID string, now time.Time) (b models.Backlog, ok bool, err error) {
	b.WebhookID = webhookID
	oldest, err := s.countWaiting(ctx, &b)
	if err != nil || b.Waiting == 0 {
		return b, false, err
	}
	if b.Oldest, err = s.Delivery(ctx, oldest); models.CodeOf(err) == models.NotFound {
		return b, false, nil
	}
	if err != nil {
		return b, false, err
	}
	return b, true, s.lookAtFirst(ctx, &b, now)
}

func (s *Store) countWaiting(ctx context.Context, b *models.Backlog) (oldest string, err error) {
	var n int
	var first, last sql.NullString
	row := s.readDB().QueryRowContext(ctx, s.bind(`SELECT count(*), min(id) FROM (SELECT id FROM deliveries
		WHERE state = 'pending' AND webhook_id = ? ORDER BY due_at, id LIMIT ?) d`), b.WebhookID, models.MaxBacklog+1)
	if err := row.Scan(&n, &first); err != nil {
		return "", err
	}
	b.Waiting, b.More = min(n, models.MaxBacklog), n > models.MaxBacklog
	if !b.More {
		return first.String, nil
	}
	row = s.readDB().QueryRowContext(ctx, s.bind(`SELECT min(id) FROM (SELECT id FROM deliveries
		WHERE state = 'pending' AND webhook_id = ? ORDER BY due_at DESC, id DESC LIMIT ?) d`), b.WebhookID, lastDue)
	if err := row.Scan(&last); err != nil {
		return "", err
	}
	if last.Valid && last.String < first.String {
		return last.String, nil
	}
	return first.String, nil
}

// lookAtFirst tells what is held from what waits by itself.
func (s *Store) lookAtFirst(ctx context.Context, b *models.Backlog, now time.Time) error {
	rows, err := s.readDB().QueryContext(ctx, s.bind(`SELECT due_at, claim_id FROM deliveries
		WHERE state = 'pending' AND webhook_id = ? ORDER BY due_at, id LIMIT ?`), b.WebhookID, firstDue)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var due int64
		var claim sql.NullString
		if err := rows.Scan(&due, &claim); err != nil {
			return err
		}
		switch at := fromMicros(due); {
		case claim.Valid && now.Before(at):
			b.Held++
		case b.Next.IsZero():
			b.Next = at
		}
	}
	return rows.Err()
}
