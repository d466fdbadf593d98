package store

import (
	"context"
	"database/sql"
	"time"

	"gorm.io/gorm"

	"hookline/models"
)

type captureRow struct {
	ID         string `gorm:"primaryKey"`
	UserID     sql.NullString
	TokenID    sql.NullString
	Name       string
	Hash       []byte
	Secret     models.Sealed
	Status     int
	Delay      int64
	AnswerType string
	Answer     string
	Dropped    int64
	CreatedAt  int64 `gorm:"autoCreateTime:false"`
}

func (captureRow) TableName() string { return "captures" }

func captureFrom(c models.Capture) *captureRow {
	return &captureRow{
		ID: c.ID, UserID: nullable(c.UserID), TokenID: nullable(c.TokenID), Name: c.Name, Hash: c.Hash, Secret: c.Secret,
		Status: c.Answer.Status, Delay: c.Answer.Delay.Milliseconds(), AnswerType: c.Answer.Type, Answer: c.Answer.Body,
		CreatedAt: micros(c.CreatedAt),
	}
}

func (r captureRow) capture() models.Capture {
	return models.Capture{
		ID: r.ID, UserID: r.UserID.String, TokenID: r.TokenID.String, Name: r.Name, Hash: r.Hash, Secret: r.Secret,
		Answer: models.CaptureAnswer{
			Status: r.Status, Delay: time.Duration(r.Delay) * time.Millisecond, Type: r.AnswerType, Body: r.Answer,
		},
		Dropped: r.Dropped, CreatedAt: fromMicros(r.CreatedAt),
	}
}

// CreateCapture stores an endpoint; Conflict when its owner has the most there
// may be.
func (s *Store) CreateCapture(ctx context.Context, c models.Capture, audit ...models.Audit) error {
	return s.tx(ctx, func(tx *gorm.DB) error {
		if err := s.lockNamed(tx, "captures of "+c.UserID+c.TokenID); err != nil {
			return err
		}
		var have int64
		if err := ownedBy(tx.Model(&captureRow{}), c.UserID, c.TokenID).Count(&have).Error; err != nil {
			return err
		}
		if have >= models.MaxCaptures {
			return models.Errorf(models.Conflict, "You have %d capture endpoints, the most there can be. Delete one first.", have)
		}
		if err := tx.Create(captureFrom(c)).Error; err != nil {
			return err
		}
		return note(tx, audit)
	})
}

func ownedBy(tx *gorm.DB, userID, tokenID string) *gorm.DB {
	if userID != "" {
		return tx.Where("user_id = ?", userID)
	}
	return tx.Where("token_id = ?", tokenID)
}

// Captures lists the endpoints of a user or of a token, the first one first.
func (s *Store) Captures(ctx context.Context, userID, tokenID string) ([]models.Capture, error) {
	var rows []captureRow
	err := ownedBy(s.read.WithContext(ctx), userID, tokenID).Order("id").Find(&rows).Error
	list := make([]models.Capture, len(rows))
	for i, r := range rows {
		list[i] = r.capture()
	}
	return list, err
}

// Capture returns one; NotFound otherwise.
func (s *Store) Capture(ctx context.Context, id string) (models.Capture, error) {
	var r captureRow
	err := s.read.WithContext(ctx).Where("id = ?", id).Take(&r).Error
	return r.capture(), found(err, "capture endpoint")
}

// CaptureByHash finds the endpoint of a URL by the hash of its secret.
func (s *Store) CaptureByHash(ctx context.Context, hash []byte) (models.Capture, error) {
	var r captureRow
	err := s.read.WithContext(ctx).Where("hash = ?", hash).Take(&r).Error
	return r.capture(), found(err, "capture endpoint")
}

// SaveCapture stores name, secret and answer.
func (s *Store) SaveCapture(ctx context.Context, c models.Capture, audit ...models.Audit) error {
	return s.tx(ctx, func(tx *gorm.DB) error {
		r := captureFrom(c)
		err := affected(tx.Model(&captureRow{}).Where("id = ?", c.ID).
			Select("name", "hash", "secret", "status", "delay", "answer_type", "answer").Updates(r), "capture endpoint")
		if err != nil {
			return err
		}
		return note(tx, audit)
	})
}

// DeleteCapture removes an endpoint and its requests.
func (s *Store) DeleteCapture(ctx context.Context, id string, audit ...models.Audit) error {
	return s.tx(ctx, func(tx *gorm.DB) error {
		if err := affected(tx.Where("id = ?", id).Delete(&captureRow{}), "capture endpoint"); err != nil {
			return err
		}
		return note(tx, audit)
	})
}
