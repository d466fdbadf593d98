package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"hookline/models"
)

// NewClaimID names one holding of deliveries by this process. It differs from
// every other, so a process that wakes up late cannot pass for its successor.
func (s *Store) NewClaimID() string {
	return fmt.Sprintf("%s.%d", s.node, s.claims.Add(1))
}

// Waiting lists the webhooks that have pending deliveries, held ones included
// (they fall due when their lease ends). It jumps from webhook to webhook in the
// partial index, so its cost follows the number of webhooks, not of deliveries.
func (s *Store) Waiting(ctx context.Context) ([]models.Waiting, error) {
	rows, err := s.readDB().QueryContext(ctx, `
		WITH RECURSIVE w(id) AS (
			SELECT (SELECT webhook_id FROM deliveries WHERE state = 'pending' ORDER BY webhook_id LIMIT 1)
			UNION ALL
			SELECT (SELECT webhook_id FROM deliveries WHERE state = 'pending' AND webhook_id > w.id ORDER BY webhook_id LIMIT 1)
			FROM w WHERE w.id IS NOT NULL
		)
		SELECT w.id, (SELECT due_at FROM deliveries WHERE state = 'pending' AND webhook_id = w.id ORDER BY due_at LIMIT 1)
		FROM w WHERE w.id IS NOT NULL`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []models.Waiting
	for rows.Next() {
		var id string
		var due sql.NullInt64
		if err := rows.Scan(&id, &due); err != nil {
			return nil, err
		}
		if due.Valid { // else it went while we looked
			list = append(list, models.Waiting{WebhookID: id, DueAt: fromMicros(due.Int64)})
		}
	}
	return list, rows.Err()
}

// Claim takes up to limit due deliveries of one webhook for this node, oldest
// first, with their events. No other node gets them until the lease ends.
func (s *Store) Claim(ctx context.Context, webhookID string, limit int) ([]models.Work, error) {
	now := s.now()
	c := claiming{webhookID: webhookID, limit: limit, now: now, lease: now.Add(models.Lease), claimID: s.NewClaimID()}
	if !s.Shared() {
		// A claim is short, and a context that can end costs SQLite's driver a
		// goroutine for every row.
		ctx = context.WithoutCancel(ctx)
	}
	ctx, cancel := s.writeDB().deadline(ctx)
	defer cancel()
	work, version, err := s.dialect.claim(ctx, s.writeDB(), c)
	if err := s.wrote(err); err != nil || len(work) == 0 {
		return nil, err
	}
	if version > s.Config().Version {
		if err := s.reloadConfig(ctx); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(work, func(a, b models.Work) int { return cmp.Compare(a.ID, b.ID) })
	if err := s.loadEvents(ctx, work); err != nil {
		return nil, err
	}
	return work, s.loadTestTargets(ctx, work)
}

// claimedColumns are those of a delivery that an attempt needs. The version tells
// whether another process has changed a webhook before the claim.
const claimedColumns = "id, event_id, event_type, webhook_id, test, attempts, tries, created_at, (" + selectConfigVersion + ")"

// scanClaimed reads claimed deliveries; their events follow in a read of its own.
func scanClaimed(rows *sql.Rows, c claiming) (work []models.Work, version int64, err error) {
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		d := models.Delivery{State: models.Running, DueAt: c.lease}
		var created int64
		if err := rows.Scan(&d.ID, &d.EventID, &d.EventType, &d.WebhookID, &d.Test, &d.Attempts, &d.Tries, &created, &version); err != nil {
			return nil, 0, err
		}
		d.CreatedAt = fromMicros(created)
		work = append(work, models.Work{Delivery: d, ClaimID: c.claimID, LeaseUntil: c.lease})
	}
	return work, version, rows.Err()
}

func (s *Store) loadEvents(ctx context.Context, work []models.Work) error {
	ids := make([]any, len(work))
	for i, w := range work {
		ids[i] = w.EventID
	}
	events, err := s.eventsByID(ctx, ids)
	if err != nil {
		return err
	}
	for i := range work {
		work[i].Event = events[work[i].EventID]
	}
	return nil
}

// finishing is a Finish on its way through the committer.
type finishing struct {
	models.Finish
	at     time.Time
	fenced bool
	// counts is what a fenced attempt counts as in the stats; "" for nothing.
	counts models.DeliveryState
	done   chan error
}

func (f *finishing) finishedAt() time.Time {
	if f.State == models.Pending {
		return time.Time{}
	}
	return f.at
}

// Finish stores what became of a held delivery. It returns false when this node
// no longer held it; late.go says what the attempt changes then.
func (s *Store) Finish(_ context.Context, f models.Finish) (held bool, err error) {
	w := &finishing{Finish: f, at: s.now(), done: make(chan error, 1)}
	if err := s.results.submit(w); err != nil {
		return false, err
	}
	err = <-w.done
	return !w.fenced, err
}

// Holds reports whether the delivery is still held under the claim.
func (s *Store) Holds(ctx context.Context, deliveryID, claimID string) (held bool, err error) {
	ctx, cancel := s.readDB().deadline(ctx)
	defer cancel()
	err = s.readDB().QueryRowContext(ctx, s.bind("SELECT EXISTS (SELECT 1 FROM deliveries WHERE id = ? AND claim_id = ? AND state = 'pending')"), deliveryID, claimID).Scan(&held)
	return held, err
}

// ReleaseAll gives back all that this process holds, as it does before it ends.
func (s *Store) ReleaseAll(ctx context.Context) error {
	// Claim ids are node.number, and '/' follows '.'.
	return s.release(ctx, "claim_id >= ? AND claim_id < ?", s.node+".", s.node+"/")
}

// releaseDead frees what a previous process held. On SQLite the file lock proves
// that it is dead, so there is no lease to wait for.
func (s *Store) releaseDead(ctx context.Context) error {
	if err := s.freeTokenLeases(ctx); err != nil {
		return err
	}
	return s.release(ctx, "claim_id IS NOT NULL")
}

func (s *Store) release(ctx context.Context, held string, args ...any) error {
	return s.tx(ctx, func(tx *gorm.DB) error {
		err := tx.Exec("UPDATE deliveries SET claim_id = NULL, due_at = ? WHERE state = 'pending' AND "+held, append([]any{micros(s.now())}, args...)...).Error
		if err != nil {
			return err
		}
		return tx.Exec("UPDATE bulk_jobs SET claim_id = NULL WHERE state = 'running' AND "+held, args...).Error
	})
}

// placeholders is "?,?,?" in the form GORM turns into each database's own.
func placeholders(n int) string { return strings.TrimSuffix(strings.Repeat("?,", n), ",") }
