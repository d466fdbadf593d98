package store

import (
	"context"
	"database/sql"
	"errors"

	"gorm.io/gorm"

	"hookline/models"
)

const (
	insertTestTarget  = `INSERT INTO test_aims (delivery_id, webhook_id, url, secrets, sign_jwt, sign_hmac, sign_standard, signing_key) VALUES ($1,$2,$3,$4,$5,$6,$7,$8)`
	testTargetColumns = `delivery_id, url, secrets, sign_jwt, sign_hmac, sign_standard, signing_key`
)

// insertTestTargets keeps where new tests go. Mostly there is none among the deliveries, and
// nothing is asked of the database.
func insertTestTargets(ctx context.Context, tx *sql.Tx, made []models.Work) error {
	for i := range made {
		w := &made[i]
		if !w.Test || w.Target.URL == "" {
			continue
		}
		s := w.Target.Signing
		if _, err := tx.ExecContext(ctx, insertTestTarget, w.ID, w.WebhookID, w.Target.URL, w.Target.Secrets, s.JWT, s.HMAC, s.Standard, s.Key); err != nil {
			return err
		}
	}
	return nil
}

func scanTestTarget(row scanner) (id string, t models.TestTarget, err error) {
	err = row.Scan(&id, &t.URL, &t.Secrets, &t.Signing.JWT, &t.Signing.HMAC, &t.Signing.Standard, &t.Signing.Key)
	return id, t, err
}

// TestTarget is where a test went; the zero value when that was not kept.
func (s *Store) TestTarget(ctx context.Context, deliveryID string) (models.TestTarget, error) {
	_, t, err := scanTestTarget(s.readDB().QueryRowContext(ctx, s.bind("SELECT "+testTargetColumns+" FROM test_aims WHERE delivery_id = ?"), deliveryID))
	if errors.Is(err, sql.ErrNoRows) {
		return models.TestTarget{}, nil
	}
	return t, err
}

// loadTestTargets adds to claimed tests where they go.
func (s *Store) loadTestTargets(ctx context.Context, work []models.Work) (err error) {
	for i := range work {
		if work[i].Test && err == nil {
			work[i].Target, err = s.TestTarget(ctx, work[i].ID)
		}
	}
	return err
}

// copyTestTarget gives a further delivery of a test the target of the first.
func copyTestTarget(tx *gorm.DB, from, to string) error {
	return tx.Exec(`INSERT INTO test_aims (delivery_id, webhook_id, url, secrets, sign_jwt, sign_hmac, sign_standard, signing_key)
		SELECT ?, webhook_id, url, secrets, sign_jwt, sign_hmac, sign_standard, signing_key FROM test_aims WHERE delivery_id = ?`, to, from).Error
}
