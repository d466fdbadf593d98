package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"hookline/models"
)

// Access tokens are no configuration: they come and go without anybody's doing,
// and a token that is lost is fetched again.

type accessTokenRow struct {
	Key         string `gorm:"primaryKey"`
	Credentials string
	Token       models.Sealed `gorm:"type:bytes"`
	ExpiresAt   int64
	LeaseHolder string
	LeaseUntil  int64
}

func (accessTokenRow) TableName() string { return "oauth_tokens" }

// AccessToken returns the token kept under key if it was fetched with these
// credentials; one without Sealed when there is none.
func (s *Store) AccessToken(ctx context.Context, key, credentials string) (models.AccessToken, error) {
	var rows []accessTokenRow
	err := s.read.WithContext(ctx).Where("key = ? AND credentials = ?", key, credentials).Limit(1).Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return models.AccessToken{}, err
	}
	r := rows[0]
	return models.AccessToken{Key: key, Credentials: credentials, Sealed: r.Token, ExpiresAt: fromMicros(r.ExpiresAt)}, nil
}

// LeaseToken asks to be the one that fetches a token for key; false while another
// node is at it.
func (s *Store) LeaseToken(ctx context.Context, key string, d time.Duration) (bool, error) {
	now := s.now()
	leased := false
	err := s.tx(ctx, func(tx *gorm.DB) error {
		res := tx.Exec(`INSERT INTO oauth_tokens (key, credentials, expires_at, lease_holder, lease_until) VALUES (?, '', 0, ?, ?)
			ON CONFLICT (key) DO UPDATE SET lease_holder = excluded.lease_holder, lease_until = excluded.lease_until
			WHERE oauth_tokens.lease_until <= ? OR oauth_tokens.lease_holder = ?`,
			key, s.node, micros(now.Add(d)), micros(now), s.node)
		leased = res.RowsAffected > 0
		return res.Error
	})
	return leased, err
}

// SaveToken keeps a token that this node fetched, and ends its lease. It does
// nothing when somebody else has the lease by now, or what the token was fetched
// for is gone.
func (s *Store) SaveToken(ctx context.Context, t models.AccessToken) error {
	return s.tx(ctx, func(tx *gorm.DB) error {
		return s.leased(tx, t.Key).Select("credentials", "token", "expires_at", "lease_holder", "lease_until").
			Updates(&accessTokenRow{Credentials: t.Credentials, Token: t.Sealed, ExpiresAt: micros(t.ExpiresAt)}).Error
	})
}

// EndTokenLease lets another try.
func (s *Store) EndTokenLease(ctx context.Context, key string) error {
	return s.tx(ctx, func(tx *gorm.DB) error {
		return s.leased(tx, key).Updates(map[string]any{"lease_holder": "", "lease_until": 0}).Error
	})
}

func (s *Store) leased(tx *gorm.DB, key string) *gorm.DB {
	return tx.Model(&accessTokenRow{}).Where("key = ? AND lease_holder = ?", key, s.node)
}

// freeTokenLeases ends those of a process that is known to be dead.
func (s *Store) freeTokenLeases(ctx context.Context) error {
	return s.tx(ctx, func(tx *gorm.DB) error {
		return tx.Exec("UPDATE oauth_tokens SET lease_holder = '', lease_until = 0 WHERE lease_until > 0").Error
	})
}

// DropOldTokens removes access tokens that have expired.
func (s *Store) DropOldTokens(ctx context.Context) error {
	now := micros(s.now())
	return s.tx(ctx, func(tx *gorm.DB) error {
		return tx.Where("expires_at <= ? AND lease_until <= ?", now, now).Delete(&accessTokenRow{}).Error
	})
}

func dropToken(tx *gorm.DB, key string) error {
	return tx.Where("key = ?", key).Delete(&accessTokenRow{}).Error
}
