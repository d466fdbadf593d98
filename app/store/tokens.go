package store

import (
	"context"
	"strings"
	"time"

	"gorm.io/gorm"

	"hookline/models"
)

type tokenRow struct {
	ID        string `gorm:"primaryKey"`
	Name      string
	Hash      []byte
	Hint      string
	Scopes    string
	CreatedAt int64 `gorm:"autoCreateTime:false"`
	ExpiresAt int64
	LastUsed  int64
}

func (tokenRow) TableName() string { return "tokens" }

func (r tokenRow) token() *models.Token {
	t := &models.Token{
		ID: r.ID, Name: r.Name, Hash: r.Hash, Hint: r.Hint,
		CreatedAt: fromMicros(r.CreatedAt), ExpiresAt: fromMicros(r.ExpiresAt), LastUsed: fromMicros(r.LastUsed),
	}
	for scope := range strings.SplitSeq(r.Scopes, ",") {
		t.Scopes = append(t.Scopes, models.Scope(scope))
	}
	return t
}

// CreateToken stores a token.
func (s *Store) CreateToken(ctx context.Context, t models.Token, audit ...models.Audit) error {
	scopes := make([]string, len(t.Scopes))
	for i, scope := range t.Scopes {
		scopes[i] = string(scope)
	}
	return s.changeConfig(ctx, audit, func(tx *gorm.DB) error {
		return tx.Create(&tokenRow{
			ID: t.ID, Name: t.Name, Hash: t.Hash, Hint: t.Hint, Scopes: strings.Join(scopes, ","),
			CreatedAt: micros(t.CreatedAt), ExpiresAt: micros(t.ExpiresAt),
		}).Error
	})
}

// Tokens lists all, newest first.
func (s *Store) Tokens(ctx context.Context) ([]*models.Token, error) {
	return allTokens(s.read.WithContext(ctx))
}

func allTokens(tx *gorm.DB) ([]*models.Token, error) {
	var rows []tokenRow
	err := tx.Order("id DESC").Find(&rows).Error
	list := make([]*models.Token, len(rows))
	for i, r := range rows {
		list[i] = r.token()
	}
	return list, err
}

// TokenByHash finds a token that Config may not know yet, because the command
// line made it a moment ago; NotFound when there is none.
func (s *Store) TokenByHash(ctx context.Context, hash []byte) (*models.Token, error) {
	var r tokenRow
	if err := s.read.WithContext(ctx).Where("hash = ?", hash).Take(&r).Error; err != nil {
		return nil, found(err, "token")
	}
	return r.token(), nil
}

// DeleteToken revokes a token at once; NotFound when there is none.
func (s *Store) DeleteToken(ctx context.Context, id string, audit ...models.Audit) error {
	return s.changeConfig(ctx, audit, func(tx *gorm.DB) error {
		return affected(tx.Where("id = ?", id).Delete(&tokenRow{}), "token")
	})
}

// TouchToken notes that a token was used. It is not a change of configuration.
func (s *Store) TouchToken(ctx context.Context, id string, at time.Time) error {
	return s.wrote(s.write.WithContext(ctx).Model(&tokenRow{}).Where("id = ?", id).Update("last_used", micros(at)).Error)
}

// affected turns a change that met no row into NotFound.
func affected(tx *gorm.DB, what string) error {
	if tx.Error == nil && tx.RowsAffected == 0 {
		return models.Errorf(models.NotFound, "There is no %s with this id.", what)
	}
	return tx.Error
}
