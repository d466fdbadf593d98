package store

import (
	"context"
	"database/sql"
	"time"

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

// maxFaultyLooked bounds how many faults FaultyFilters looks at.
const maxFaultyLooked = 500

// FaultyFilters counts, by webhook, the deliveries made since then that the
// webhook's filter could not decide on, as the webhook is now: what was made
// before its last change is of the past. Only the newest faults of all webhooks
// are looked at, so that the answer costs the same when a filter always fails.
func (s *Store) FaultyFilters(ctx context.Context, since time.Time) (map[string]models.FilterFaults, error) {
	rows, err := s.readDB().QueryContext(ctx, s.bind(`SELECT counted.webhook_id, counted.n, counted.newest, f.fault FROM (
			SELECT d.webhook_id, COUNT(*) AS n, MAX(d.id) AS newest
			FROM (SELECT delivery_id FROM filter_faults ORDER BY delivery_id DESC LIMIT ?) looked
			JOIN deliveries d ON d.id = looked.delivery_id
			JOIN webhooks w ON w.id = d.webhook_id
			WHERE d.created_at >= ? AND d.created_at >= w.updated_at
			GROUP BY d.webhook_id
		) counted JOIN filter_faults f ON f.delivery_id = counted.newest`), maxFaultyLooked, since.UnixMicro())
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	found := map[string]models.FilterFaults{}
	for rows.Next() {
		var id string
		var f models.FilterFaults
		if err := rows.Scan(&id, &f.Count, &f.Newest, &f.Fault); err != nil {
			return nil, err
		}
		found[id] = f
	}
	return found, rows.Err()
}
