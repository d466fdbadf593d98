package store

import (
	"context"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"hookline/models"
)

type webhookVersionRow struct {
	WebhookID     string `gorm:"primaryKey"`
	Version       int64  `gorm:"primaryKey;autoIncrement:false"`
	ConfigVersion int64
	CreatedAt     int64 `gorm:"autoCreateTime:false"`
	ActorName     string
	Settings      string
}

func (webhookVersionRow) TableName() string { return "webhook_versions" }

// withoutVersion are the webhooks whose present version has no row yet.
const withoutVersion = "NOT EXISTS (SELECT 1 FROM webhook_versions v WHERE v.webhook_id = webhooks.id AND v.version = webhooks.version)"

// noteVersions keeps the versions of webhooks that a change of the configuration has
// made, in the change's own transaction.
func noteVersions(tx *gorm.DB, now time.Time, audit []models.Audit) error {
	actor := "Hookline"
	if len(audit) > 0 {
		actor = audit[0].ActorName
	}
	var config int64
	if err := tx.Raw(selectConfigVersion).Scan(&config).Error; err != nil {
		return err
	}
	changed, err := webhooksOf(tx.Where(withoutVersion).Where("deleted_at = 0 OR id IN (SELECT webhook_id FROM webhook_versions)"))
	if err != nil {
		return err
	}
	return addVersions(tx, changed, webhookVersionRow{ConfigVersion: config, CreatedAt: micros(now), ActorName: actor})
}

// beginVersions gives each webhook that is older than its history a first row.
func (s *Store) beginVersions(ctx context.Context) error {
	old, err := webhooksOf(s.read.WithContext(ctx).Where(withoutVersion).Where("deleted_at = 0"))
	if err != nil || len(old) == 0 {
		return err
	}
	return s.tx(ctx, func(tx *gorm.DB) error { return addVersions(tx, old, webhookVersionRow{}) })
}

// addVersions adds a row for each webhook. Without a time in common, a webhook has
// been so since its last change.
func addVersions(tx *gorm.DB, webhooks []*models.Webhook, common webhookVersionRow) error {
	for _, w := range webhooks {
		settings, err := json.Marshal(w.Settings())
		if err != nil {
			return err
		}
		row := common
		row.WebhookID, row.Version, row.Settings = w.ID, w.Version, string(settings)
		if row.CreatedAt == 0 {
			row.CreatedAt = micros(w.UpdatedAt)
		}
		if err := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&row).Error; err != nil {
			return err
		}
	}
	return nil
}

// maxVersions bounds how many versions are read at once.
const maxVersions = 200

// WebhookVersionsSince are the version of a webhook that an event met, and those
// after it, oldest first. The event names its version of the configuration, on which
// nodes agree; an old event names none, and its time counts. When the history begins
// after the event, the first version does.
func (s *Store) WebhookVersionsSince(ctx context.Context, webhookID string, e models.Event) ([]models.WebhookVersion, error) {
	met, at := "config_version <= ?", e.ConfigVersion
	if e.ConfigVersion == 0 {
		met, at = "created_at <= ?", micros(e.CreatedAt)
	}
	var rows []webhookVersionRow
	err := s.read.WithContext(ctx).Where("webhook_id = ?", webhookID).
		Where("version >= COALESCE((SELECT max(version) FROM webhook_versions WHERE webhook_id = ? AND "+met+"), 0)", webhookID, at).
		Order("version").Limit(maxVersions).Find(&rows).Error
	if err != nil {
		return nil, err
	}
	list := make([]models.WebhookVersion, len(rows))
	for i, r := range rows {
		list[i] = models.WebhookVersion{
			WebhookID: r.WebhookID, Version: r.Version, ConfigVersion: r.ConfigVersion, CreatedAt: fromMicros(r.CreatedAt), ActorName: r.ActorName,
		}
		if err := json.Unmarshal([]byte(r.Settings), &list[i].Settings); err != nil {
			return nil, fmt.Errorf("cannot read version %d of webhook %s: %w", r.Version, r.WebhookID, err)
		}
	}
	return list, nil
}
