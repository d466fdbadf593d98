package store

import (
	"context"

	"gorm.io/gorm"
)

// DropOldKeys wipes signing keys whose overlap after a rotation is over. It is no
// change of configuration for the nodes: an old key that has ended is as good as
// none.
func (s *Store) DropOldKeys(ctx context.Context) error {
	return s.tx(ctx, func(tx *gorm.DB) error {
		return tx.Exec("UPDATE webhooks SET old_signing_key = NULL, old_key_until = 0 WHERE old_key_until > 0 AND old_key_until <= ?", micros(s.now())).Error
	})
}
