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
		if err := membersExist(tx, t.Members); err != nil {
			return err
		}
		row := &teamRow{ID: t.ID, Name: t.Name, CreatedAt: micros(t.CreatedAt), UpdatedAt: micros(t.UpdatedAt)}
		if err := tx.Create(row).Error; err != nil {
			return err
		}
		return addMembers(tx, t)
	})
}

// SaveTeam replaces a team's name and members; NotFound when it is gone.
func (s *Store) SaveTeam(ctx context.Context, t models.Team, audit ...models.Audit) error {
	return s.changeConfig(ctx, audit, func(tx *gorm.DB) error { return saveTeam(tx, t) })
}

func addMembers(tx *gorm.DB, t models.Team) error {
	for _, user := range t.Members {
		if err := tx.Create(&memberRow{TeamID: t.ID, UserID: user}).Error; err != nil {
			return err
		}
	}
	return nil
}

// ChangeTeam reads a team, lets change edit it, and stores what came of it with
// the entries that change returns, in one transaction that no other change of
// teams runs beside. NotFound when there is no such team, Conflict for a name
// that is taken, Invalid for a member that does not exist.
func (s *Store) ChangeTeam(ctx context.Context, id string, change func(*models.Team) ([]models.Audit, error)) (models.Team, error) {
	var t models.Team
	err := s.changeConfig(ctx, nil, func(tx *gorm.DB) error {
		var row teamRow
		if err := tx.Where("id = ?", id).Take(&row).Error; err != nil {
			return found(err, "team")
		}
		t = row.team()
		if err := tx.Model(&memberRow{}).Where("team_id = ?", id).Order("user_id").Pluck("user_id", &t.Members).Error; err != nil {
			return err
		}
		audit, err := change(&t)
		if err != nil {
			return err
		}
		if err := saveTeam(tx, t); err != nil {
			return err
		}
		return note(tx, audit)
	})
	return t, err
}

func saveTeam(tx *gorm.DB, t models.Team) error {
	if err := membersExist(tx, t.Members); err != nil {
		return err
	}
	res := tx.Model(&teamRow{}).Where("id = ?", t.ID).Updates(map[string]any{"name": t.Name, "updated_at": micros(t.UpdatedAt)})
	if err := affected(res, "team"); err != nil {
		return err
	}
	if err := tx.Where("team_id = ?", t.ID).Delete(&memberRow{}).Error; err != nil {
		return err
	}
	return addMembers(tx, t)
}

func membersExist(tx *gorm.DB, ids []string) error {
	var n int64
	err := tx.Model(&userRow{}).Where("id IN ?", ids).Count(&n).Error
	if err == nil && n != int64(len(ids)) {
		var errs models.FieldErrors
		errs.Add("members", "There is no user with one of these ids. Each may be there once.")
		err = errs.Err()
	}
	return err
}

func (r teamRow) team() models.Team {
	return models.Team{ID: r.ID, Name: r.Name, CreatedAt: fromMicros(r.CreatedAt), UpdatedAt: fromMicros(r.UpdatedAt)}
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
		teams[i] = r.team()
		teams[i].Members = byTeam[r.ID]
	}
	return teams, nil
}
