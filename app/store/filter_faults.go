package store

import (
	"context"
	"database/sql"

	"hookline/models"
)

const (
	sqliteAddFault = `INSERT INTO filter_faults (delivery_id, fault) VALUES (?, ?)`
	pgAddFault     = `INSERT INTO filter_faults (delivery_id, fault) VALUES ($1, $2)`
)

// noteFilterFaults keeps what the filters of new deliveries failed with. Mostly
// none did, and nothing is asked of the database.
func noteFilterFaults(ctx context.Context, tx *sql.Tx, statement string, made []models.Work) error {
	for i := range made {
		if made[i].FilterFault == "" {
			continue
		}
		if _, err := tx.ExecContext(ctx, statement, made[i].ID, storableText(made[i].FilterFault)); err != nil {
			return err
		}
	}
	return nil
}

// FilterFaults returns, of these deliveries, those that were made although their
// webhook's filter could not tell whether the event is wanted, and why it could not.
func (s *Store) FilterFaults(ctx context.Context, deliveryIDs []string) (map[string]string, error) {
	faults := map[string]string{}
	if len(deliveryIDs) == 0 {
		return faults, nil
	}
	rows, err := s.read.WithContext(ctx).Table("filter_faults").Select("delivery_id, fault").Where("delivery_id IN ?", deliveryIDs).Rows()
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id, fault string
		if err := rows.Scan(&id, &fault); err != nil {
			return nil, err
		}
		faults[id] = fault
	}
	return faults, rows.Err()
}
