package store

import (
	"context"
	"database/sql"
	"time"

	"hookline/models"
)

// pruneLock is the advisory lock under which one node at a time prunes on
// PostgreSQL. SQLite has one server.
const pruneLock = 0x686f6f6b_70727565 // "hook", "prue"

// PruneDeliveries looks at up to limit deliveries after a place, oldest first, and
// removes with their attempts those that ended before the time. What is pending is
// never removed. It is one short transaction; with Done there is nothing older.
func (s *Store) PruneDeliveries(ctx context.Context, before time.Time, p models.PruneStep) (models.Pruned, error) {
	ids, out, err := s.oldDeliveries(ctx, before, p)
	if err != nil || len(ids) == 0 {
		return out, err
	}
	err = s.pruning(ctx, &out, func(tx *sql.Tx) error {
		in := "(" + placeholders(len(ids)) + ")"
		// Retriggered meanwhile: it stays, and its attempts too.
		rows, err := tx.QueryContext(ctx, s.bind("DELETE FROM deliveries WHERE id IN "+in+" AND state <> 'pending' RETURNING id"), ids...)
		if err != nil {
			return err
		}
		gone, err := texts(rows)
		if err != nil || len(gone) == 0 {
			return err
		}
		out.Removed = len(gone)
		for _, table := range []string{"attempts", "filter_faults", "test_aims"} {
			if _, err := tx.ExecContext(ctx, s.bind("DELETE FROM "+table+" WHERE delivery_id IN ("+placeholders(len(gone))+")"), idArgs(gone)...); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

// PruneBodies does the same with the bodies of their requests and responses alone.
func (s *Store) PruneBodies(ctx context.Context, before time.Time, p models.PruneStep) (models.Pruned, error) {
	ids, out, err := s.oldDeliveries(ctx, before, p)
	if err != nil || len(ids) == 0 {
		return out, err
	}
	where := " FROM attempts WHERE bodies_kept AND delivery_id IN (" + placeholders(len(ids)) + ")"
	var n int
	// Asked first, off the writer: mostly they are gone already.
	if err := s.readDB().QueryRowContext(ctx, s.bind("SELECT count(*)"+where), ids...).Scan(&n); err != nil || n == 0 {
		return out, err
	}
	err = s.pruning(ctx, &out, func(tx *sql.Tx) (err error) {
		empty := "x''"
		if s.dialect.name() == postgresName {
			empty = "''"
		}
		out.Removed, err = s.affected(ctx, tx, "UPDATE attempts SET request_body = "+empty+", response_body = "+empty+
			", bodies_kept = false WHERE bodies_kept AND delivery_id IN ("+placeholders(len(ids))+")", ids)
		return err
	})
	return out, err
}

// oldDeliveries reads the ids of ended deliveries that are due to go, off the
// writer. Ids sort by time, so the oldest come first.
func (s *Store) oldDeliveries(ctx context.Context, before time.Time, p models.PruneStep) (ids []any, out models.Pruned, err error) {
	rows, err := s.readDB().QueryContext(ctx, s.bind("SELECT id, created_at, finished_at, state FROM deliveries WHERE id > ? ORDER BY id LIMIT ?"), p.After, p.Limit)
	if err != nil {
		return nil, out, err
	}
	defer func() { _ = rows.Close() }()
	out = models.Pruned{Done: true, Next: p.After}
	seen := 0
	for rows.Next() {
		var created, finished int64
		var id string
		var state models.DeliveryState
		if err := rows.Scan(&id, &created, &finished, &state); err != nil {
			return nil, out, err
		}
		seen++
		if created >= micros(before) {
			continue // the clocks of two nodes may differ; a whole page of them is the end
		}
		out.Done, out.Next = false, id
		if state != models.Pending && finished < micros(before) {
			ids = append(ids, id)
		}
	}
	out.Done = out.Done || seen < p.Limit
	return ids, out, rows.Err()
}

// PruneEvents removes events from before the time that have no delivery any more.
// p.After is a place in the stream.
func (s *Store) PruneEvents(ctx context.Context, before time.Time, p models.PruneStep) (models.Pruned, error) {
	seqs, out, err := s.oldEvents(ctx, before, p)
	if err != nil || len(seqs) == 0 {
		return out, err
	}
	err = s.pruning(ctx, &out, func(tx *sql.Tx) (err error) {
		// The history of a deleted webhook explains no event that is left.
		if _, err := tx.ExecContext(ctx, s.bind(`DELETE FROM webhook_versions WHERE webhook_id IN (
			SELECT id FROM webhooks WHERE deleted_at > 0 AND deleted_at < ?)`), micros(before)); err != nil {
			return err
		}
		out.Removed, err = s.affected(ctx, tx, "DELETE FROM events WHERE seq IN ("+placeholders(len(seqs))+
			") AND NOT EXISTS (SELECT 1 FROM deliveries WHERE deliveries.event_id = events.id)", seqs)
		return err
	})
	return out, err
}

func (s *Store) oldEvents(ctx context.Context, before time.Time, p models.PruneStep) (seqs []any, out models.Pruned, err error) {
	rows, err := s.readDB().QueryContext(ctx, s.bind("SELECT seq, created_at FROM events WHERE seq > ? ORDER BY seq LIMIT ?"), p.AfterSeq, p.Limit)
	if err != nil {
		return nil, out, err
	}
	defer func() { _ = rows.Close() }()
	out = models.Pruned{Done: true, NextSeq: p.AfterSeq}
	seen := 0
	for rows.Next() {
		var seq, created int64
		if err := rows.Scan(&seq, &created); err != nil {
			return nil, out, err
		}
		seen++
		if created < micros(before) {
			out.Done, out.NextSeq = false, seq
			seqs = append(seqs, seq)
		}
	}
	out.Done = out.Done || seen < p.Limit
	return seqs, out, rows.Err()
}

// pruning runs fn in a transaction of its own. On PostgreSQL it does so under a
// lock; when another node has that, nothing happens, and Busy says so.
func (s *Store) pruning(ctx context.Context, out *models.Pruned, fn func(tx *sql.Tx) error) error {
	ctx, cancel := context.WithTimeout(ctx, pruneTime)
	defer cancel()
	tx, err := s.writeDB().BeginTx(ctx, nil)
	if err != nil {
		return s.wrote(err)
	}
	defer func() { _ = tx.Rollback() }()
	began := time.Now()
	if s.dialect.name() == postgresName {
		var held bool
		if err := tx.QueryRowContext(ctx, "SELECT pg_try_advisory_xact_lock($1)", int64(pruneLock)).Scan(&held); err != nil || !held {
			out.Busy = err == nil
			return err
		}
	}
	if err := fn(tx); err != nil {
		return s.wrote(err)
	}
	err = s.wrote(tx.Commit())
	out.Took = time.Since(began)
	return err
}

// affected runs a statement and counts the rows that it changed.
func (s *Store) affected(ctx context.Context, tx *sql.Tx, statement string, args []any) (int, error) {
	res, err := tx.ExecContext(ctx, s.bind(statement), args...)
	if err != nil {
		return 0, err
	}
	n, err := res.RowsAffected()
	return int(n), err
}

// texts reads rows of one text each, and closes them.
func texts(rows *sql.Rows) (list []string, err error) {
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		list = append(list, text)
	}
	return list, rows.Err()
}
