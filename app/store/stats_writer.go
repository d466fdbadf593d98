package store

import (
	"context"
	"database/sql"
	"strconv"
	"time"

	"github.com/google/uuid"

	"hookline/models"
)

// Stats are counted where the attempts are stored, in the same transaction, by
// the one goroutine that commits results. So they are exact at any moment and
// after any crash, and need neither a watermark over the attempts (PostgreSQL
// has no order of commits to put one on) nor a lock between nodes. It costs one
// statement per webhook and commit, not per finish: many finishes share both.
//
// A node never adds to a row that it did not begin: every row it begins has a
// part of its own, which it alone overwrites with what it has counted so far.
// After a transaction that failed it begins a new part, so that what is on disk
// of the old one stays as it is. Readers add the parts up.

// statMinute and statTenMinutes are the widths of stored buckets.
const (
	statMinute     = time.Minute
	statTenMinutes = 10 * time.Minute
)

// everyWebhook is the webhook_id of the rows that count the workspace.
const everyWebhook = ""

type statKey struct {
	webhookID string
	startsAt  int64
}

// statRow is a row of the table stats.
type statRow struct {
	statKey
	width   time.Duration
	part    string
	tally   models.Tally
	latency models.Histogram
	touched bool
}

func (r *statRow) seconds() int64 { return int64(r.width / time.Second) }

// tally holds the rows of the newest two minutes as this committer wrote them.
type tally struct {
	name    string // of this tally among all there ever were
	parts   int
	rows    map[statKey]*statRow
	touched []*statRow
	newest  int64
}

func newTally() *tally {
	return &tally{name: uuid.NewString(), rows: map[statKey]*statRow{}}
}

// count adds the finishes that changed something: an attempt whose delivery another
// node holds is counted by that node, and tests are not counted.
func (t *tally) count(fs []*finishing) {
	for _, f := range fs {
		state := f.State
		if f.fenced {
			state = f.counts
		}
		if f.Attempt == nil || state == "" || f.Test || f.WebhookID == "" {
			continue
		}
		startsAt := f.at.Truncate(statMinute).UnixMicro()
		for _, webhookID := range [...]string{f.WebhookID, everyWebhook} {
			r := t.row(statKey{webhookID, startsAt})
			r.tally.Count(state)
			if f.Attempt.Outcome.Timed() {
				r.latency.Add(f.Attempt.Duration)
			}
		}
	}
}

func (t *tally) row(key statKey) *statRow {
	r := t.rows[key]
	if r == nil {
		t.forget(key.startsAt)
		t.parts++
		r = &statRow{statKey: key, width: statMinute, part: t.name + "." + strconv.Itoa(t.parts)}
		t.rows[key] = r
	}
	if !r.touched {
		r.touched = true
		t.touched = append(t.touched, r)
	}
	return r
}

// forget drops rows that are over when a new minute begins. Should one be needed
// again, it is begun anew under another part.
func (t *tally) forget(startsAt int64) {
	if startsAt <= t.newest {
		return
	}
	t.newest = startsAt
	for key, r := range t.rows {
		if key.startsAt < startsAt-statMinute.Microseconds() && !r.touched {
			delete(t.rows, key)
		}
	}
}

// settle comes after the transaction.
func (t *tally) settle(committed bool) {
	for _, r := range t.touched {
		r.touched = false
		if !committed {
			delete(t.rows, r.statKey)
		}
	}
	t.touched = t.touched[:0]
}

const sqlitePutStats = `INSERT INTO stats (webhook_id, starts_at, width, part, succeeded, failed, blocked, retried, latency)
	VALUES (?,?,?,?,?,?,?,?,?) ON CONFLICT (webhook_id, starts_at, width, part) DO UPDATE SET
	succeeded = excluded.succeeded, failed = excluded.failed, blocked = excluded.blocked, retried = excluded.retried, latency = excluded.latency`

func (q *sqliteStatements) putStats(ctx context.Context, tx *sql.Tx, rows []*statRow) error {
	put := tx.StmtContext(ctx, q.putStat)
	for _, r := range rows {
		if _, err := put.ExecContext(ctx, r.webhookID, r.startsAt, r.seconds(), r.part,
			r.tally.Succeeded, r.tally.Failed, r.tally.Blocked, r.tally.Retried, r.latency.Encode()); err != nil {
			return err
		}
	}
	return nil
}

const pgPutStats = `INSERT INTO stats (webhook_id, starts_at, width, part, succeeded, failed, blocked, retried, latency)
	SELECT * FROM unnest($1::text[], $2::bigint[], $3::int[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bytea[])
	ON CONFLICT (webhook_id, starts_at, width, part) DO UPDATE SET
	succeeded = excluded.succeeded, failed = excluded.failed, blocked = excluded.blocked, retried = excluded.retried, latency = excluded.latency`

func (*postgresStatements) putStats(ctx context.Context, tx *sql.Tx, rows []*statRow) error {
	n := len(rows)
	ids, parts, latencies := make([]string, n), make([]string, n), make([][]byte, n)
	starts, widths := make([]int64, n), make([]int64, n)
	succeeded, failed, blocked, retried := make([]int64, n), make([]int64, n), make([]int64, n), make([]int64, n)
	for i, r := range rows {
		ids[i], starts[i], widths[i], parts[i] = r.webhookID, r.startsAt, r.seconds(), r.part
		succeeded[i], failed[i], blocked[i], retried[i] = r.tally.Succeeded, r.tally.Failed, r.tally.Blocked, r.tally.Retried
		latencies[i] = r.latency.Encode()
	}
	_, err := tx.ExecContext(ctx, pgPutStats, newColumns(ids, starts, widths, parts, succeeded, failed, blocked, retried, latencies)...)
	return err
}
