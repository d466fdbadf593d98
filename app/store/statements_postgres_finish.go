package store

import (
	"context"
	"database/sql"
)

const (
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
)

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
	numbers, err := updateHeld(ctx, tx, attempted)
	if err != nil {
		return err
	}
	if err := storeAllLate(ctx, tx, attempted, numbers); err != nil {
		return err
	}
	return insertAttempts(ctx, tx, attempted, numbers)
}

// updateHeld updates the deliveries still held and returns each one's attempt number.
func updateHeld(ctx context.Context, tx *sql.Tx, fs []*finishing) (map[string]int32, error) {
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
