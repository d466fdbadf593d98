package store

import (
	"context"
	"strings"
	"time"

	"hookline/models"
)

// takePermits is models.GCRA.Take as one statement, so that nodes which ask at
// the same moment take turns at the row. $1 is the webhook, $2 how far apart
// permits are, $3 how long a whole burst takes, $4 how many are wanted.
var takePermits = strings.NewReplacer(
	"TAKEN", "CASE WHEN (excluded.asked_at + CAST($3 AS BIGINT) - BUCKET) / CAST($2 AS BIGINT) < CAST($4 AS BIGINT) "+
		"THEN (excluded.asked_at + CAST($3 AS BIGINT) - BUCKET) / CAST($2 AS BIGINT) ELSE CAST($4 AS BIGINT) END",
).Replace(`
	INSERT INTO rate_limits AS r (webhook_id, tat, asked_at, got)
	SELECT $1, c.at + CAST($2 AS BIGINT) * CAST($4 AS BIGINT), c.at, CAST($4 AS BIGINT) FROM (SELECT CLOCK AS at) c WHERE true
	ON CONFLICT (webhook_id) DO UPDATE SET
		tat = BUCKET + CAST($2 AS BIGINT) * TAKEN, asked_at = excluded.asked_at, got = TAKEN
	RETURNING got, tat - asked_at`)

const (
	bucketNow = "CASE WHEN r.tat < excluded.asked_at THEN excluded.asked_at " +
		"WHEN r.tat > excluded.asked_at + CAST($3 AS BIGINT) THEN excluded.asked_at + CAST($3 AS BIGINT) ELSE r.tat END"
	databaseClock = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint"
)

// TakePermits takes up to n of the permits that all nodes share of a webhook's
// rate limit (I9). It returns how many it got, and how long until the next is
// free. PostgreSQL's own clock counts, since the nodes' clocks differ; a test's
// clock takes its place.
func (s *Store) TakePermits(ctx context.Context, webhookID string, p models.GCRA, n int) (got int, wait time.Duration, err error) {
	every, full := p.Every.Microseconds(), p.Full().Microseconds()
	args := []any{webhookID, every, full, min(n, p.Burst)}
	clock := databaseClock
	if s.ownClock {
		clock, args = "CAST($5 AS BIGINT)", append(args, micros(s.now()))
	}
	text := strings.NewReplacer("BUCKET", bucketNow, "CLOCK", clock).Replace(takePermits)
	if s.dialect.name() == sqliteName {
		text = strings.ReplaceAll(text, "$", "?")
	}
	ctx, cancel := s.writeDB().deadline(ctx)
	defer cancel()
	var ahead int64
	err = s.writeDB().QueryRowContext(ctx, text, args...).Scan(&got, &ahead)
	return got, time.Duration(max(0, ahead+every-full)) * time.Microsecond, s.wrote(err)
}

// Shared reports whether other nodes may work on the same database.
func (s *Store) Shared() bool { return s.dialect.name() == postgresName }
