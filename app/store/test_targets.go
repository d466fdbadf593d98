package store

import (
	"context"
	"database/sql"
	"errors"

	"gorm.io/gorm"

	"hookline/models"
)

const (
	insertAim  = `INSERT INTO test_aims (delivery_id, webhook_id, url, secrets, sign_jwt, sign_hmac, sign_standard, signing_key) VALUES ($1,$2,$3,$4,$5,$6,$7,$8)`
	aimColumns = `delivery_id, url, secrets, sign_jwt, sign_hmac, sign_standard, signing_key`
)

// keepAims keeps where new tests go. Mostly there is none among the deliveries, and
// nothing is asked of the database.
func keepAims(ctx context.Context, tx *sql.Tx, made []models.Work) error {
	for i := range made {
		w := &made[i]
		if !w.Test || w.Aim.URL == "" {
			continue
		}
		s := w.Aim.Signing
		if _, err := tx.ExecContext(ctx, insertAim, w.ID, w.WebhookID, w.Aim.URL, w.Aim.Secrets, s.JWT, s.HMAC, s.Standard, s.Key); err != nil {
			return err
		}
	}
	return nil
}

func scanAim(row scanner) (id string, a models.TestAim, err error) {
	err = row.Scan(&id, &a.URL, &a.Secrets, &a.Signing.JWT, &a.Signing.HMAC, &a.Signing.Standard, &a.Signing.Key)
	return id, a, err
}

// TestAim is where a test went; the zero value when that was not kept.
func (s *Store) TestAim(ctx context.Context, deliveryID string) (models.TestAim, error) {
	_, a, err := scanAim(s.readDB().QueryRowContext(ctx, s.bind("SELECT "+aimColumns+" FROM test_aims WHERE delivery_id = ?"), deliveryID))
	if errors.Is(err, sql.ErrNoRows) {
		return models.TestAim{}, nil
	}
	return a, err
}

// loadAims adds to claimed tests where they go.
func (s *Store) loadAims(ctx context.Context, work []models.Work) (err error) {
	for i := range work {
		if work[i].Test && err == nil {
			work[i].Aim, err = s.TestAim(ctx, work[i].ID)
		}
	}
	return err
}

// copyAim gives a further delivery of a test the aim of the first.
func copyAim(tx *gorm.DB, from, to string) error {
	return tx.Exec(`INSERT INTO test_aims (delivery_id, webhook_id, url, secrets, sign_jwt, sign_hmac, sign_standard, signing_key)
		SELECT ?, webhook_id, url, secrets, sign_jwt, sign_hmac, sign_standard, signing_key FROM test_aims WHERE delivery_id = ?`, to, from).Error
}
