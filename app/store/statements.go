package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"strings"
	"time"

	"hookline/models"
)

// statements are those that every delivery runs through, in raw prepared SQL.
type statements interface {
	prepare(ctx context.Context, db *sql.DB) error
	// publish inserts events and deliveries; a repeated event sets earlier instead.
	publish(ctx context.Context, tx *sql.Tx, ps []*publishing) error
	// finish updates deliveries and inserts their attempts, fenced by claim id.
	finish(ctx context.Context, tx *sql.Tx, fs []*finishing) error
	// putStats writes rows of stats, over those with the same key.
	putStats(ctx context.Context, tx *sql.Tx, rows []*statRow) error
	// claim takes up to limit due deliveries of one webhook.
	claim(ctx context.Context, db bounded, c claiming) (work []models.Work, configVersion int64, err error)
}

type claiming struct {
	webhookID string
	limit     int
	now       time.Time
	lease     time.Time
	claimID   string
}

const deliveryColumns = `id, event_id, event_type, webhook_id, state, test, attempts, tries, due_at, claim_id,
	created_at, finished_at, last_outcome, last_status, last_error, last_duration, last_at`

type scanner interface{ Scan(dest ...any) error }

// scanDelivery reads deliveryColumns. Running is derived here: pending, claimed, and the lease not over.
func scanDelivery(row scanner, now time.Time) (models.Delivery, error) {
	var (
		d                            models.Delivery
		due, created, finished, last int64
		duration                     int64
		claim                        sql.NullString
	)
	err := row.Scan(&d.ID, &d.EventID, &d.EventType, &d.WebhookID, &d.State, &d.Test, &d.Attempts, &d.Tries, &due, &claim,
		&created, &finished, &d.Last.Outcome, &d.Last.Status, &d.Last.Error, &duration, &last)
	if err != nil {
		return d, err
	}
	d.DueAt, d.CreatedAt, d.FinishedAt = fromMicros(due), fromMicros(created), fromMicros(finished)
	d.Last.Duration, d.Last.At = time.Duration(duration)*time.Microsecond, fromMicros(last)
	if d.State == models.Pending && claim.Valid && now.Before(d.DueAt) {
		d.State = models.Running
	}
	return d, nil
}

// Header lines are stored as they went over the wire: no encoding to undo, and
// no line break can be inside.
func encodeHeaders(lines []models.HeaderLine) []byte {
	size := 0
	for _, h := range lines {
		size += len(h.Name) + len(": ") + len(h.Value) + len("\n")
	}
	b := make([]byte, 0, size)
	for _, h := range lines {
		b = append(append(b, h.Name...), ": "...)
		b = append(append(b, h.Value...), '\n')
	}
	return b
}

func decodeHeaders(stored []byte) []models.HeaderLine {
	var lines []models.HeaderLine
	for line := range strings.Lines(string(stored)) {
		name, value, ok := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		if ok {
			lines = append(lines, models.HeaderLine{Name: name, Value: value})
		}
	}
	return lines
}

// encodeMissing is "" for none, which nearly every attempt has.
func encodeMissing(expressions []string) string {
	if len(expressions) == 0 {
		return ""
	}
	encoded, _ := json.Marshal(expressions) // strings always encode
	return string(encoded)
}

func decodeMissing(stored string) (expressions []string, err error) {
	if stored != "" {
		err = json.Unmarshal([]byte(stored), &expressions)
	}
	return expressions, err
}

// present keeps NOT NULL columns from being handed a nil slice.
func present(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// storableText makes an error sentence fit for PostgreSQL's text type.
func storableText(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

func nullable(s string) sql.NullString { return sql.NullString{String: s, Valid: s != ""} }
