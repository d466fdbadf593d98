package store

import (
	"context"

	"gorm.io/gorm"

	"hookline/models"
)

type setupLinkRow struct {
	Hash      []byte `gorm:"primaryKey"`
	CreatedAt int64  `gorm:"autoCreateTime:false"`
}

func (setupLinkRow) TableName() string { return "setup_links" }

// maxSetupLinks bounds what nodes that start again and again leave behind.
const maxSetupLinks = 100

// AddSetupLink makes the one-time setup link with this token hash a valid one. On
// PostgreSQL those that other nodes have printed stay valid beside it; an SQLite
// file has one server, whose link of its last start is the only one.
func (s *Store) AddSetupLink(ctx context.Context, hash []byte) error {
	return s.tx(ctx, func(tx *gorm.DB) error {
		kept := maxSetupLinks - 1
		if !s.Shared() {
			kept = 0
		}
		newest := tx.Model(&setupLinkRow{}).Select("hash").Order("created_at DESC").Limit(kept)
		if err := tx.Where("hash NOT IN (?)", newest).Delete(&setupLinkRow{}).Error; err != nil {
			return err
		}
		return tx.Create(&setupLinkRow{Hash: hash, CreatedAt: micros(s.now())}).Error
	})
}

// SetupOpen reports whether the token of this hash may still set the workspace
// up: a node has printed it, and there is no user yet.
func (s *Store) SetupOpen(ctx context.Context, hash []byte) (bool, error) {
	return setupOpen(s.read.WithContext(ctx), hash)
}

func setupOpen(tx *gorm.DB, hash []byte) (bool, error) {
	var links, users int64
	if err := tx.Model(&setupLinkRow{}).Where("hash = ?", hash).Count(&links).Error; err != nil || links == 0 {
		return false, err
	}
	err := tx.Model(&userRow{}).Count(&users).Error
	return err == nil && users == 0, err
}

// ErrSetupClosed is for a setup link that was used, replaced or never valid.
var ErrSetupClosed = models.Errorf(models.NotFound, "This setup link is not valid any more. Sign in, or start the server again for a new link.")

// SetUp makes the first owner and names the workspace, once: of several that
// race, with the same link or with those of several nodes, one succeeds and the
// others get ErrSetupClosed.
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
		if err := tx.Where("true").Delete(&setupLinkRow{}).Error; err != nil {
			return err
		}
		return updateSettings(tx, settings)
	})
}
