package main

import (
	"context"
	"database/sql"
	"encoding/base32"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	_ "github.com/mattn/go-sqlite3"
)

// This file alone knows tables of Hookline's. It writes rows straight into the database of a node that is stopped, because
// millions of deliveries cannot be made through the API in reasonable time. Each row is a copy of one that Hookline made;
// only the columns named here are set. Attempts are not copied: neither a page of the log nor a claim reads them.

// seeder copies rows of one database.
type seeder struct {
	db       *sql.DB
	event    string // id of the event to copy
	delivery string // id of the delivery to copy; it has succeeded
	webhook  string // the webhook it was for
	marker   string // the marker in that event's data
	perMilli int64  // units of the time columns in a millisecond
	made     uint64 // ids made so far
	start    time.Time
}

// openSeeder finds the rows to copy: the event numbered sample, and its delivery.
func openSeeder(ctx context.Context, path string, sample uint64) (*seeder, error) {
	db, err := sql.Open("sqlite3", "file:"+path+"?_synchronous=OFF&_busy_timeout=5000&_cache_size=-200000")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	s := &seeder{db: db, marker: fmt.Sprintf("%s%0*d", marker, markerDigits, sample)}
	var created int64
	err = db.QueryRowContext(ctx, `SELECT e.id, d.id, d.webhook_id, d.created_at
		FROM events e JOIN deliveries d ON d.event_id = e.id
		WHERE d.state = 'succeeded' AND instr(CAST(e.data AS TEXT), ?) > 0 LIMIT 1`, s.marker).
		Scan(&s.event, &s.delivery, &s.webhook, &created)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("no delivery to copy: %w", err), db.Close())
	}
	s.perMilli = 1
	for limit := int64(1e14); created > limit && s.perMilli < 1e6; limit *= 1000 {
		s.perMilli *= 1000
	}
	return s, nil
}

// close makes the database as Hookline would have left it: everything in the main file.
func (s *seeder) close(ctx context.Context) error {
	_, err := s.db.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
	return errors.Join(err, s.db.Close())
}

// spreadIDs makes the ids that follow lie one millisecond apart and end now.
func (s *seeder) spreadIDs(count int) {
	s.start = time.Now().Add(-time.Duration(count) * time.Millisecond)
	s.made = 0
}

// nextID is a public id as Hookline's: prefix, and a UUIDv7 in base32 that sorts by time.
func (s *seeder) nextID(prefix string) (string, int64) {
	at := s.start.UnixMilli() + int64(s.made/2) // an event and a delivery share a millisecond
	var u [16]byte
	binary.BigEndian.PutUint64(u[:8], uint64(at)<<16|0x7000|s.made&0xfff)
	binary.BigEndian.PutUint64(u[8:], 1<<63|s.made)
	s.made++
	return prefix + "_" + crockford.EncodeToString(u[:]), at * s.perMilli
}

var crockford = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// rareStatus is what one delivery in ten thousand was answered with.
const rareStatus = "418"

// finished adds deliveries that have ended, oldest first: 1 in 100 failed, nearly all with status 500, 1 in 10 for the
// other webhook if there is one. Ten share an event.
func (s *seeder) finished(ctx context.Context, count int, otherWebhook string) error {
	if otherWebhook == "" {
		otherWebhook = s.webhook
	}
	event := s.event
	return s.insert(ctx, count, func(i int) (newEvent, newDelivery []any) {
		if i%10 == 0 {
			id, at := s.nextID("evt")
			event, newEvent = id, []any{id, at, s.marker}
		}
		id, at := s.nextID("dlv")
		state, status, outcome, text, webhook := "succeeded", "200", "success", "", s.webhook
		if i%100 == 7 {
			state, status, outcome, text = "failed", "500", "http_error", "The receiver answered 500 Internal Server Error."
		}
		if i%10_000 == 107 {
			status, text = rareStatus, "The receiver answered "+rareStatus+" I'm a teapot."
		}
		if i%10 == 3 {
			webhook = otherWebhook
		}
		return newEvent, []any{id, at, event, webhook, state, status, outcome, text}
	}, deliveryColumns, map[string]string{
		"state": value(4), "last_status": "CAST(" + value(5) + " AS INTEGER)", "last_outcome": value(6), "last_error": value(7),
	})
}

