package main

import (
	"context"
	"time"
)

// week fills the statistics: copies of the webhook, of which the last has stopped, and for each of them and the workspace
// rows of a minute for two hours and of ten minutes for the week before. One in five minutes has failures.
func (s *seeder) week(ctx context.Context, webhooks int) error {
	if err := s.copyWebhooks(ctx, webhooks-1); err != nil {
		return err
	}
	now := time.Now()
	recent := now.Truncate(10 * time.Minute).Add(-2 * time.Hour)
	for _, part := range []struct {
		start time.Time
		width time.Duration
		count int
	}{{recent, time.Minute, 120}, {recent.Add(-7 * 24 * time.Hour), 10 * time.Minute, 7 * 24 * 6}} {
		if _, err := s.db.ExecContext(ctx, `
			WITH RECURSIVE step(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM step WHERE n + 1 < ?1),
				owner(id) AS (SELECT id FROM webhooks UNION ALL SELECT '')
			INSERT OR REPLACE INTO stats (webhook_id, starts_at, width, part, succeeded, failed, blocked, retried, latency)
			SELECT owner.id, ?2 + n * ?3, ?3 / 1000000, '', 600 + n % 50, n % 5 = 0, 0, (n % 5 = 0) * 3, ?4 FROM step, owner`,
			part.count, part.start.UnixMicro(), part.width.Microseconds(), latencies); err != nil {
			return err
		}
	}
	// What waits must go on waiting while the pages are timed.
	_, err := s.db.ExecContext(ctx, "UPDATE webhooks SET enabled = false WHERE id = ?", s.webhook)
	return err
}

// latencies is a packed histogram with 20 slots in use.
var latencies = func() []byte {
	packed := []byte{100, 50}
	for range 19 {
		packed = append(packed, 2, 30)
	}
	return packed
}()

// copyWebhooks adds webhooks like the seeder's.
func (s *seeder) copyWebhooks(ctx context.Context, count int) error {
	statement, err := s.copyStatement(ctx, "webhooks", map[string]string{"id": value(0), "name": value(0)})
	if err != nil {
		return err
	}
	var rows [][]any
	for range count {
		id, _ := s.nextID("wh")
		rows = append(rows, []any{id})
	}
	return s.write(ctx, statement, rows, s.webhook, "")
}
