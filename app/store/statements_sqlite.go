package store

import (
	"context"
	"database/sql"
	"time"

	"hookline/models"
)

// sqliteStatements runs the statements row by row: in SQLite a call costs
// microseconds, and the commit they share is what counts.
type sqliteStatements struct {
	insertEvent, findEvent, insertDelivery *sql.Stmt
	finishAttempt, letGo                   *sql.Stmt
	insertAttempt, claimDue, putStat       *sql.Stmt
	configVersion                          *sql.Stmt
}

func (q *sqliteStatements) prepare(ctx context.Context, db *sql.DB) error {
	for stmt, text := range map[**sql.Stmt]string{
		&q.insertEvent: `INSERT INTO events (id, type, data, occurred_at, created_at, idempotency_key, fingerprint, test, deliveries,
			context, participant_id, config_version, hops) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING`,
		&q.findEvent: `SELECT id, fingerprint, deliveries FROM events WHERE id = ?1 OR idempotency_key = ?2`,
		&q.insertDelivery: `INSERT INTO deliveries (` + deliveryColumns + `)
			VALUES (?,?,?,?,'pending',?,0,0,?,?,?,0,'',0,'',0,0)`,
		&q.finishAttempt: `UPDATE deliveries SET state = ?, tries = ?, due_at = ?, claim_id = CASE WHEN ? THEN claim_id END, finished_at = ?, attempts = attempts + 1,
			last_outcome = ?, last_status = ?, last_error = ?, last_duration = ?, last_at = ?
			WHERE id = ? AND claim_id = ? AND state = 'pending'`,
		&q.letGo: `UPDATE deliveries SET state = ?, due_at = ?, finished_at = ?, claim_id = CASE WHEN ? THEN claim_id END
			WHERE id = ? AND claim_id = ? AND state = 'pending'`,
		&q.insertAttempt: `INSERT INTO attempts (delivery_id, number, webhook_version, started_at, duration, outcome, status, error,
			method, url, request_headers, request_body, request_truncated, response_headers, response_body, response_truncated, timing, cause, missing)
			SELECT id, attempts, ?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,? FROM deliveries WHERE id = ?`,
		&q.putStat:       sqlitePutStats,
		&q.configVersion: selectConfigVersion,
		&q.claimDue: `UPDATE deliveries SET claim_id = ?, due_at = ? WHERE id IN (
				SELECT id FROM deliveries WHERE state = 'pending' AND webhook_id = ? AND due_at <= ? ORDER BY due_at, id LIMIT ?)
			RETURNING ` + claimedColumns,
	} {
		prepared, err := db.PrepareContext(ctx, text)
		if err != nil {
			return err
		}
		*stmt = prepared
	}
	return nil
}

func (q *sqliteStatements) publish(ctx context.Context, tx *sql.Tx, ps []*publishing) error {
	if err := q.checkConfig(ctx, tx, ps); err != nil {
		return err
	}
	insertEvent, insertDelivery := tx.StmtContext(ctx, q.insertEvent), tx.StmtContext(ctx, q.insertDelivery)
	for _, p := range ps {
		p.earlier = nil
		e := &p.Event
		res, err := insertEvent.ExecContext(ctx, e.ID, e.Type, []byte(e.Data), e.OccurredAt.UnixMicro(), micros(e.CreatedAt),
			nullable(e.IdempotencyKey), present(p.fingerprint), e.Test, len(p.Deliveries), string(e.Context), nullable(e.ParticipantID), e.ConfigVersion, e.Hops)
		if err != nil {
			return err
		}
		if n, _ := res.RowsAffected(); n == 0 {
			if err := q.lookUpEarlier(ctx, tx, p); err != nil {
				return err
			}
			continue
		}
		for i := range p.Deliveries {
			d := &p.Deliveries[i]
			if _, err := insertDelivery.ExecContext(ctx, d.ID, d.EventID, d.EventType, d.WebhookID, d.Test,
				micros(heldUntil(d)), nullable(d.ClaimID), micros(d.CreatedAt)); err != nil {
				return err
			}
		}
		if err := noteFilterFaults(ctx, tx, sqliteAddFault, p.Deliveries); err != nil {
			return err
		}
		if err := insertTestTargets(ctx, tx, p.Deliveries); err != nil {
			return err
		}
	}
	return nil
}

