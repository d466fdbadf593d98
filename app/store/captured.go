package store

import (
	"context"
	"maps"
	"slices"

	"gorm.io/gorm"

	"hookline/models"
)

type capturedRow struct {
	ID        string `gorm:"primaryKey"`
	CaptureID string
	At        int64
	Kept      int64
	Size      int64
	Truncated bool
	Method    string
	Remote    string
	Target    []byte
	Headers   []byte
	Body      []byte
}

func (capturedRow) TableName() string { return "captured" }

func capturedFrom(r models.Captured) capturedRow {
	return capturedRow{
		ID: r.ID, CaptureID: r.CaptureID, At: micros(r.At), Kept: r.Kept(), Size: r.Size, Truncated: r.Truncated,
		Method: r.Method, Remote: r.Remote, Target: []byte(r.Target), Headers: encodeHeaders(r.Headers), Body: present(r.Body),
	}
}

func (r capturedRow) captured() models.Captured {
	return models.Captured{
		ID: r.ID, CaptureID: r.CaptureID, At: fromMicros(r.At), Size: r.Size, Truncated: r.Truncated, Method: r.Method,
		Remote: r.Remote, Target: string(r.Target), Headers: decodeHeaders(r.Headers), Body: r.Body,
	}
}

// KeepCaptured stores requests and counts of those dropped, both by endpoint, in
// one transaction, and deletes what is past the limits of the endpoints. What
// belongs to an endpoint that is gone is left out.
func (s *Store) KeepCaptured(ctx context.Context, requests []models.Captured, dropped map[string]int64) error {
	ids := map[string]bool{}
	for _, r := range requests {
		ids[r.CaptureID] = true
	}
	return s.tx(ctx, func(tx *gorm.DB) error {
		if err := s.lockCaptures(tx, ids, dropped); err != nil {
			return err
		}
		alive, err := living(tx, ids)
		if err != nil {
			return err
		}
		rows := make([]capturedRow, 0, len(requests))
		for _, r := range requests {
			if alive[r.CaptureID] {
				rows = append(rows, capturedFrom(r))
			}
		}
		if len(rows) > 0 {
			if err := tx.Create(rows).Error; err != nil {
				return err
			}
		}
		for id := range alive {
			if err := trimCaptured(tx, id); err != nil {
				return err
			}
		}
		return countDropped(tx, dropped)
	})
}

// lockCaptures makes nodes store requests of an endpoint one after the other: each
// would else count without those of the others, and keep more than there may be. The
// order is the same on every node, so that no two wait for each other.
func (s *Store) lockCaptures(tx *gorm.DB, ids map[string]bool, dropped map[string]int64) error {
	all := slices.AppendSeq(slices.Collect(maps.Keys(ids)), maps.Keys(dropped))
	slices.Sort(all)
	for _, id := range slices.Compact(all) {
		if err := s.lockNamed(tx, "captured by "+id); err != nil {
			return err
		}
	}
	return nil
}

func living(tx *gorm.DB, ids map[string]bool) (map[string]bool, error) {
	asked := make([]string, 0, len(ids))
	for id := range ids {
		asked = append(asked, id)
	}
	var there []string
	if len(asked) > 0 {
		if err := tx.Model(&captureRow{}).Where("id IN ?", asked).Pluck("id", &there).Error; err != nil {
			return nil, err
		}
	}
	alive := make(map[string]bool, len(there))
	for _, id := range there {
		alive[id] = true
	}
	return alive, nil
}

// trimCaptured keeps the newest of an endpoint, by count and by size.
func trimCaptured(tx *gorm.DB, id string) error {
	return tx.Exec(`DELETE FROM captured WHERE id IN (
		SELECT id FROM (
			SELECT id, ROW_NUMBER() OVER (ORDER BY id DESC) AS place, SUM(kept) OVER (ORDER BY id DESC) AS total
			FROM captured WHERE capture_id = ?
		) AS ranked WHERE place > ? OR (place > 1 AND total > ?))`, id, models.KeptCaptured, models.KeptCaptureBytes).Error
}

func countDropped(tx *gorm.DB, dropped map[string]int64) error {
	for id, n := range dropped {
		err := tx.Model(&captureRow{}).Where("id = ?", id).Update("dropped", gorm.Expr("dropped + ?", n)).Error
		if err != nil {
			return err
		}
	}
	return nil
}

// CapturedPage pages through an endpoint's requests, newest first, without their
// headers and bodies.
func (s *Store) CapturedPage(ctx context.Context, captureID string, p Page) ([]models.Captured, error) {
	tx := s.read.WithContext(ctx).Select("id", "capture_id", "at", "size", "truncated", "method", "remote", "target").Where("capture_id = ?", captureID)
	if p.After != "" {
		tx = tx.Where("id > ?", p.After).Order("id").Limit(p.Limit)
	} else {
		tx = p.applyTo(tx)
	}
	var rows []capturedRow
	if err := tx.Find(&rows).Error; err != nil {
		return nil, err
	}
	list := make([]models.Captured, len(rows))
	for i, r := range rows {
		list[i] = r.captured()
	}
	if p.After != "" {
		slices.Reverse(list)
	}
	return list, nil
}

// Captured returns a request of this endpoint; NotFound otherwise.
func (s *Store) Captured(ctx context.Context, captureID, id string) (models.Captured, error) {
	var r capturedRow
	err := s.read.WithContext(ctx).Where("id = ? AND capture_id = ?", id, captureID).Take(&r).Error
	return r.captured(), found(err, "captured request")
}

// DeleteCaptured removes one request; NotFound when it is not of this endpoint.
func (s *Store) DeleteCaptured(ctx context.Context, captureID, id string) error {
	return s.tx(ctx, func(tx *gorm.DB) error {
		return affected(tx.Where("id = ? AND capture_id = ?", id, captureID).Delete(&capturedRow{}), "captured request")
	})
}

// ClearCaptured removes all of an endpoint, and forgets how many were dropped.
func (s *Store) ClearCaptured(ctx context.Context, captureID string) error {
	return s.tx(ctx, func(tx *gorm.DB) error {
		if err := tx.Where("capture_id = ?", captureID).Delete(&capturedRow{}).Error; err != nil {
			return err
		}
		return tx.Model(&captureRow{}).Where("id = ?", captureID).Update("dropped", 0).Error
	})
}

// PruneCaptured removes requests that are too old.
func (s *Store) PruneCaptured(ctx context.Context) error {
	return s.wrote(s.write.WithContext(ctx).Where("at < ?", micros(s.now().Add(-models.CaptureAge))).Delete(&capturedRow{}).Error)
}
