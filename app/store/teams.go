package store

import (
	"context"

	"gorm.io/gorm"

	"hookline/models"
)

type teamRow struct {
	ID        string `gorm:"primaryKey"`
	Name      string
	CreatedAt int64 `gorm:"autoCreateTime:false"`
	UpdatedAt int64 `gorm:"autoUpdateTime:false"`
}

func (teamRow) TableName() string { return "teams" }

type memberRow struct {
	TeamID string `gorm:"primaryKey"`
	UserID string `gorm:"primaryKey"`
}

func (memberRow) TableName() string { return "team_members" }

// CreateTeam stores a team; Conflict when the name is taken.
func (s *Store) CreateTeam(ctx context.Context, t models.Team, audit ...models.Audit) error {
	return s.changeConfig(ctx, audit, func(tx *gorm.DB) error {
		row := &teamRow{ID: t.ID, Name: t.Name, CreatedAt: micros(t.CreatedAt), UpdatedAt: micros(t.UpdatedAt)}
		if err := tx.Create(row).Error; err != nil {
			return err
		}
		return addMembers(tx, t)
	})
}

// SaveTeam replaces a team's name and members; NotFound when it is gone.
func (s *Store) SaveTeam(ctx context.Context, t models.Team, audit ...models.Audit) error {
	return s.changeConfig(ctx, audit, func(tx *gorm.DB) error {
		res := tx.Model(&teamRow{}).Where("id = ?", t.ID).Updates(map[string]any{"name": t.Name, "updated_at": micros(t.UpdatedAt)})
		if err := affected(res, "team"); err != nil {
			return err
		}
		if err := tx.Where("team_id = ?", t.ID).Delete(&memberRow{}).Error; err != nil {
			return err
		}
		return addMembers(tx, t)
	})
}

func addMembers(tx *gorm.DB, t models.Team) error {
	for _, user := range t.Members {
		if err := tx.Create(&memberRow{TeamID: t.ID, UserID: user}).Error; err != nil {
			return err
		}
	}
	return nil
}

// DeleteTeam removes a team with the grants it has.
func (s *Store) DeleteTeam(ctx context.Context, id string, audit ...models.Audit) error {
	return s.changeConfig(ctx, audit, func(tx *gorm.DB) error {
		if err := tx.Where("team_id = ?", id).Delete(&grantRow{}).Error; err != nil {
			return err
		}
		return affected(tx.Where("id = ?", id).Delete(&teamRow{}), "team")
	})
}

func allTeams(tx *gorm.DB) ([]models.Team, error) {
	var rows []teamRow
	if err := tx.Order("lower(name), id").Find(&rows).Error; err != nil {
		return nil, err
	}
	var members []memberRow
	if err := tx.Order("user_id").Find(&members).Error; err != nil {
		return nil, err
	}
	byTeam := map[string][]string{}
	for _, m := range members {
		byTeam[m.TeamID] = append(byTeam[m.TeamID], m.UserID)
	}
	teams := make([]models.Team, len(rows))
	for i, r := range rows {
		teams[i] = models.Team{
			ID: r.ID, Name: r.Name, Members: byTeam[r.ID], CreatedAt: fromMicros(r.CreatedAt), UpdatedAt: fromMicros(r.UpdatedAt),
		}
	}
	return teams, nil
}
