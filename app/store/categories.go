package store

import (
	"context"
	"slices"

	"gorm.io/gorm"

	"hookline/models"
)

// RenameCategory moves all event types of a category, and every subscription to
// it, under a new name, in one transaction. NotFound when no type has it, Conflict
// when the new name is taken: two would become one, and webhooks would get types
// that nobody chose for them.
func (s *Store) RenameCategory(ctx context.Context, from, to string, audit ...models.Audit) error {
	now := micros(s.now())
	return s.changeConfig(ctx, audit, func(tx *gorm.DB) error {
		var taken int64
		if err := tx.Model(&eventTypeRow{}).Where("category = ?", to).Count(&taken).Error; err != nil {
			return err
		}
		if taken > 0 {
			return models.Errorf(models.Conflict, "There is a category %s already. Choose another name, or move the types one by one.", to)
		}
		res := tx.Model(&eventTypeRow{}).Where("category = ?", from).Updates(map[string]any{"category": to, "updated_at": now})
		if res.Error != nil {
			return res.Error
		}
		if res.RowsAffected == 0 {
			return models.Errorf(models.NotFound, "There is no category with this name.")
		}
		return moveSubscriptions(tx, from, to, now)
	})
}

// moveSubscriptions raises the versions of the webhooks that it changes, so that
// whoever has one open in a form is told.
func moveSubscriptions(tx *gorm.DB, from, to string, now int64) error {
	webhooks, err := allWebhooks(tx)
	if err != nil {
		return err
	}
	for _, w := range webhooks {
		i := slices.Index(w.Subscriptions.Categories, from)
		if i < 0 {
			continue
		}
		w.Subscriptions.Categories[i] = to
		slices.Sort(w.Subscriptions.Categories)
		row, err := encodeWebhook(*w)
		if err != nil {
			return err
		}
		err = tx.Model(&webhookRow{}).Where("id = ?", w.ID).
			Updates(map[string]any{"subscriptions": row.Subscriptions, "version": w.Version + 1, "updated_at": now}).Error
		if err != nil {
			return err
		}
	}
	return nil
}
