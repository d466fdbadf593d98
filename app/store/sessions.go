package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"hookline/models"
)

type sessionRow struct {
	Hash      []byte `gorm:"primaryKey"`
	ID        string
	UserID    string
	CreatedAt int64 `gorm:"autoCreateTime:false"`
	ExpiresAt int64
	SeenAt    int64
	Address   string
	Agent     string
}

func (sessionRow) TableName() string { return "sessions" }

func (r sessionRow) session() models.Session {
	return models.Session{
		ID: r.ID, Hash: r.Hash, UserID: r.UserID, CreatedAt: fromMicros(r.CreatedAt), ExpiresAt: fromMicros(r.ExpiresAt),
		SeenAt: fromMicros(r.SeenAt), Address: r.Address, Agent: r.Agent,
	}
}

// CreateSession stores a signed-in browser.
func (s *Store) CreateSession(ctx context.Context, v models.Session, audit ...models.Audit) error {
	return s.tx(ctx, func(tx *gorm.DB) error {
		err := tx.Create(&sessionRow{
			Hash: v.Hash, ID: v.ID, UserID: v.UserID, CreatedAt: micros(v.CreatedAt), ExpiresAt: micros(v.ExpiresAt),
			SeenAt: micros(v.SeenAt), Address: v.Address, Agent: v.Agent,
		}).Error
		if err != nil {
			return err
		}
		return note(tx, audit)
	})
}

// Session returns a live session by its token hash, and whose it is; NotFound
// when it ended, or its user is disabled.
func (s *Store) Session(ctx context.Context, hash []byte, now time.Time) (models.Session, models.User, error) {
	var r struct {
		Session sessionRow `gorm:"embedded;embeddedPrefix:session_"`
		User    userRow    `gorm:"embedded;embeddedPrefix:user_"`
	}
	err := s.read.WithContext(ctx).Table("sessions").Select(sessionAndUser).
		Joins("JOIN users ON users.id = sessions.user_id").
		Where("sessions.hash = ? AND sessions.expires_at > ? AND NOT users.disabled", hash, micros(now)).
		Take(&r).Error
	return r.Session.session(), r.User.user(), found(err, "session")
}

const sessionAndUser = `sessions.hash AS session_hash, sessions.id AS session_id, sessions.user_id AS session_user_id,
	sessions.created_at AS session_created_at, sessions.expires_at AS session_expires_at, sessions.seen_at AS session_seen_at,
	sessions.address AS session_address, sessions.agent AS session_agent,
	users.id AS user_id, users.email AS user_email, users.name AS user_name, users.role AS user_role,
	users.password_hash AS user_password_hash, users.disabled AS user_disabled, users.seen_at AS user_seen_at,
	users.created_at AS user_created_at, users.updated_at AS user_updated_at`

// Sessions lists a user's live ones, the one used last first.
func (s *Store) Sessions(ctx context.Context, userID string, now time.Time) ([]models.Session, error) {
	var rows []sessionRow
	err := s.read.WithContext(ctx).Where("user_id = ? AND expires_at > ?", userID, micros(now)).
		Order("seen_at DESC, id DESC").Limit(maxSessions).Find(&rows).Error
	list := make([]models.Session, len(rows))
	for i, r := range rows {
		list[i] = r.session()
	}
	return list, err
}

// maxSessions bounds a page; nobody has that many browsers.
const maxSessions = 200

// TouchSession notes where a session is used from, and its user's last sign of
// life.
func (s *Store) TouchSession(ctx context.Context, v models.Session) error {
	return s.tx(ctx, func(tx *gorm.DB) error {
		err := tx.Model(&sessionRow{}).Where("hash = ?", v.Hash).
			Updates(map[string]any{"seen_at": micros(v.SeenAt), "address": v.Address, "agent": v.Agent}).Error
		if err != nil {
			return err
		}
		return tx.Model(&userRow{}).Where("id = ?", v.UserID).UpdateColumn("seen_at", micros(v.SeenAt)).Error
	})
}

// DeleteSession ends a session; ending one that is not there is no error.
func (s *Store) DeleteSession(ctx context.Context, hash []byte) error {
	return s.wrote(s.write.WithContext(ctx).Where("hash = ?", hash).Delete(&sessionRow{}).Error)
}

// RevokeSession ends one of a user's sessions; NotFound when it is not theirs.
func (s *Store) RevokeSession(ctx context.Context, userID, id string, audit ...models.Audit) error {
	return s.tx(ctx, func(tx *gorm.DB) error {
		if err := affected(tx.Where("id = ? AND user_id = ?", id, userID).Delete(&sessionRow{}), "session"); err != nil {
			return err
		}
		return note(tx, audit)
	})
}

// RevokeSessions ends all of a user's sessions but the one with this id, which
// may be "".
func (s *Store) RevokeSessions(ctx context.Context, userID, but string, audit ...models.Audit) error {
	return s.tx(ctx, func(tx *gorm.DB) error {
		if err := endSessions(tx, userID, but); err != nil {
			return err
		}
		return note(tx, audit)
	})
}

func endSessions(tx *gorm.DB, userID, but string) error {
	return tx.Where("user_id = ? AND id <> ?", userID, but).Delete(&sessionRow{}).Error
}

// DeleteExpiredSessions clears out sessions that ended by themselves.
func (s *Store) DeleteExpiredSessions(ctx context.Context) error {
	return s.wrote(s.write.WithContext(ctx).Where("expires_at <= ?", micros(s.now())).Delete(&sessionRow{}).Error)
}
