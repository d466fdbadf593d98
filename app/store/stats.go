package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"time"

	"hookline/models"
)

const outcomeColumns = "succeeded, failed, blocked, retried"

// outcomeSums is outcomeColumns added up; PostgreSQL would make decimals of them.
const outcomeSums = `CAST(sum(succeeded) AS BIGINT), CAST(sum(failed) AS BIGINT), CAST(sum(blocked) AS BIGINT), CAST(sum(retried) AS BIGINT)`

func outcomeFields(t *models.OutcomeCounts) []any {
	return []any{&t.Succeeded, &t.Failed, &t.Blocked, &t.Retried}
}

// Stats are what became of attempts in the range that ends at now: of the given
// webhooks together, or of the whole workspace, deleted webhooks included, when
// webhookIDs is nil. Its cost follows the range, not the number of deliveries.
func (s *Store) Stats(ctx context.Context, webhookIDs []string, r models.Range, now time.Time) (models.Stats, error) {
	start := r.Start(now)
	b := newBuckets(r, start)
	if webhookIDs == nil {
		webhookIDs = []string{everyWebhook}
	}
	if len(webhookIDs) == 0 {
		return b.stats(), nil
	}
	rows, err := s.readDB().QueryContext(ctx, s.bind(`SELECT starts_at, latency, `+outcomeColumns+` FROM stats
		WHERE webhook_id IN (`+placeholders(len(webhookIDs))+`) AND starts_at >= ?`), append(idArgs(webhookIDs), start.UnixMicro())...)
	if err != nil {
		return models.Stats{}, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := b.scan(rows); err != nil {
			return models.Stats{}, err
		}
	}
	return b.stats(), rows.Err()
}

func idArgs(ids []string) []any {
	args := make([]any, len(ids), len(ids)+3)
	for i, id := range ids {
		args[i] = id
	}
	return args
}

// buckets adds stored rows up to those of a range.
type buckets struct {
	models.Stats
	start      time.Time
	histograms []histogram
}

func newBuckets(r models.Range, start time.Time) *buckets {
	b := &buckets{start: start, histograms: make([]histogram, r.Buckets())}
	b.Range, b.Buckets = r, make([]models.Bucket, r.Buckets())
	for i := range b.Buckets {
		b.Buckets[i].Start = start.Add(time.Duration(i) * r.Width())
	}
	return b
}

func (b *buckets) scan(rows *sql.Rows) error {
	var startsAt int64
	var packed []byte
	var t models.OutcomeCounts
	if err := rows.Scan(append([]any{&startsAt, &packed}, outcomeFields(&t)...)...); err != nil {
		return err
	}
	// A clock that was ahead may have counted for later than now.
	i := min(len(b.Buckets)-1, int(fromMicros(startsAt).Sub(b.start)/b.Range.Width()))
	b.Buckets[i].OutcomeCounts = b.Buckets[i].Plus(t)
	return b.histograms[i].mergeEncoded(packed)
}

func (b *buckets) stats() models.Stats {
	var all histogram
	for i := range b.Buckets {
		b.Buckets[i].Latency = b.histograms[i].percentiles()
		b.Total = b.Total.Plus(b.Buckets[i].OutcomeCounts)
		all.merge(&b.histograms[i])
	}
	b.Latency = all.percentiles()
	return b.Stats
}

// Activity is the last 24 hours of each of these webhooks, up to the hour that
// now is in. Webhooks without a delivery are not in the map.
func (s *Store) Activity(ctx context.Context, webhookIDs []string, now time.Time) (map[string]models.Activity, error) {
	found := make(map[string]models.Activity, len(webhookIDs))
	if len(webhookIDs) == 0 {
		return found, nil
	}
	if err := s.newest(ctx, webhookIDs, found); err != nil {
		return nil, err
	}
	start := now.UTC().Truncate(time.Hour).Add(-23 * time.Hour).UnixMicro()
	rows, err := s.readDB().QueryContext(ctx, s.bind(`SELECT webhook_id, (starts_at - ?) / 3600000000 AS hour, `+outcomeSums+` FROM stats
		WHERE webhook_id IN (`+placeholders(len(webhookIDs))+`) AND starts_at >= ? GROUP BY webhook_id, hour`),
		append(append([]any{start}, idArgs(webhookIDs)...), start)...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id string
		var hour int
		var t models.OutcomeCounts
		if err := rows.Scan(append([]any{&id, &hour}, outcomeFields(&t)...)...); err != nil {
			return nil, err
		}
		a := found[id]
		hour = min(hour, len(a.Hours)-1)
		a.OutcomeCounts, a.Hours[hour] = a.Plus(t), a.Hours[hour].Plus(t)
		found[id] = a
	}
	return found, rows.Err()
}

// newest reads when each webhook's newest delivery was made, tests aside.
func (s *Store) newest(ctx context.Context, webhookIDs []string, found map[string]models.Activity) error {
	rows, err := s.readDB().QueryContext(ctx, s.bind(`SELECT w.id,
		(SELECT d.created_at FROM deliveries d WHERE d.webhook_id = w.id AND NOT d.test ORDER BY d.id DESC LIMIT 1)
		FROM webhooks w WHERE w.id IN (`+placeholders(len(webhookIDs))+`)`), idArgs(webhookIDs)...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id string
		var created sql.NullInt64
		if err := rows.Scan(&id, &created); err != nil {
			return err
		}
		if created.Valid {
			found[id] = models.Activity{Last: fromMicros(created.Int64)}
		}
	}
	return rows.Err()
}

// WithFailures lists webhooks of which attempts did not succeed since then, the worst
// first, at most limit; of these webhooks only, unless among is nil. It reads only
// the minutes in which something went wrong.
func (s *Store) WithFailures(ctx context.Context, since time.Time, among []string, limit int) ([]string, error) {
	narrow := ""
	if among != nil {
		narrow = " AND webhook_id IN (" + cmp.Or(placeholders(len(among)), "''") + ")"
	}
	rows, err := s.readDB().QueryContext(ctx, s.bind(`SELECT webhook_id FROM stats
		WHERE failed + blocked + retried > 0 AND webhook_id <> ''`+narrow+` AND starts_at >= ?
		GROUP BY webhook_id ORDER BY sum(failed + blocked + retried) DESC, webhook_id LIMIT ?`), append(idArgs(among), since.UnixMicro(), limit)...)
	if err != nil {
		return nil, err
	}
	return texts(rows)
}

// HasEvents reports whether an event ever came in, tests aside.
func (s *Store) HasEvents(ctx context.Context) (bool, error) {
	var found int
	err := s.readDB().QueryRowContext(ctx, "SELECT 1 FROM events WHERE NOT test LIMIT 1").Scan(&found)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return found == 1, err
}
