package store

import (
	"context"
	"time"

	"hookline/models"
)

type sessionRow struct {
	Hash      []byte `gorm:"primaryKey"`
	UserID    string
	CreatedAt int64 `gorm:"autoCreateTime:false"`
	ExpiresAt int64
}

func (sessionRow) TableName() string { return "sessions" }

// CreateSession stores a signed-in browser.
func (s *Store) CreateSession(ctx context.Context, v models.Session) error {
	return s.wrote(s.write.WithContext(ctx).Create(&sessionRow{
		Hash: v.Hash, UserID: v.UserID, CreatedAt: micros(v.CreatedAt), ExpiresAt: micros(v.ExpiresAt),
	}).Error)
}

// UserBySession returns who is signed in with this token hash; NotFound when the
// session ended, or its user is disabled.
func (s *Store) UserBySession(ctx context.Context, hash []byte, now time.Time) (models.User, error) {
	var r userRow
	err := s.read.WithContext(ctx).
		Joins("JOIN sessions ON sessions.user_id = users.id").
		Where("sessions.hash = ? AND sessions.expires_at > ? AND NOT users.disabled", hash, micros(now)).
		Take(&r).Error
	return r.user(), found(err, "session")
}

// DeleteSession ends a session; ending one that is not there is no error.
func (s *Store) DeleteSession(ctx context.Context, hash []byte) error {
	return s.wrote(s.write.WithContext(ctx).Where("hash = ?", hash).Delete(&sessionRow{}).Error)
}

// DeleteExpiredSessions clears out sessions that ended by themselves.
func (s *Store) DeleteExpiredSessions(ctx context.Context) error {
	return s.wrote(s.write.WithContext(ctx).Where("expires_at <= ?", micros(s.now())).Delete(&sessionRow{}).Error)
}
