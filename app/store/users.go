package store

import (
	"context"
	"errors"
	"slices"

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
	SeenAt       int64
	CreatedAt    int64 `gorm:"autoCreateTime:false"`
	UpdatedAt    int64 `gorm:"autoUpdateTime:false"`
}

func (userRow) TableName() string { return "users" }

func userFrom(u models.User) *userRow {
	return &userRow{
		ID: u.ID, Email: u.Email, Name: u.Name, Role: string(u.Role), PasswordHash: u.PasswordHash,
		Disabled: u.Disabled, SeenAt: micros(u.SeenAt), CreatedAt: micros(u.CreatedAt), UpdatedAt: micros(u.UpdatedAt),
	}
}

func (r userRow) user() models.User {
	return models.User{
		ID: r.ID, Email: r.Email, Name: r.Name, Role: models.Role(r.Role), PasswordHash: r.PasswordHash,
		Disabled: r.Disabled, SeenAt: fromMicros(r.SeenAt), CreatedAt: fromMicros(r.CreatedAt), UpdatedAt: fromMicros(r.UpdatedAt),
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

// User returns one; NotFound when there is none.
func (s *Store) User(ctx context.Context, id string) (models.User, error) {
	var r userRow
	err := s.read.WithContext(ctx).Where("id = ?", id).Take(&r).Error
	return r.user(), found(err, "user")
}

// Users pages through all, newest first, or those that a text is found in the
// name or address of.
func (s *Store) Users(ctx context.Context, search string, p Page) ([]models.User, error) {
	tx := s.read.WithContext(ctx)
	if search != "" {
		// SQLite's lower knows ASCII alone, so a name is also compared as it was typed.
		like, typed := likePattern(search), "%"+likeEscaped(search)+"%"
		tx = tx.Where(`(lower(name) LIKE ? ESCAPE '\' OR email LIKE ? ESCAPE '\' OR name LIKE ? ESCAPE '\')`, like, like, typed)
	}
	if p.After != "" {
		tx = tx.Where("id > ?", p.After).Order("id").Limit(p.Limit)
	} else {
		tx = p.applyTo(tx)
	}
	users, err := usersOf(tx)
	if p.After != "" {
		slices.Reverse(users)
	}
	return users, err
}

// ErrLastOwner keeps a workspace from losing the last who may do everything.
var ErrLastOwner = models.Errorf(models.Conflict, "This is the last owner who can sign in. Make somebody else an owner first.")

// ChangeUser reads a user, lets change edit it, and stores what came of it with
// the entries that change returns, all in one transaction that no other change
// of a user runs beside. A new password or address, or disabling, ends what was
// given out before: reset links, and for the first and the last also all
// sessions but the one with the id keep. NotFound when there is no such user,
// Conflict for an address that is taken, ErrLastOwner.
func (s *Store) ChangeUser(ctx context.Context, id, keep string, change func(*models.User) ([]models.Audit, error)) (models.User, error) {
	var u models.User
	err := s.tx(ctx, func(tx *gorm.DB) error {
		if err := lockPeople(tx); err != nil {
			return err
		}
		var r userRow
		if err := tx.Where("id = ?", id).Take(&r).Error; err != nil {
			return found(err, "user")
		}
		before := r.user()
		u = before
		audit, err := change(&u)
		if err != nil {
			return err
		}
		if err := saveUser(tx, before, u, keep); err != nil {
			return err
		}
		return note(tx, audit)
	})
	if models.CodeOf(err) == models.Conflict && !errors.Is(err, ErrLastOwner) {
		err = AddressTaken(u.Email)
	}
	return u, err
}

// AddressTaken is the Conflict of two users with one address.
func AddressTaken(email string) error {
	return models.Errorf(models.Conflict, "There is a user with the address %s already.", email)
}

// lockPeople makes changes of users come one after the other, so that two owners
// who demote each other cannot both succeed. SQLite has one writer anyway.
func lockPeople(tx *gorm.DB) error {
	return tx.Exec("UPDATE workspace SET config_version = config_version WHERE id = 1").Error
}

func saveUser(tx *gorm.DB, before, after models.User, keep string) error {
	if before.EnabledOwner() && !after.EnabledOwner() {
		if err := otherOwner(tx, before.ID); err != nil {
			return err
		}
	}
	after.ID, after.CreatedAt, after.SeenAt = before.ID, before.CreatedAt, before.SeenAt
	if err := tx.Save(userFrom(after)).Error; err != nil {
		return err
	}
	return endOld(tx, before, after, keep)
}

// otherOwner returns ErrLastOwner unless somebody else who can sign in is one.
func otherOwner(tx *gorm.DB, id string) error {
	var others int64
	err := tx.Model(&userRow{}).Where("id <> ? AND role = ? AND NOT disabled", id, models.Owner).Count(&others).Error
	if err == nil && others == 0 {
		err = ErrLastOwner
	}
	return err
}

// DeleteUser removes an account with its sessions, grants, memberships, password
// links and capture endpoints, and the invitations the user made that nobody
// accepted yet. What the audit log says of them stays. NotFound, ErrLastOwner.
func (s *Store) DeleteUser(ctx context.Context, id string, audit func(models.User) models.Audit) error {
	// changeConfig locks the workspace row, as every change of users does.
	return s.changeConfig(ctx, nil, func(tx *gorm.DB) error {
		var r userRow
		if err := tx.Where("id = ?", id).Take(&r).Error; err != nil {
			return found(err, "user")
		}
		u := r.user()
		if u.EnabledOwner() {
			if err := otherOwner(tx, id); err != nil {
				return err
			}
		}
		if err := tx.Where("user_id = ?", id).Delete(&grantRow{}).Error; err != nil {
			return err
		}
		if err := tx.Where("inviter_id = ?", id).Delete(&invitationRow{}).Error; err != nil {
			return err
		}
		// Other rows of this user alone refer to this row, and go with it.
		if err := tx.Where("id = ?", id).Delete(&userRow{}).Error; err != nil {
			return err
		}
		return note(tx, []models.Audit{audit(u)})
	})
}

func endOld(tx *gorm.DB, before, after models.User, keep string) error {
	locked := after.Disabled || after.PasswordHash != before.PasswordHash
	if locked {
		if err := endSessions(tx, before.ID, keep); err != nil {
			return err
		}
	}
	if locked || after.Email != before.Email {
		return tx.Where("user_id = ?", before.ID).Delete(&resetRow{}).Error
	}
	return nil
}

// CountUsers counts all, disabled ones too.
func (s *Store) CountUsers(ctx context.Context) (n int64, err error) {
	err = s.read.WithContext(ctx).Model(&userRow{}).Count(&n).Error
	return n, err
}
