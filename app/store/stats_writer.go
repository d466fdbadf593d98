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
	counts  models.OutcomeCounts
	latency histogram
	touched bool
}

func (r *statRow) seconds() int64 { return int64(r.width / time.Second) }

// statsWriter holds the rows of the newest two minutes as this committer wrote them.
type statsWriter struct {
	name    string // unique among all statsWriters of all nodes and times
	parts   int
	rows    map[statKey]*statRow
	touched []*statRow
	newest  int64
}

func newStatsWriter() *statsWriter {
	return &statsWriter{name: uuid.NewString(), rows: map[statKey]*statRow{}}
}

// count adds the finishes that changed something: an attempt whose delivery another
// node holds is counted by that node, and tests are not counted.
func (w *statsWriter) count(fs []*finishing) {
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
			r := w.row(statKey{webhookID, startsAt})
			r.counts.Count(state)
			if f.Attempt.Outcome.Timed() {
				r.latency.add(f.Attempt.Duration)
			}
		}
	}
}

func (w *statsWriter) row(key statKey) *statRow {
	r := w.rows[key]
	if r == nil {
		w.dropOld(key.startsAt)
		w.parts++
		r = &statRow{statKey: key, width: statMinute, part: w.name + "." + strconv.Itoa(w.parts)}
		w.rows[key] = r
	}
	if !r.touched {
		r.touched = true
		w.touched = append(w.touched, r)
	}
	return r
}

// dropOld drops rows that are over when a new minute begins. Should one be needed
// again, it is begun anew under another part.
func (w *statsWriter) dropOld(startsAt int64) {
	if startsAt <= w.newest {
		return
	}
	w.newest = startsAt
	for key, r := range w.rows {
		if key.startsAt < startsAt-statMinute.Microseconds() && !r.touched {
			delete(w.rows, key)
		}
	}
}

// finish ends the transaction in which the touched rows were written.
func (w *statsWriter) finish(committed bool) {
	for _, r := range w.touched {
		r.touched = false
		if !committed {
			delete(w.rows, r.statKey)
		}
	}
	w.touched = w.touched[:0]
}

const sqlitePutStats = `INSERT INTO stats (webhook_id, starts_at, width, part, succeeded, failed, blocked, retried, latency)
	VALUES (?,?,?,?,?,?,?,?,?) ON CONFLICT (webhook_id, starts_at, width, part) DO UPDATE SET
	succeeded = excluded.succeeded, failed = excluded.failed, blocked = excluded.blocked, retried = excluded.retried, latency = excluded.latency`

func (q *sqliteStatements) putStats(ctx context.Context, tx *sql.Tx, rows []*statRow) error {
	put := tx.StmtContext(ctx, q.putStat)
	for _, r := range rows {
		if _, err := put.ExecContext(ctx, r.webhookID, r.startsAt, r.seconds(), r.part,
			r.counts.Succeeded, r.counts.Failed, r.counts.Blocked, r.counts.Retried, r.latency.encode()); err != nil {
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
		succeeded[i], failed[i], blocked[i], retried[i] = r.counts.Succeeded, r.counts.Failed, r.counts.Blocked, r.counts.Retried
		latencies[i] = r.latency.encode()
	}
	_, err := tx.ExecContext(ctx, pgPutStats, newColumns(ids, starts, widths, parts, succeeded, failed, blocked, retried, latencies)...)
	return err
}
