package store

import (
	"context"
	"encoding/json"
	"slices"

	"gorm.io/gorm"

	"hookline/models"
)

type auditRow struct {
	ID        string `gorm:"primaryKey"`
	At        int64
	ActorKind string
	ActorID   string
	ActorName string
	Action    string
	SubjectID string
	Subject   string
	Changes   string
}

func (auditRow) TableName() string { return "audit" }

// note writes what a change was into the audit log, in the change's own
// transaction. Every method that people's changes go through takes entries;
// none are given by tests and by what Hookline does for itself.
func note(tx *gorm.DB, entries []models.Audit) error {
	for _, a := range entries {
		changes, err := json.Marshal(a.Changes)
		if err != nil {
			return err
		}
		// Within a change of the configuration, the version is the one that it makes.
		err = tx.Exec(`INSERT INTO audit (id, at, actor_kind, actor_id, actor_name, action, subject_id, subject, changes, config_version)
			VALUES (?,?,?,?,?,?,?,?,?, (`+selectConfigVersion+`))`,
			a.ID, micros(a.At), string(a.ActorKind), a.ActorID, a.ActorName, a.Action, a.SubjectID, a.Subject, string(changes)).Error
		if err != nil {
			return err
		}
	}
	return nil
}

func (r auditRow) audit() (models.Audit, error) {
	a := models.Audit{
		ID: r.ID, At: fromMicros(r.At), ActorKind: models.ActorKind(r.ActorKind), ActorID: r.ActorID, ActorName: r.ActorName,
		Action: r.Action, SubjectID: r.SubjectID, Subject: r.Subject,
	}
	return a, json.Unmarshal([]byte(r.Changes), &a.Changes)
}

// Audits pages through the audit log, newest first.
func (s *Store) Audits(ctx context.Context, f models.AuditFilter, p Page) ([]models.Audit, error) {
	tx := whereAudit(s.read.WithContext(ctx), f)
	if p.After != "" {
		tx = tx.Where("id > ?", p.After).Order("id").Limit(p.Limit)
	} else {
		tx = p.applyTo(tx)
	}
	var rows []auditRow
	if err := tx.Find(&rows).Error; err != nil {
		return nil, err
	}
	list := make([]models.Audit, len(rows))
	for i, r := range rows {
		a, err := r.audit()
		if err != nil {
			return nil, err
		}
		list[i] = a
	}
	if p.After != "" {
		slices.Reverse(list)
	}
	return list, nil
}

func whereAudit(tx *gorm.DB, f models.AuditFilter) *gorm.DB {
	if f.ActorKind != "" {
		tx = tx.Where("actor_kind = ?", string(f.ActorKind))
	}
	if f.ActorID != "" {
		tx = tx.Where("actor_id = ?", f.ActorID)
	}
	if f.SubjectID != "" {
		tx = tx.Where("subject_id = ?", f.SubjectID)
	}
	if f.Action != "" {
		tx = tx.Where(`(action = ? OR action LIKE ? ESCAPE '\')`, f.Action, likeEscaped(f.Action)+".%")
	}
	if !f.Since.IsZero() {
		tx = tx.Where("at >= ?", micros(f.Since))
	}
	if !f.Until.IsZero() {
		tx = tx.Where("at < ?", micros(f.Until))
	}
	if f.Search != "" {
		like := likePattern(f.Search)
		tx = tx.Where(`(lower(actor_name) LIKE ? ESCAPE '\' OR lower(subject) LIKE ? ESCAPE '\')`, like, like)
	}
	return tx
}

// AuditActors lists who stands in the audit log, each once under their newest
// name, users first.
func (s *Store) AuditActors(ctx context.Context) ([]models.Audit, error) {
	var rows []auditRow
	// The newest entry of each actor: ids sort by time.
	newest := s.read.Model(&auditRow{}).Select("max(id)").Where("actor_id <> ?", "").Group("actor_id")
	err := s.read.WithContext(ctx).Select("actor_kind", "actor_id", "actor_name").Where("id IN (?)", newest).
		Order("actor_kind DESC, lower(actor_name), actor_id").Limit(maxActors).Find(&rows).Error
	list := make([]models.Audit, len(rows))
	for i, r := range rows {
		list[i] = models.Audit{ActorKind: models.ActorKind(r.ActorKind), ActorID: r.ActorID, ActorName: r.ActorName}
	}
	return list, err
}

// maxActors is how many a filter can offer.
const maxActors = 500

// Note writes entries for what is not stored in a transaction of the store's own,
// such as an event that a person published.
func (s *Store) Note(ctx context.Context, audit ...models.Audit) error {
	return s.tx(ctx, func(tx *gorm.DB) error { return note(tx, audit) })
}
