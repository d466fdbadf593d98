package store

import (
	"context"
	"slices"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"hookline/models"
)

// SearchUsers looks for users who can sign in and have the text in name or
// address: first those whose name begins with it, then by name.
func (s *Store) SearchUsers(ctx context.Context, text string, limit int) ([]models.User, error) {
	// SQLite's lower knows ASCII alone, so a name is also compared as it was typed.
	like, typed, begins := likePattern(text), "%"+likeEscaped(text)+"%", likeEscaped(strings.ToLower(text))+"%"
	return usersOf(s.read.WithContext(ctx).Where("disabled = ?", false).
		Where(`(lower(name) LIKE ? ESCAPE '\' OR email LIKE ? ESCAPE '\' OR name LIKE ? ESCAPE '\')`, like, like, typed).
		Clauses(clause.OrderBy{Expression: clause.Expr{
			SQL: `CASE WHEN lower(name) LIKE ? ESCAPE '\' THEN 0 ELSE 1 END, lower(name), id`, Vars: []any{begins},
		}}).Limit(limit))
}

// EntitledUsers pages through the users who can do something with a webhook:
// owners, and those whom a grant reaches. Who cannot sign in is left out.
func (s *Store) EntitledUsers(ctx context.Context, webhookID string, p Page) ([]models.User, error) {
	own := s.read.Model(&grantRow{}).Select("user_id").Where("webhook_id = ?", webhookID)
	byTeam := s.read.Model(&memberRow{}).Select("team_members.user_id").
		Joins("JOIN grants ON grants.team_id = team_members.team_id").Where("grants.webhook_id = ?", webhookID)
	tx := s.read.WithContext(ctx).Where("disabled = ?", false).
		Where("(role = ? OR id IN (?) OR id IN (?))", string(models.Owner), own, byTeam)
	if p.After == "" {
		return usersOf(p.applyTo(tx))
	}
	users, err := usersOf(tx.Where("id > ?", p.After).Order("id").Limit(p.Limit))
	slices.Reverse(users)
	return users, err
}

// UsersByID returns those of the ids that there are, by name.
func (s *Store) UsersByID(ctx context.Context, ids []string) ([]models.User, error) {
	return usersOf(s.read.WithContext(ctx).Where("id IN ?", ids).Order("lower(name), id"))
}

func usersOf(tx *gorm.DB) ([]models.User, error) {
	var rows []userRow
	err := tx.Find(&rows).Error
	users := make([]models.User, len(rows))
	for i, r := range rows {
		users[i] = r.user()
	}
	return users, err
}
