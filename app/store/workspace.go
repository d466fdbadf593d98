package store

import (
	"context"

	"gorm.io/gorm"

	"hookline/models"
)

type workspaceRow struct {
	ID            int64 `gorm:"primaryKey"`
	SiteName      string
	SiteDomain    string
	HeaderPrefix  string
	KeyProbe      models.Sealed
	ConfigVersion int64
	KeepDays      int
	KeepBodyDays  int
	Instance      string
}

func (workspaceRow) TableName() string { return "workspace" }

func (w workspaceRow) settings() models.Settings {
	return models.Settings{
		SiteName: w.SiteName, SiteDomain: w.SiteDomain, HeaderPrefix: w.HeaderPrefix,
		Retention: models.Retention{Days: w.KeepDays, BodyDays: w.KeepBodyDays},
	}
}

// KeyProbe is the value that opens only with the right master key; empty before
// the first start.
func (s *Store) KeyProbe(ctx context.Context) (models.Sealed, error) {
	var w workspaceRow
	err := s.read.WithContext(ctx).Take(&w, 1).Error
	return w.KeyProbe, err
}

// Instance is a short random name that tells this installation from others. It
// never changes.
func (s *Store) Instance(ctx context.Context) (string, error) {
	var w workspaceRow
	err := s.read.WithContext(ctx).Select("instance").Take(&w, 1).Error
	return w.Instance, err
}

// SetKeyProbe stores the probe on first start. It never replaces one.
func (s *Store) SetKeyProbe(ctx context.Context, probe models.Sealed) error {
	return s.tx(ctx, func(tx *gorm.DB) error {
		return tx.Model(&workspaceRow{}).Where("id = 1 AND key_probe IS NULL").Update("key_probe", probe).Error
	})
}

// SaveSettings replaces the workspace's settings.
func (s *Store) SaveSettings(ctx context.Context, settings models.Settings, audit ...models.Audit) error {
	return s.changeConfig(ctx, audit, func(tx *gorm.DB) error { return updateSettings(tx, settings) })
}

func updateSettings(tx *gorm.DB, v models.Settings) error {
	return tx.Model(&workspaceRow{}).Where("id = 1").Updates(map[string]any{
		"site_name": v.SiteName, "site_domain": v.SiteDomain, "header_prefix": v.HeaderPrefix,
		"keep_days": v.Retention.Days, "keep_body_days": v.Retention.BodyDays,
	}).Error
}
