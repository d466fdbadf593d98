package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"gorm.io/gorm"

	"hookline/models"
)

// bulkLease is how long a node keeps a bulk job for itself after its last batch.
// The lease only keeps nodes out of each other's way: that no delivery is taken
// twice follows from Reached, which moves in the batch's own transaction.
const bulkLease = 15 * time.Second

// BulkTarget is a delivery of a job's set.
type BulkTarget struct{ ID, WebhookID string }

// BulkBatch is one step of a job.
type BulkBatch struct {
	Change []BulkTarget   // to retrigger or cancel
	Job    models.BulkJob // where it stands afterwards, but for its counts of what was done
}

func (s *Store) bulkNode() string { return s.node + ".bulk" }

// NextBulkJob returns the running job whose batch is due first, of those that
// this node works at or that nobody does; false when there is none.
func (s *Store) NextBulkJob(ctx context.Context) (models.BulkJob, bool, error) {
	var r bulkRow
	err := s.read.WithContext(ctx).
		Where("state = 'running' AND (claim_id IS NULL OR claim_id = ? OR lease_until <= ?)", s.bulkNode(), micros(s.now())).
		Order("next_at, id").Take(&r).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return models.BulkJob{}, false, nil
	}
	return r.job(), err == nil, err
}

// NewestDelivery is the highest id there is: "" without deliveries.
func (s *Store) NewestDelivery(ctx context.Context) (string, error) {
	var id sql.NullString
	err := s.readDB().QueryRowContext(ctx, "SELECT max(id) FROM deliveries").Scan(&id)
	return id.String, err
}

// BulkTargets are up to limit deliveries of a job's set behind after, the oldest
// first.
func (s *Store) BulkTargets(ctx context.Context, j models.BulkJob, after string, limit int) ([]BulkTarget, error) {
	sets, err := s.bulkSets(ctx, j, after)
	if err != nil {
		return nil, err
	}
	var all []BulkTarget
	for _, set := range sets {
		var list []BulkTarget
		if err := set.Select("id", "webhook_id").Order("id").Limit(limit).Scan(&list).Error; err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	slices.SortFunc(all, func(a, b BulkTarget) int { return cmp.Compare(a.ID, b.ID) })
	return all[:min(limit, len(all))], nil
}

// CountBulk counts a job's set behind after, as far as limit. last is the id that
// the count reached: j.Through when there are no more.
func (s *Store) CountBulk(ctx context.Context, j models.BulkJob, after string, limit int) (n int, last string, err error) {
	list, err := s.BulkTargets(ctx, j, after, limit)
	if err != nil || len(list) < limit {
		return len(list), j.Through, err
	}
	return limit, list[limit-1].ID, nil
}

// bulkSets is the set of a job in parts, each of which lies in order in an index.
func (s *Store) bulkSets(ctx context.Context, j models.BulkJob, after string) ([]*gorm.DB, error) {
	if j.Unreadable {
		return nil, errors.New("a bulk job's filter cannot be read")
	}
	var sets []*gorm.DB
	for _, f := range (deliveryFilter{j.Filter}).states() {
		sets = append(sets, s.bulkSet(ctx, j, f, after))
	}
	return sets, nil
}

// bulkSet is what matched when the job was asked for. What ended after that has
// another result than the one that was asked about.
func (s *Store) bulkSet(ctx context.Context, j models.BulkJob, f deliveryFilter, after string) *gorm.DB {
	tx := s.read.WithContext(ctx).Table("deliveries").
		Where("id > ? AND id <= ? AND created_at <= ? AND finished_at <= ?", after, j.Through, micros(j.CreatedAt), micros(j.CreatedAt))
	if !j.Tests {
		tx = tx.Where("NOT test")
	}
	// Deliveries that a node holds have not ended either: in a slow receiver's lane hundreds
	// may wait, and all are to be cancelled.
	if j.Kind == models.BulkCancel && f.State != models.Running {
		f.State = ""
		tx = tx.Where("state = 'pending'")
	}
	return f.applyTo(tx, s.now())
}

// errBulkMoved undoes a batch of a job that another node, or its end, was quicker
// to move.
var errBulkMoved = errors.New("the bulk job has moved on")

// AdvanceBulk makes one batch: it changes the deliveries, counts, and moves the
// job to where b.Job stands, in one transaction. It returns the deliveries that
// were changed; those among b.Change that have moved on meanwhile, or whose
// webhook was deleted, count as skipped. held is false when the job was no longer where before says, or no
// longer running: then nothing has changed.
func (s *Store) AdvanceBulk(ctx context.Context, before models.BulkJob, b BulkBatch) (changed []BulkTarget, held bool, err error) {
	err = s.tx(ctx, func(tx *gorm.DB) error {
		if changed, err = s.changeBulk(tx, b); err != nil {
			return err
		}
		return s.moveBulk(tx, before, b, len(changed))
	})
	if errors.Is(err, errBulkMoved) {
		return nil, false, nil
	}
	return changed, err == nil, err
}

func (s *Store) changeBulk(tx *gorm.DB, b BulkBatch) ([]BulkTarget, error) {
	if len(b.Change) == 0 {
		return nil, nil
	}
	ids := make([]string, len(b.Change))
	for i, t := range b.Change {
		ids[i] = t.ID
	}
	var changed []BulkTarget
	now := micros(s.now())
	if b.Job.Kind == models.BulkCancel {
		err := tx.Raw("UPDATE deliveries SET state = 'cancelled', claim_id = NULL, finished_at = ? WHERE id IN ? AND state = 'pending' RETURNING id, webhook_id", now, ids).
			Scan(&changed).Error
		return changed, err
	}
	err := tx.Raw(`UPDATE deliveries SET state = 'pending', due_at = ?, tries = 0, claim_id = NULL, finished_at = 0
		WHERE id IN ? AND finished_at <= ? AND NOT (state = 'pending' AND claim_id IS NOT NULL AND due_at > ?)
			AND webhook_id IN (SELECT id FROM webhooks WHERE deleted_at = 0)
		RETURNING id, webhook_id`, now, ids, micros(b.Job.CreatedAt), now).Scan(&changed).Error
	return changed, err
}

// moveBulk is fenced by where the job stood: of two nodes that did the same
// batch, the second is undone.
func (s *Store) moveBulk(tx *gorm.DB, before models.BulkJob, b BulkBatch, changed int) error {
	now, j := s.now(), b.Job
	moved := map[string]any{
		"reached": j.Reached, "counted_to": j.CountedTo, "matched": j.Matched,
		"done": before.Done + changed, "skipped": before.Skipped + len(b.Change) - changed,
		"state": string(j.State), "next_at": micros(j.NextAt), "claim_id": s.bulkNode(), "lease_until": micros(now.Add(bulkLease)),
	}
	if j.State != models.BulkRunning {
		moved["finished_at"], moved["claim_id"] = micros(now), nil
	}
	res := tx.Model(&bulkRow{}).
		Where("id = ? AND state = 'running' AND reached = ? AND counted_to = ?", j.ID, before.Reached, before.CountedTo).
		Where("claim_id IS NULL OR claim_id = ? OR lease_until <= ?", s.bulkNode(), micros(now)).
		Updates(moved)
	if res.Error == nil && res.RowsAffected == 0 {
		return errBulkMoved
	}
	return res.Error
}
