package store

import (
	"context"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"hookline/models"
)

type eventTypeRow struct {
	Name        string `gorm:"primaryKey"`
	Category    string
	Title       string
	Description string
	Sample      []byte
	Schema      []byte
	Archived    bool
	CreatedAt   int64 `gorm:"autoCreateTime:false"`
	UpdatedAt   int64 `gorm:"autoUpdateTime:false"`
}

func (eventTypeRow) TableName() string { return "event_types" }

func eventTypeFrom(t models.EventType) *eventTypeRow {
	return &eventTypeRow{
		Name: t.Name, Category: t.Category, Title: t.Title, Description: t.Description, Sample: present(t.Sample), Schema: present(t.Schema),
		Archived: t.Archived, CreatedAt: micros(t.CreatedAt), UpdatedAt: micros(t.UpdatedAt),
	}
}

func (r eventTypeRow) eventType() models.EventType {
	if len(r.Schema) == 0 {
		r.Schema = nil
	}
	return models.EventType{
		Name: r.Name, Category: r.Category, Title: r.Title, Description: r.Description, Sample: r.Sample, Schema: r.Schema,
		Archived: r.Archived, CreatedAt: fromMicros(r.CreatedAt), UpdatedAt: fromMicros(r.UpdatedAt),
	}
}

// EventTypes lists the catalog by category and name, archived types last.
func (s *Store) EventTypes(ctx context.Context) ([]models.EventType, error) {
	return allEventTypes(s.read.WithContext(ctx))
}

func allEventTypes(tx *gorm.DB) ([]models.EventType, error) {
	var rows []eventTypeRow
	err := tx.Order("archived, category, name").Find(&rows).Error
	list := make([]models.EventType, len(rows))
	for i, r := range rows {
		list[i] = r.eventType()
	}
	return list, err
}

// CreateEventType adds a catalog entry; Conflict when the name is taken.
func (s *Store) CreateEventType(ctx context.Context, t models.EventType, audit ...models.Audit) error {
	return s.changeConfig(ctx, audit, func(tx *gorm.DB) error { return tx.Create(eventTypeFrom(t)).Error })
}

// SeedEventTypes adds the starter catalog to an empty one, so that entries an
// owner has edited or archived stay as they are.
func (s *Store) SeedEventTypes(ctx context.Context, types []models.EventType) error {
	return s.changeConfig(ctx, nil, func(tx *gorm.DB) error {
		var n int64
		if err := tx.Model(&eventTypeRow{}).Count(&n).Error; err != nil || n > 0 {
			return err
		}
		for _, t := range types {
			if err := tx.Create(eventTypeFrom(t)).Error; err != nil {
				return err
			}
		}
		return nil
	})
}

// SaveEventType makes or replaces a catalog entry; its creation time stays.
func (s *Store) SaveEventType(ctx context.Context, t models.EventType, audit ...models.Audit) error {
	return s.changeConfig(ctx, audit, func(tx *gorm.DB) error {
		return tx.Clauses(clause.OnConflict{
			Columns:   []clause.Column{{Name: "name"}},
			DoUpdates: clause.AssignmentColumns([]string{"category", "title", "description", "sample", "schema", "archived", "updated_at"}),
		}).Create(eventTypeFrom(t)).Error
	})
}