// waiting adds deliveries that are due and were never attempted, each of an event of its own, numbered as in r.
func (s *seeder) waiting(ctx context.Context, r seqRange) error {
	return s.insert(ctx, r.len(), func(i int) (newEvent, newDelivery []any) {
		eventID, at := s.nextID("evt")
		id, _ := s.nextID("dlv")
		number := fmt.Sprintf("%s%0*d", marker, markerDigits, r.from+uint64(i))
		return []any{eventID, at, number}, []any{id, at, eventID, s.webhook}
	}, deliveryColumns, map[string]string{
		"state": "'pending'", "attempts": "0", "tries": "0", "due_at": value(1), "claim_id": "NULL", "finished_at": "0",
		"last_outcome": "''", "last_status": "0", "last_error": "''", "last_duration": "0", "last_at": "0",
	})
}

// value is the i-th member of a row that came as a JSON array.
func value(i int) string { return fmt.Sprintf("x.value ->> %d", i) }

var (
	eventColumns = map[string]string{
		"id": value(0), "created_at": value(1), "occurred_at": value(1),
		"data": "CAST(replace(CAST(t.data AS TEXT), ?2, x.value ->> 2) AS BLOB)",
	}
	deliveryColumns = map[string]string{"id": value(0), "created_at": value(1), "event_id": value(2), "webhook_id": value(3)}
)

// insert makes count rows in transactions of many. row returns a delivery, and an event or nil, as JSON arrays.
func (s *seeder) insert(ctx context.Context, count int, row func(int) (event, delivery []any), columns, more map[string]string) error {
	columns = maps.Clone(columns)
	maps.Copy(columns, more)
	events, err := s.copyStatement(ctx, "events", eventColumns)
	if err != nil {
		return err
	}
	deliveries, err := s.copyStatement(ctx, "deliveries", columns)
	if err != nil {
		return err
	}
	const size = 5000
	for from := 0; from < count; from += size {
		var e, d [][]any
		for i := from; i < min(from+size, count); i++ {
			event, delivery := row(i)
			if event != nil {
				e = append(e, event)
			}
			d = append(d, delivery)
		}
		if err := s.write(ctx, events, e, s.event, s.marker); err != nil {
			return err
		}
		if err := s.write(ctx, deliveries, d, s.delivery, ""); err != nil {
			return err
		}
	}
	return nil
}

func (s *seeder) write(ctx context.Context, statement string, rows [][]any, template, marker string) error {
	if len(rows) == 0 {
		return nil
	}
	list, err := json.Marshal(rows)
	if err != nil {
		return err
	}
	_, err = s.db.ExecContext(ctx, statement, string(list), marker, template)
	return err
}

// copyStatement inserts copies of one row of the table, with the given columns set. ?1 is a JSON array of arrays,
// ?2 the marker to replace, ?3 the id of the row.
func (s *seeder) copyStatement(ctx context.Context, table string, set map[string]string) (string, error) {
	rows, err := s.db.QueryContext(ctx, "SELECT name FROM pragma_table_info(?) WHERE NOT (pk = 1 AND type = 'INTEGER')", table)
	if err != nil {
		return "", err
	}
	defer func() { _ = rows.Close() }()
	var names, values []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return "", err
		}
		v, ok := set[name]
		if !ok {
			v = "t." + name
		}
		names, values = append(names, name), append(values, v)
	}
	for name := range set {
		if !slices.Contains(names, name) {
			return "", fmt.Errorf("table %s has no column %s any more: seed.go must follow the schema", table, name)
		}
	}
	return fmt.Sprintf("INSERT INTO %s (%s) SELECT %s FROM json_each(?1) x, (SELECT * FROM %s WHERE id = ?3) t WHERE ?2 IS NOT NULL",
		table, strings.Join(names, ", "), strings.Join(values, ", "), table), rows.Err()
}
