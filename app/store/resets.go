package store

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"hookline/models"
)

type resetRow struct {
	UserID    string `gorm:"primaryKey"`
	Hash      []byte
	CreatedAt int64 `gorm:"autoCreateTime:false"`
	ExpiresAt int64
}

func (resetRow) TableName() string { return "resets" }

// SaveReset stores a link to set a new password, in place of the one the user
// may have had.
func (s *Store) SaveReset(ctx context.Context, r models.Reset, audit ...models.Audit) error {
	return s.tx(ctx, func(tx *gorm.DB) error {
		row := &resetRow{UserID: r.UserID, Hash: r.Hash, CreatedAt: micros(r.CreatedAt), ExpiresAt: micros(r.ExpiresAt)}
		if err := tx.Clauses(clause.OnConflict{UpdateAll: true}).Create(row).Error; err != nil {
			return err
		}
		return note(tx, audit)
	})
}

// errNoReset says the same of every link that does not work.
var errNoReset = models.Errorf(models.NotFound, "This link does not work any more: it was used, replaced, or is too old. Ask for a new one.")

// UserByReset returns whose password the link with this token hash may set;
// NotFound when it no longer works, or its user is disabled.
func (s *Store) UserByReset(ctx context.Context, hash []byte, now time.Time) (models.User, error) {
	var r userRow
	err := s.read.WithContext(ctx).Joins("JOIN resets ON resets.user_id = users.id").
		Where("resets.hash = ? AND resets.expires_at > ? AND NOT users.disabled", hash, micros(now)).Take(&r).Error
	if models.CodeOf(found(err, "link")) == models.NotFound {
		return models.User{}, errNoReset
	}
	return r.user(), err
}

// UseReset sets the password that the link with this token hash allows, once: of
// several that race, one succeeds and the others get NotFound. All sessions of
// the user end.
func (s *Store) UseReset(ctx context.Context, hash []byte, passwordHash string, audit func(models.User) models.Audit) error {
	now := s.now()
	return s.tx(ctx, func(tx *gorm.DB) error {
		if err := lockPeople(tx); err != nil {
			return err
		}
		var r resetRow
		if err := tx.Where("hash = ? AND expires_at > ?", hash, micros(now)).Take(&r).Error; err != nil {
			return orNoReset(err)
		}
		var row userRow
		if err := tx.Where("id = ? AND NOT disabled", r.UserID).Take(&row).Error; err != nil {
			return orNoReset(err)
		}
		before := row.user()
		after := before
		after.PasswordHash, after.UpdatedAt = passwordHash, now
		if err := saveUser(tx, before, after, ""); err != nil {
			return err
		}
		return note(tx, []models.Audit{audit(before)})
	})
}

func orNoReset(err error) error {
	if models.CodeOf(found(err, "link")) == models.NotFound {
		return errNoReset
	}
	return err
}
