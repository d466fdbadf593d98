package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"hookline/models"
)

type bulkRow struct {
	ID            string `gorm:"primaryKey"`
	Kind          string
	WebhookID     string
	Filter        string
	Tests         bool
	Rate          int
	State         string
	Reason        string
	Through       string
	Reached       string
	CountedTo     string
	Matched       int
	Done          int
	Skipped       int
	CreatedBy     string
	CreatedByName string
	CreatedAt     int64 `gorm:"autoCreateTime:false"`
	FinishedAt    int64
	NextAt        int64
	ClaimID       sql.NullString
	LeaseUntil    int64
}

func (bulkRow) TableName() string { return "bulk_jobs" }

// storedFilter is a filter as bulk_jobs keeps it. Only is null for all webhooks: an
// empty list is something else.
type storedFilter struct {
	Version int `json:"v"`
	models.DeliveryFilter
	Only []string `json:"only"`
}

const storedFilterVersion = 2

func encodeFilter(f models.DeliveryFilter) (string, error) {
	stored, err := json.Marshal(storedFilter{storedFilterVersion, f, f.Only})
	return string(stored), err
}

// decodeFilter refuses a member that this version does not know: without it the job
// would take more deliveries than it was asked to.
func decodeFilter(stored string) (models.DeliveryFilter, error) {
	var f storedFilter
	decoder := json.NewDecoder(strings.NewReader(stored))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&f); err != nil {
		return models.DeliveryFilter{}, err
	}
	if f.Version != storedFilterVersion {
		return models.DeliveryFilter{}, fmt.Errorf("a bulk job's filter has version %d, and this Hookline knows %d", f.Version, storedFilterVersion)
	}
	f.DeliveryFilter.Only = f.Only
	return f.DeliveryFilter, nil
}

func bulkFrom(j models.BulkJob) (*bulkRow, error) {
	filter, err := encodeFilter(j.Filter)
	return &bulkRow{
		ID: j.ID, Kind: string(j.Kind), WebhookID: j.WebhookID, Filter: filter, Tests: j.Tests, Rate: j.Rate,
		State: string(j.State), Reason: j.Reason, Through: j.Through, Reached: j.Reached, CountedTo: j.CountedTo,
		Matched: j.Matched, Done: j.Done, Skipped: j.Skipped, CreatedBy: j.CreatedBy, CreatedByName: storableText(j.CreatedByName),
		CreatedAt: micros(j.CreatedAt), FinishedAt: micros(j.FinishedAt), NextAt: micros(j.NextAt),
	}, err
}

func (r bulkRow) job() models.BulkJob {
	filter, err := decodeFilter(r.Filter)
	return models.BulkJob{
		ID: r.ID, Kind: models.BulkKind(r.Kind), WebhookID: r.WebhookID, Filter: filter, Unreadable: err != nil, Tests: r.Tests, Rate: r.Rate,
		State: models.BulkState(r.State), Reason: r.Reason, Through: r.Through, Reached: r.Reached, CountedTo: r.CountedTo,
		Matched: r.Matched, Done: r.Done, Skipped: r.Skipped, CreatedBy: r.CreatedBy, CreatedByName: r.CreatedByName,
		CreatedAt: fromMicros(r.CreatedAt), FinishedAt: fromMicros(r.FinishedAt), NextAt: fromMicros(r.NextAt),
	}
}

// BulkFilter narrows the list of bulk jobs. Zero members do not.
type BulkFilter struct {
	WebhookID string // jobs that keep to this webhook
	CreatedBy string
	State     models.BulkState
}

// CreateBulkJob stores a job; the worker finds it there.
func (s *Store) CreateBulkJob(ctx context.Context, j models.BulkJob, audit ...models.Audit) error {
	row, err := bulkFrom(j)
	if err != nil {
		return err
	}
	return s.tx(ctx, func(tx *gorm.DB) error {
		if err := tx.Create(row).Error; err != nil {
			return err
		}
		return note(tx, audit)
	})
}

// BulkJob returns one; NotFound when there is none.
func (s *Store) BulkJob(ctx context.Context, id string) (models.BulkJob, error) {
	var r bulkRow
	err := s.read.WithContext(ctx).Where("id = ?", id).Take(&r).Error
	return r.job(), found(err, "job")
}

// BulkJobs pages through the jobs, newest first.
func (s *Store) BulkJobs(ctx context.Context, f BulkFilter, p Page) ([]models.BulkJob, error) {
	tx := s.read.WithContext(ctx)
	if f.WebhookID != "" {
		tx = tx.Where("webhook_id = ?", f.WebhookID)
	}
	if f.CreatedBy != "" {
		tx = tx.Where("created_by = ?", f.CreatedBy)
	}
	if f.State != "" {
		tx = tx.Where("state = ?", string(f.State))
	}
	var rows []bulkRow
	err := p.applyTo(tx).Find(&rows).Error
	list := make([]models.BulkJob, len(rows))
	for i, r := range rows {
		list[i] = r.job()
	}
	return list, err
}

// EndBulkJob stops a job that runs, cancelled or failed for a reason. Conflict
// when it has ended already.
func (s *Store) EndBulkJob(ctx context.Context, id string, state models.BulkState, reason string, audit ...models.Audit) error {
	return s.tx(ctx, func(tx *gorm.DB) error {
		res := tx.Model(&bulkRow{}).Where("id = ? AND state = 'running'", id).Updates(map[string]any{
			"state": string(state), "reason": reason, "finished_at": micros(s.now()), "claim_id": nil,
		})
		if res.Error == nil && res.RowsAffected == 0 {
			return models.Errorf(models.Conflict, "This job has ended already.")
		}
		if res.Error != nil {
			return res.Error
		}
		return note(tx, audit)
	})
}

// TokenByID is the token with this id; NotFound when it was revoked.
func (s *Store) TokenByID(ctx context.Context, id string) (models.Token, error) {
	var r tokenRow
	if err := s.read.WithContext(ctx).Where("id = ?", id).Take(&r).Error; err != nil {
		return models.Token{}, found(err, "token")
	}
	return *r.token(), nil
}
