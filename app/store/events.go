package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"
	"time"

	"hookline/models"
)

const eventColumns = "id, type, data, occurred_at, created_at, idempotency_key, test, deliveries, context, participant_id, config_version, hops"

func scanEvent(row scanner) (models.Event, error) {
	var e models.Event
	var data, snapshot []byte
	var occurred, created int64
	var key, participant sql.NullString
	err := row.Scan(&e.ID, &e.Type, &data, &occurred, &created, &key, &e.Test, &e.Deliveries, &snapshot, &participant, &e.ConfigVersion, &e.Hops)
	e.Data, e.IdempotencyKey, e.ParticipantID = data, key.String, participant.String
	if len(snapshot) > 0 {
		e.Context = snapshot
	}
	// Callers may say that it happened in 1970, which is not the same as not saying.
	e.OccurredAt, e.CreatedAt = time.UnixMicro(occurred).UTC(), fromMicros(created)
	return e, err
}

// Event returns one; NotFound when there is none.
func (s *Store) Event(ctx context.Context, id string) (models.Event, error) {
	e, err := scanEvent(s.readDB().QueryRowContext(ctx, s.bind("SELECT "+eventColumns+" FROM events WHERE id = ?"), id))
	if errors.Is(err, sql.ErrNoRows) {
		err = models.Errorf(models.NotFound, "There is no event with this id.")
	}
	return e, err
}

func (s *Store) eventsByID(ctx context.Context, ids []any) (map[string]models.Event, error) {
	rows, err := s.readDB().QueryContext(ctx, s.bind("SELECT "+eventColumns+" FROM events WHERE id IN ("+placeholders(len(ids))+")"), ids...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	events := make(map[string]models.Event, len(ids))
	for rows.Next() {
		e, err := scanEvent(rows)
		if err != nil {
			return nil, err
		}
		events[e.ID] = e
	}
	return events, rows.Err()
}

// bind turns ? into $1, $2 … where the database wants that. The texts are ours,
// and none has a question mark of its own.
func (s *Store) bind(text string) string {
	if s.dialect.name() == sqliteName {
		return text
	}
	var b strings.Builder
	n := 0
	for part, rest := text, ""; ; part = rest {
		before, after, found := strings.Cut(part, "?")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		n++
		b.WriteString("$" + strconv.Itoa(n))
		rest = after
	}
}
