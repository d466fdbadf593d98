package store

import (
	"context"
	"strings"
	"time"

	"gorm.io/gorm"

	"hookline/models"
)

type invitationRow struct {
	ID        string `gorm:"primaryKey"`
	Email     string
	Role      string
	Teams     string
	Hash      []byte
	InvitedBy string
	InviterID string
	CreatedAt int64 `gorm:"autoCreateTime:false"`
	ExpiresAt int64
}

func (invitationRow) TableName() string { return "invitations" }

func (r invitationRow) invitation() models.Invitation {
	return models.Invitation{
		ID: r.ID, Email: r.Email, Role: models.Role(r.Role), Hash: r.Hash, InvitedBy: r.InvitedBy, InviterID: r.InviterID,
		Teams:     strings.FieldsFunc(r.Teams, func(c rune) bool { return c == ',' }),
		CreatedAt: fromMicros(r.CreatedAt), ExpiresAt: fromMicros(r.ExpiresAt),
	}
}

// CreateInvitation stores an invitation, in place of one to the same address
// that has run out. Conflict when a user has the address, or a link to it still
// works.
func (s *Store) CreateInvitation(ctx context.Context, i models.Invitation, audit ...models.Audit) error {
	err := s.tx(ctx, func(tx *gorm.DB) error {
		if err := lockPeople(tx); err != nil {
			return err
		}
		if err := addressFree(tx, i.Email); err != nil {
			return err
		}
		if err := tx.Where("email = ? AND expires_at <= ?", i.Email, micros(s.now())).Delete(&invitationRow{}).Error; err != nil {
			return err
		}
		row := &invitationRow{
			ID: i.ID, Email: i.Email, Role: string(i.Role), Teams: strings.Join(i.Teams, ","), Hash: i.Hash, InvitedBy: i.InvitedBy, InviterID: i.InviterID,
			CreatedAt: micros(i.CreatedAt), ExpiresAt: micros(i.ExpiresAt),
		}
		if err := tx.Create(row).Error; err != nil {
			if s.dialect.duplicate(err) {
				return models.Errorf(models.Conflict, "%s is invited already. Make a new link for that invitation, or revoke it.", i.Email)
			}
			return err
		}
		return note(tx, audit)
	})
	return err
}

func addressFree(tx *gorm.DB, email string) error {
	var n int64
	if err := tx.Model(&userRow{}).Where("email = ?", email).Count(&n).Error; err != nil || n == 0 {
		return err
	}
	return AddressTaken(email)
}

// Invitations pages through those not accepted yet, newest first; expired ones
// too.
func (s *Store) Invitations(ctx context.Context, p Page) ([]models.Invitation, error) {
	var rows []invitationRow
	err := p.applyTo(s.read.WithContext(ctx)).Find(&rows).Error
	list := make([]models.Invitation, len(rows))
	for i, r := range rows {
		list[i] = r.invitation()
	}
	return list, err
}

// Invitation returns one; NotFound when it was accepted, revoked or never made.
func (s *Store) Invitation(ctx context.Context, id string) (models.Invitation, error) {
	var r invitationRow
	err := s.read.WithContext(ctx).Where("id = ?", id).Take(&r).Error
	return r.invitation(), found(err, "invitation")
}

// errNoInvitation says the same of every link that does not work.
var errNoInvitation = models.Errorf(models.NotFound, "This invitation does not work any more: it was used, replaced or revoked, or is older than 7 days. Ask an owner of the workspace for a new one.")

// InvitationByHash returns the invitation whose link has this token hash;
// NotFound when the link no longer works.
func (s *Store) InvitationByHash(ctx context.Context, hash []byte, now time.Time) (models.Invitation, error) {
	return invitationByHash(s.read.WithContext(ctx), hash, now)
}

func invitationByHash(tx *gorm.DB, hash []byte, now time.Time) (models.Invitation, error) {
	var r invitationRow
	err := tx.Where("hash = ? AND expires_at > ?", hash, micros(now)).Take(&r).Error
	if models.CodeOf(found(err, "invitation")) == models.NotFound {
		return models.Invitation{}, errNoInvitation
	}
	return r.invitation(), err
}

// RenewInvitation gives an invitation another token and another end, so that the
// link before it no longer works; NotFound when there is none.
func (s *Store) RenewInvitation(ctx context.Context, i models.Invitation, audit ...models.Audit) error {
	return s.tx(ctx, func(tx *gorm.DB) error {
		res := tx.Model(&invitationRow{}).Where("id = ?", i.ID).Updates(map[string]any{"hash": i.Hash, "expires_at": micros(i.ExpiresAt)})
		if err := affected(res, "invitation"); err != nil {
			return err
		}
		return note(tx, audit)
	})
}

// DeleteInvitation revokes one; NotFound when there is none.
func (s *Store) DeleteInvitation(ctx context.Context, id string, audit ...models.Audit) error {
	return s.tx(ctx, func(tx *gorm.DB) error {
		if err := affected(tx.Where("id = ?", id).Delete(&invitationRow{}), "invitation"); err != nil {
			return err
		}
		return note(tx, audit)
	})
}

// AcceptInvitation makes the user that the invitation with this token hash
// allows, once: of several that race, one succeeds and the others get NotFound.
// Address and role are the invitation's, and the user joins those of its teams
// that are still there.
func (s *Store) AcceptInvitation(ctx context.Context, hash []byte, u models.User, audit func(models.User) models.Audit) (models.User, error) {
	// changeConfig locks the workspace row, as every change of users does.
	err := s.changeConfig(ctx, nil, func(tx *gorm.DB) error {
		i, err := invitationByHash(tx, hash, s.now())
		if err != nil {
			return err
		}
		if u.Email, u.Role = i.Email, i.Role; addressFree(tx, u.Email) != nil {
			return AddressTaken(u.Email)
		}
		if err := tx.Where("id = ?", i.ID).Delete(&invitationRow{}).Error; err != nil {
			return err
		}
		if err := tx.Create(userFrom(u)).Error; err != nil {
			return err
		}
		if err := joinTeams(tx, u.ID, i.Teams); err != nil {
			return err
		}
		return note(tx, []models.Audit{audit(u)})
	})
	return u, err
}

func joinTeams(tx *gorm.DB, userID string, teams []string) error {
	var there []string
	if err := tx.Model(&teamRow{}).Where("id IN ?", teams).Pluck("id", &there).Error; err != nil {
		return err
	}
	for _, team := range there {
		if err := tx.Create(&memberRow{TeamID: team, UserID: userID}).Error; err != nil {
			return err
		}
	}
	return nil
}
