package store

import (
	"context"
	"database/sql"

	"hookline/models"
)

// postgresStatements sends each group as arrays: a statement costs a round trip
// here, however many rows it carries.
type postgresStatements struct{}

func (*postgresStatements) prepare(ctx context.Context, db *sql.DB) error {
	// There is nothing to prepare; this only proves that the tables are there.
	_, err := db.ExecContext(ctx, `SELECT (SELECT count(*) FROM attempts WHERE false), (SELECT count(*) FROM deliveries WHERE false)`)
	return err
}

const (
	pgInsertEvents = `INSERT INTO events (id, type, data, occurred_at, created_at, idempotency_key, fingerprint, test, deliveries, context, participant_id, config_version, hops)
		SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[], $4::bigint[], $5::bigint[], $6::text[], $7::bytea[], $8::bool[], $9::int[], $10::text[], $11::text[], $12::bigint[], $13::int[])
		ON CONFLICT DO NOTHING RETURNING id, (` + selectConfigVersion + `)`
	pgFindEvent       = `SELECT id, fingerprint, deliveries FROM events WHERE id = $1 OR idempotency_key = $2`
	pgInsertDelivered = `INSERT INTO deliveries (` + deliveryColumns + `)
		SELECT id, event_id, event_type, webhook_id, 'pending', test, 0, 0, due_at, claim_id, created_at, 0, '', 0, '', 0, 0
		FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bool[], $6::bigint[], $7::text[], $8::bigint[])
			AS v(id, event_id, event_type, webhook_id, test, due_at, claim_id, created_at)`
	pgClaimDue = `UPDATE deliveries SET claim_id = $1, due_at = $2 WHERE id = ANY (ARRAY(
			SELECT id FROM deliveries WHERE state = 'pending' AND webhook_id = $3 AND due_at <= $4
			ORDER BY due_at, id LIMIT $5 FOR UPDATE SKIP LOCKED))
		RETURNING ` + claimedColumns
)

// columns gathers rows column by column, as unnest wants them.
type columns []any

func newColumns(slices ...any) columns { return slices }

func (*postgresStatements) publish(ctx context.Context, tx *sql.Tx, ps []*publishing) error {
	fresh, repeats := distinct(ps)
	inserted, err := insertEvents(ctx, tx, fresh)
	if err != nil {
		return err
	}
	var stored []*publishing
	for _, p := range fresh {
		if inserted[p.Event.ID] {
			stored = append(stored, p)
		} else {
			repeats = append(repeats, p)
		}
	}
	for _, p := range repeats {
		var e earlierEvent
		row := tx.QueryRowContext(ctx, pgFindEvent, p.Event.ID, nullable(p.Event.IdempotencyKey))
		if err := row.Scan(&e.id, &e.fingerprint, &e.deliveries); err != nil {
			return err
		}
		p.earlier = &e
	}
	return insertDeliveries(ctx, tx, stored)
}

// distinct parts the first publication of each id from its repeats within the
// group, which an array insert could not tell apart.
func distinct(ps []*publishing) (first, repeats []*publishing) {
	seen := make(map[string]bool, len(ps))
	for _, p := range ps {
		p.earlier = nil
		if seen[p.Event.ID] {
			repeats = append(repeats, p)
			continue
		}
		seen[p.Event.ID] = true
		first = append(first, p)
	}
	return first, repeats
}

// insertEvents returns the ids of those that were not there yet. It asks for the
// version of the configuration in the same statement: a round trip of its own would
// cost every group.
func insertEvents(ctx context.Context, tx *sql.Tx, ps []*publishing) (map[string]bool, error) {
	n := len(ps)
	ids, types, data := make([]string, n), make([]string, n), make([][]byte, n)
	occurred, created := make([]int64, n), make([]int64, n)
	keys, prints := make([]*string, n), make([][]byte, n)
	tests, counts := make([]bool, n), make([]int32, n)
	contexts, participants, versions, hops := make([]string, n), make([]*string, n), make([]int64, n), make([]int32, n)
	for i, p := range ps {
		e := &p.Event
		ids[i], types[i], data[i] = e.ID, e.Type, e.Data
		occurred[i], created[i] = e.OccurredAt.UnixMicro(), micros(e.CreatedAt)
		keys[i], prints[i] = optional(e.IdempotencyKey), present(p.fingerprint)
		tests[i], counts[i] = e.Test, int32(len(p.Deliveries))
		contexts[i], participants[i] = string(e.Context), optional(e.ParticipantID)
		versions[i], hops[i] = e.ConfigVersion, int32(e.Hops)
	}
	rows, err := tx.QueryContext(ctx, pgInsertEvents, newColumns(ids, types, data, occurred, created, keys, prints, tests, counts, contexts, participants, versions, hops)...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	inserted := make(map[string]bool, n)
	var version int64
	for rows.Next() {
		var id string
		if err := rows.Scan(&id, &version); err != nil {
			return nil, err
		}
		inserted[id] = true
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	return inserted, outdated(ps, version)
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func insertDeliveries(ctx context.Context, tx *sql.Tx, ps []*publishing) error {
	var ids, events, types, webhooks []string
	var tests []bool
	var due, created []int64
	var claims []*string
	for _, p := range ps {
		for i := range p.Deliveries {
			d := &p.Deliveries[i]
			ids, events = append(ids, d.ID), append(events, d.EventID)
			types, webhooks = append(types, d.EventType), append(webhooks, d.WebhookID)
			tests, due = append(tests, d.Test), append(due, micros(heldUntil(d)))
			claims, created = append(claims, optional(d.ClaimID)), append(created, micros(d.CreatedAt))
		}
	}
	if len(ids) == 0 {
		return nil
	}
	if _, err := tx.ExecContext(ctx, pgInsertDelivered, newColumns(ids, events, types, webhooks, tests, due, claims, created)...); err != nil {
		return err
	}
	for _, p := range ps {
		if err := noteFilterFaults(ctx, tx, pgAddFault, p.Deliveries); err != nil {
			return err
		}
		if err := insertTestTargets(ctx, tx, p.Deliveries); err != nil {
			return err
		}
	}
	return nil
}

// claim is a transaction of its own: of a claim whose answer is lost on the way,
// since the server hangs, nothing stays, and no delivery waits for its lease to end.
func (*postgresStatements) claim(ctx context.Context, db bounded, c claiming) ([]models.Work, int64, error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, 0, err
	}
	defer func() { _ = tx.Rollback() }()
	rows, err := tx.QueryContext(ctx, pgClaimDue, c.claimID, micros(c.lease), c.webhookID, micros(c.now), c.limit)
	if err != nil {
		return nil, 0, err
	}
	work, version, err := scanClaimed(rows, c)
	if err != nil {
		return nil, 0, err
	}
	return work, version, tx.Commit()
}
