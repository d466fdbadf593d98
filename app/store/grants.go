package store

import (
	"context"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"hookline/models"
)

type grantRow struct {
	ID        string `gorm:"primaryKey"`
	WebhookID string
	UserID    string
	TeamID    string
	Level     string
	CreatedAt int64 `gorm:"autoCreateTime:false"`
}

func (grantRow) TableName() string { return "grants" }

// SaveGrant gives a user or team a level on a webhook, in place of the one it
// may have had there; Invalid when the webhook has the most grants there may be.
func (s *Store) SaveGrant(ctx context.Context, g models.Grant, audit ...models.Audit) error {
	return s.changeConfig(ctx, audit, func(tx *gorm.DB) error {
		// changeConfig has locked the workspace row, so the count stays true.
		var others int64
		err := tx.Model(&grantRow{}).Where("webhook_id = ? AND NOT (user_id = ? AND team_id = ?)", g.WebhookID, g.UserID, g.TeamID).Count(&others).Error
		if err != nil {
			return err
		}
		if others >= models.MaxGrants {
			return models.ErrManyGrants()
		}
		return tx.Clauses(clause.OnConflict{
			Columns:   []clause.Column{{Name: "webhook_id"}, {Name: "user_id"}, {Name: "team_id"}},
			DoUpdates: clause.AssignmentColumns([]string{"level"}),
		}).Create(&grantRow{
			ID: g.ID, WebhookID: g.WebhookID, UserID: g.UserID, TeamID: g.TeamID, Level: string(g.Level), CreatedAt: micros(g.CreatedAt),
		}).Error
	})
}

// SetGrantLevel changes a grant that is there; NotFound when it is no more, so
// that what somebody revoked does not come back.
func (s *Store) SetGrantLevel(ctx context.Context, webhookID, id string, level models.Level, audit ...models.Audit) error {
	return s.changeConfig(ctx, audit, func(tx *gorm.DB) error {
		res := tx.Model(&grantRow{}).Where("id = ? AND webhook_id = ?", id, webhookID).Update("level", string(level))
		return affected(res, "grant")
	})
}

// DeleteGrant revokes one; NotFound when it is not on this webhook.
func (s *Store) DeleteGrant(ctx context.Context, webhookID, id string, audit ...models.Audit) error {
	return s.changeConfig(ctx, audit, func(tx *gorm.DB) error {
		return affected(tx.Where("id = ? AND webhook_id = ?", id, webhookID).Delete(&grantRow{}), "grant")
	})
}

func allGrants(tx *gorm.DB) ([]models.Grant, error) {
	var rows []grantRow
	err := tx.Order("id").Find(&rows).Error
	grants := make([]models.Grant, len(rows))
	for i, r := range rows {
		grants[i] = models.Grant{
			ID: r.ID, WebhookID: r.WebhookID, UserID: r.UserID, TeamID: r.TeamID, Level: models.Level(r.Level), CreatedAt: fromMicros(r.CreatedAt),
		}
	}
	return grants, err
}
