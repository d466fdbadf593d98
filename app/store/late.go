package store

import (
	"context"
	"database/sql"
	"errors"

	"hookline/models"
)

// The result of an attempt may come when its node no longer holds the delivery: a
// person cancelled it while the request was on the wire, or the lease ran out. The
// attempt was made, so it is always logged.

const (
	countLate  = `UPDATE deliveries SET attempts = attempts + 1 WHERE id = $1 RETURNING attempts, state`
	updateLate = `UPDATE deliveries SET state = $1, last_outcome = $2, last_status = $3, last_error = $4, last_duration = $5, last_at = $6,
		tries = CASE WHEN state = 'cancelled' THEN $7 ELSE tries END, finished_at = CASE WHEN state = $1 THEN finished_at ELSE $8 END WHERE id = $9`
)

// lateState is where a delivery that has moved on stands after a late result. changes
// is false when the result is only logged. An event that arrived has arrived,
// also when it was cancelled meanwhile; a failure changes no decision. While the delivery
// is pending it was retriggered, or another node holds it: the next attempt decides.
func lateState(was models.DeliveryState, o models.Outcome) (state models.DeliveryState, changes bool) {
	switch {
	case was == models.Succeeded || was == models.Pending:
		return was, false
	case o == models.Success:
		return models.Succeeded, true
	}
	return was, was == models.Cancelled
}

// storeLate numbers a late attempt, and notes on the delivery what it brought. The
// number is 0 when the delivery is gone.
func storeLate(ctx context.Context, tx *sql.Tx, f *finishing) (number int32, err error) {
	f.fenced = true
	var was models.DeliveryState
	err = tx.QueryRowContext(ctx, countLate, f.DeliveryID).Scan(&number, &was)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	a := f.Attempt
	state, changes := lateState(was, a.Outcome)
	if !changes {
		return number, nil
	}
	f.counts = a.Outcome.Last() // no later attempt counts for this delivery
	_, err = tx.ExecContext(ctx, updateLate, string(state), string(a.Outcome), a.Status, storableText(a.Error),
		a.Duration.Microseconds(), micros(a.StartedAt), f.Tries, micros(f.at), f.DeliveryID)
	return number, err
}