func (q *sqliteStatements) checkConfig(ctx context.Context, tx *sql.Tx, ps []*publishing) error {
	var version int64
	if err := tx.StmtContext(ctx, q.configVersion).QueryRowContext(ctx).Scan(&version); err != nil {
		return err
	}
	return outdated(ps, version)
}

// heldUntil is a new delivery's due_at: the lease when this node holds it from
// the start.
func heldUntil(d *models.Work) time.Time {
	if d.ClaimID != "" {
		return d.LeaseUntil
	}
	return d.DueAt
}

func (q *sqliteStatements) lookUpEarlier(ctx context.Context, tx *sql.Tx, p *publishing) error {
	var e earlierEvent
	err := tx.StmtContext(ctx, q.findEvent).QueryRowContext(ctx, p.Event.ID, nullable(p.Event.IdempotencyKey)).
		Scan(&e.id, &e.fingerprint, &e.deliveries)
	p.earlier = &e
	return err
}

func (q *sqliteStatements) finish(ctx context.Context, tx *sql.Tx, fs []*finishing) error {
	finishAttempt, insertAttempt := tx.StmtContext(ctx, q.finishAttempt), tx.StmtContext(ctx, q.insertAttempt)
	for _, f := range fs {
		f.fenced, f.counts = false, ""
		var err error
		if f.Attempt == nil {
			err = q.release(ctx, tx, f)
		} else if err = updateDelivery(ctx, tx, finishAttempt, f); err == nil {
			_, err = insertAttempt.ExecContext(ctx, attemptRow(f.Attempt, f.DeliveryID)...)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (q *sqliteStatements) release(ctx context.Context, tx *sql.Tx, f *finishing) error {
	res, err := tx.StmtContext(ctx, q.letGo).ExecContext(ctx, f.State, micros(f.DueAt), micros(f.finishedAt()), f.KeepClaim, f.DeliveryID, f.ClaimID)
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	f.fenced = n == 0
	return err
}

// updateDelivery updates the delivery, and leaves it to the attempt's insert to read its
// number there, which saves a query.
func updateDelivery(ctx context.Context, tx *sql.Tx, finishAttempt *sql.Stmt, f *finishing) error {
	a := f.Attempt
	res, err := finishAttempt.ExecContext(ctx, f.State, f.Tries, micros(f.DueAt), f.KeepClaim, micros(f.finishedAt()),
		a.Outcome, a.Status, storableText(a.Error), a.Duration.Microseconds(), micros(a.StartedAt), f.DeliveryID, f.ClaimID)
	if err != nil {
		return err
	}
	if n, _ := res.RowsAffected(); n == 0 {
		_, err = storeLate(ctx, tx, f)
	}
	return err
}

func attemptRow(a *models.Attempt, deliveryID string) []any {
	return []any{
		a.WebhookVersion, micros(a.StartedAt), a.Duration.Microseconds(), a.Outcome, a.Status, storableText(a.Error),
		a.Request.Method, storableText(a.Request.URL), encodeHeaders(a.Request.Headers), present(a.Request.Body), a.Request.Truncated,
		encodeHeaders(a.Response.Headers), present(a.Response.Body), a.Response.Truncated, a.Timing.String(), a.Cause, encodeMissing(a.Missing), deliveryID,
	}
}

func (q *sqliteStatements) claim(ctx context.Context, _ bounded, c claiming) ([]models.Work, int64, error) {
	rows, err := q.claimDue.QueryContext(ctx, c.claimID, micros(c.lease), c.webhookID, micros(c.now), c.limit)
	if err != nil {
		return nil, 0, err
	}
	return scanClaimed(rows, c)
}
