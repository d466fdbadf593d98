package store

import (
	"context"

	"gorm.io/gorm"

	"hookline/models"
)

type userRow struct {
	ID           string `gorm:"primaryKey"`
	Email        string
	Name         string
	Role         string
	PasswordHash string
	Disabled     bool
	CreatedAt    int64 `gorm:"autoCreateTime:false"`
	UpdatedAt    int64 `gorm:"autoUpdateTime:false"`
}

func (userRow) TableName() string { return "users" }

func userFrom(u models.User) *userRow {
	return &userRow{
		ID: u.ID, Email: u.Email, Name: u.Name, Role: string(u.Role), PasswordHash: u.PasswordHash,
		Disabled: u.Disabled, CreatedAt: micros(u.CreatedAt), UpdatedAt: micros(u.UpdatedAt),
	}
}

func (r userRow) user() models.User {
	return models.User{
		ID: r.ID, Email: r.Email, Name: r.Name, Role: models.Role(r.Role), PasswordHash: r.PasswordHash,
		Disabled: r.Disabled, CreatedAt: fromMicros(r.CreatedAt), UpdatedAt: fromMicros(r.UpdatedAt),
	}
}

// CreateUser stores a user; Conflict when the address is taken.
func (s *Store) CreateUser(ctx context.Context, u models.User, audit ...models.Audit) error {
	return s.tx(ctx, func(tx *gorm.DB) error {
		if err := tx.Create(userFrom(u)).Error; err != nil {
			return err
		}
		return note(tx, audit)
	})
}

// UserByEmail expects a normal address; NotFound when nobody has it.
func (s *Store) UserByEmail(ctx context.Context, email string) (models.User, error) {
	var r userRow
	err := s.read.WithContext(ctx).Where("email = ?", email).Take(&r).Error
	return r.user(), found(err, "user")
}

// CountUsers counts all, disabled ones too.
func (s *Store) CountUsers(ctx context.Context) (n int64, err error) {
	err = s.read.WithContext(ctx).Model(&userRow{}).Count(&n).Error
	return n, err
}
