package store

import (
	"context"
	"database/sql"
	"time"
)

const (
	keepMinutes    = 2 * time.Hour
	keepTenMinutes = 8 * 24 * time.Hour
	// statBatch bounds one transaction, since publications wait for it on SQLite.
	statBatch = 500
)

// MergeStats makes rows of ten minutes out of rows of a minute that are older
// than two hours, whoever counted them, and drops rows older than eight days.
// A row is read, added and deleted in one transaction, so any number of nodes
// may do this, at any time, and be killed at it.
func (s *Store) MergeStats(ctx context.Context) error {
	for {
		n, err := s.mergeBatch(ctx, s.now().Truncate(statTenMinutes).Add(-keepMinutes))
		if err != nil {
			return err
		}
		if n < statBatch {
			break
		}
	}
	for {
		res, err := s.writeDB().ExecContext(ctx, s.bind(`DELETE FROM stats WHERE (webhook_id, starts_at, width, part) IN (
			SELECT webhook_id, starts_at, width, part FROM stats WHERE width = 600 AND starts_at < ? LIMIT ?)`),
			s.now().Add(-keepTenMinutes).UnixMicro(), statBatch)
		if err := s.wrote(err); err != nil {
			return err
		}
		if n, _ := res.RowsAffected(); n < statBatch {
			return nil
		}
	}
}

func (s *Store) mergeBatch(ctx context.Context, before time.Time) (n int, err error) {
	tx, err := s.writeDB().BeginTx(ctx, nil)
	if err != nil {
		return 0, s.wrote(err)
	}
	defer func() { _ = tx.Rollback() }()
	// Two nodes merging at once would both add to the same row of ten minutes.
	if s.dialect.name() == postgresName {
		if _, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock(hashtext('hookline.stats'))"); err != nil {
			return 0, s.wrote(err)
		}
	}
	old, err := s.takeMinutes(ctx, tx, before)
	if err != nil || len(old) == 0 {
		return 0, s.wrote(err)
	}
	merged, err := s.mergeRows(ctx, tx, old)
	if err != nil {
		return 0, s.wrote(err)
	}
	if err := s.dialect.putStats(ctx, tx, merged); err != nil {
		return 0, s.wrote(err)
	}
	return len(old), s.wrote(tx.Commit())
}

// takeMinutes deletes the oldest rows of a minute and returns them.
func (s *Store) takeMinutes(ctx context.Context, tx *sql.Tx, before time.Time) ([]*statRow, error) {
	rows, err := tx.QueryContext(ctx, s.bind(`DELETE FROM stats WHERE (webhook_id, starts_at, width, part) IN (
		SELECT webhook_id, starts_at, width, part FROM stats WHERE width = 60 AND starts_at < ? ORDER BY starts_at LIMIT ?)
		RETURNING `+statColumns), before.UnixMicro(), statBatch)
	if err != nil {
		return nil, err
	}
	return scanStats(rows)
}

// mergeRows adds rows of a minute to those of the ten minutes they are in.
func (s *Store) mergeRows(ctx context.Context, tx *sql.Tx, minutes []*statRow) ([]*statRow, error) {
	var merged []*statRow
	byKey := map[statKey]*statRow{}
	for _, m := range minutes {
		key := statKey{m.webhookID, fromMicros(m.startsAt).Truncate(statTenMinutes).UnixMicro()}
		r := byKey[key]
		if r == nil {
			var err error
			if r, err = s.tenMinutes(ctx, tx, key); err != nil {
				return nil, err
			}
			byKey[key] = r
			merged = append(merged, r)
		}
		r.counts = r.counts.Plus(m.counts)
		r.latency.merge(&m.latency)
	}
	return merged, nil
}

// tenMinutes is the merged row as it is, or an empty one.
func (s *Store) tenMinutes(ctx context.Context, tx *sql.Tx, key statKey) (*statRow, error) {
	rows, err := tx.QueryContext(ctx, s.bind(`SELECT `+statColumns+` FROM stats
		WHERE webhook_id = ? AND starts_at = ? AND width = 600 AND part = ''`), key.webhookID, key.startsAt)
	if err != nil {
		return nil, err
	}
	found, err := scanStats(rows)
	if err != nil || len(found) > 0 {
		return first(found), err
	}
	return &statRow{statKey: key, width: statTenMinutes}, nil
}

func first(rows []*statRow) *statRow {
	if len(rows) == 0 {
		return nil
	}
	return rows[0]
}

const statColumns = "webhook_id, starts_at, width, part, latency, " + outcomeColumns

func scanStats(rows *sql.Rows) ([]*statRow, error) {
	defer func() { _ = rows.Close() }()
	var list []*statRow
	for rows.Next() {
		r := &statRow{}
		var seconds int64
		var packed []byte
		if err := rows.Scan(append([]any{&r.webhookID, &r.startsAt, &seconds, &r.part, &packed}, outcomeFields(&r.counts)...)...); err != nil {
			return nil, err
		}
		r.width = time.Duration(seconds) * time.Second
		if err := r.latency.mergeEncoded(packed); err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, rows.Err()
}
