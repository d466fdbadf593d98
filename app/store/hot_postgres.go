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
	pgFinishAttempts = `UPDATE deliveries d SET state = v.state, tries = v.tries, due_at = v.due_at,
			claim_id = CASE WHEN v.keep THEN d.claim_id END, finished_at = v.finished_at, attempts = d.attempts + 1, last_outcome = v.outcome, last_status = v.status,
			last_error = v.error, last_duration = v.duration, last_at = v.started_at
		FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::bigint[], $6::bigint[], $7::text[], $8::int[], $9::text[], $10::bigint[], $11::bigint[], $12::bool[])
			AS v(id, claim_id, state, tries, due_at, finished_at, outcome, status, error, duration, started_at, keep)
		WHERE d.id = v.id AND d.claim_id = v.claim_id AND d.state = 'pending' RETURNING d.id, d.attempts`
	pgLetGo = `UPDATE deliveries SET state = $1, due_at = $2, finished_at = $3, claim_id = CASE WHEN $4::bool THEN claim_id END
		WHERE id = $5 AND claim_id = $6 AND state = 'pending'`
	pgInsertAttempts = `INSERT INTO attempts (delivery_id, number, webhook_version, started_at, duration, outcome, status, error,
			method, url, request_headers, request_body, request_truncated, response_headers, response_body, response_truncated, timing, cause, missing)
		SELECT * FROM unnest($1::text[], $2::int[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::int[], $8::text[],
			$9::text[], $10::text[], $11::bytea[], $12::bytea[], $13::bool[], $14::bytea[], $15::bytea[], $16::bool[], $17::text[], $18::text[], $19::text[])`
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
	var owed []*publishing
	for _, p := range fresh {
		if inserted[p.Event.ID] {
			owed = append(owed, p)
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
	return insertDeliveries(ctx, tx, owed)
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
		if err := keepAims(ctx, tx, p.Deliveries); err != nil {
			return err
		}
	}
	return nil
}

func (q *postgresStatements) finish(ctx context.Context, tx *sql.Tx, fs []*finishing) error {
	var attempted []*finishing
	for _, f := range fs {
		f.fenced, f.counts = false, ""
		if f.Attempt != nil {
			attempted = append(attempted, f)
			continue
		}
		res, err := tx.ExecContext(ctx, pgLetGo, f.State, micros(f.DueAt), micros(f.finishedAt()), f.KeepClaim, f.DeliveryID, f.ClaimID)
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		if err != nil {
			return err
		}
		f.fenced = n == 0
	}
	if len(attempted) == 0 {
		return nil
	}
	numbers, err := moveOn(ctx, tx, attempted)
	if err != nil {
		return err
	}
	if err := storeAllLate(ctx, tx, attempted, numbers); err != nil {
		return err
	}
	return insertAttempts(ctx, tx, attempted, numbers)
}

// moveOn updates the deliveries still held and returns each one's attempt number.
func moveOn(ctx context.Context, tx *sql.Tx, fs []*finishing) (map[string]int32, error) {
	n := len(fs)
	ids, claims, states := make([]string, n), make([]string, n), make([]string, n)
	tries, statuses := make([]int32, n), make([]int32, n)
	due, finished := make([]int64, n), make([]int64, n)
	outcomes, errs := make([]string, n), make([]string, n)
	durations, started := make([]int64, n), make([]int64, n)
	keep := make([]bool, n)
	for i, f := range fs {
		a := f.Attempt
		keep[i] = f.KeepClaim
		ids[i], claims[i], states[i] = f.DeliveryID, f.ClaimID, string(f.State)
		tries[i], statuses[i] = int32(f.Tries), int32(a.Status)
		due[i], finished[i] = micros(f.DueAt), micros(f.finishedAt())
		outcomes[i], errs[i] = string(a.Outcome), storableText(a.Error)
		durations[i], started[i] = a.Duration.Microseconds(), micros(a.StartedAt)
	}
	rows, err := tx.QueryContext(ctx, pgFinishAttempts,
		newColumns(ids, claims, states, tries, due, finished, outcomes, statuses, errs, durations, started, keep)...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	numbers := make(map[string]int32, n)
	for rows.Next() {
		var id string
		var number int32
		if err := rows.Scan(&id, &number); err != nil {
			return nil, err
		}
		numbers[id] = number
	}
	return numbers, rows.Err()
}

// storeAllLate stores the attempts whose delivery is no longer held.
func storeAllLate(ctx context.Context, tx *sql.Tx, fs []*finishing, numbers map[string]int32) error {
	for _, f := range fs {
		if _, held := numbers[f.DeliveryID]; held {
			continue
		}
		number, err := storeLate(ctx, tx, f)
		if err != nil {
			return err
		}
		if number > 0 {
			numbers[f.DeliveryID] = number
		}
	}
	return nil
}

func insertAttempts(ctx context.Context, tx *sql.Tx, fs []*finishing, numbers map[string]int32) error {
	var (
		ids, outcomes, errs, methods, urls []string
		timings, causes, missing           []string
		nums, statuses                     []int32
		versions, started, durations       []int64
		reqHeaders, reqBodies              [][]byte
		respHeaders, respBodies            [][]byte
		reqCut, respCut                    []bool
	)
	for _, f := range fs {
		number, ok := numbers[f.DeliveryID]
		if !ok {
			continue
		}
		a := f.Attempt
		ids, nums, versions = append(ids, f.DeliveryID), append(nums, number), append(versions, a.WebhookVersion)
		started, durations = append(started, micros(a.StartedAt)), append(durations, a.Duration.Microseconds())
		outcomes, statuses = append(outcomes, string(a.Outcome)), append(statuses, int32(a.Status))
		errs, methods, urls = append(errs, storableText(a.Error)), append(methods, a.Request.Method), append(urls, storableText(a.Request.URL))
		reqHeaders, reqBodies = append(reqHeaders, encodeHeaders(a.Request.Headers)), append(reqBodies, present(a.Request.Body))
		respHeaders, respBodies = append(respHeaders, encodeHeaders(a.Response.Headers)), append(respBodies, present(a.Response.Body))
		reqCut, respCut = append(reqCut, a.Request.Truncated), append(respCut, a.Response.Truncated)
		timings, causes, missing = append(timings, a.Timing.String()), append(causes, string(a.Cause)), append(missing, encodeMissing(a.Missing))
	}
	if len(ids) == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, pgInsertAttempts, newColumns(ids, nums, versions, started, durations, outcomes, statuses, errs,
		methods, urls, reqHeaders, reqBodies, reqCut, respHeaders, respBodies, respCut, timings, causes, missing)...)
	return err
}

// claim is a transaction of its own: of a claim whose answer is lost on the way,
// since the server hangs, nothing stays, and nobody waits for its lease to end.
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
