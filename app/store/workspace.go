package store

import (
	"context"
	"crypto/subtle"

	"gorm.io/gorm"

	"hookline/models"
)

type workspaceRow struct {
	ID            int64 `gorm:"primaryKey"`
	SiteName      string
	SiteDomain    string
	HeaderPrefix  string
	KeyProbe      models.Sealed
	SetupHash     []byte
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

// SetSetupHash makes the one-time setup link with this token hash the valid one.
func (s *Store) SetSetupHash(ctx context.Context, hash []byte) error {
	return s.tx(ctx, func(tx *gorm.DB) error {
		return tx.Model(&workspaceRow{}).Where("id = 1").Update("setup_hash", hash).Error
	})
}

// SetupOpen reports whether the token of this hash may still set the workspace
// up: it is the one printed last, and there is no user yet.
func (s *Store) SetupOpen(ctx context.Context, hash []byte) (bool, error) {
	return setupOpen(s.read.WithContext(ctx), hash)
}

func setupOpen(tx *gorm.DB, hash []byte) (bool, error) {
	var w workspaceRow
	if err := tx.Take(&w, 1).Error; err != nil {
		return false, err
	}
	var users int64
	if err := tx.Model(&userRow{}).Count(&users).Error; err != nil {
		return false, err
	}
	return users == 0 && len(w.SetupHash) > 0 && subtle.ConstantTimeCompare(w.SetupHash, hash) == 1, nil
}

// ErrSetupClosed is for a setup link that was used, replaced or never valid.
var ErrSetupClosed = models.Errorf(models.NotFound, "This setup link is not valid any more. Sign in, or start the server again for a new link.")

// SetUp makes the first owner and names the workspace, once: of several that
// race, one succeeds and the others get ErrSetupClosed.
func (s *Store) SetUp(ctx context.Context, hash []byte, owner models.User, settings models.Settings, audit ...models.Audit) error {
	return s.changeConfig(ctx, audit, func(tx *gorm.DB) error {
		// changeConfig has locked the workspace row, so racers come one by one.
		open, err := setupOpen(tx, hash)
		if err != nil {
			return err
		}
		if !open {
			return ErrSetupClosed
		}
		if err := tx.Create(userFrom(owner)).Error; err != nil {
			return err
		}
		return updateSettings(tx, settings)
	})
}

// SaveSettings replaces the workspace's settings.
func (s *Store) SaveSettings(ctx context.Context, settings models.Settings, audit ...models.Audit) error {
	return s.changeConfig(ctx, audit, func(tx *gorm.DB) error { return updateSettings(tx, settings) })
}

func updateSettings(tx *gorm.DB, v models.Settings) error {
	return tx.Model(&workspaceRow{}).Where("id = 1").Updates(map[string]any{
		"site_name": v.SiteName, "site_domain": v.SiteDomain, "header_prefix": v.HeaderPrefix,
		"keep_days": v.Retention.Days, "keep_body_days": v.Retention.BodyDays, "setup_hash": nil,
	}).Error
}
