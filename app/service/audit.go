package service

import (
	"context"

	"hookline/app/policy"
	"hookline/app/store"
	"hookline/models"
)

// AuditLog says who did what (B10).
type AuditLog struct{ deps }

// MaxAuditExport is how many entries an export has at most, the newest.
const MaxAuditExport = 100_000

// List pages through the log, newest first.
func (s *AuditLog) List(ctx context.Context, actor models.Actor, f models.AuditFilter, p models.PageRequest) (models.Page[models.Audit], error) {
	var none models.Page[models.Audit]
	if err := policy.Check(actor, policy.ReadAudit); err != nil {
		return none, err
	}
	page, err := store.PageOf(p, models.AuditPrefix)
	if err != nil {
		return none, err
	}
	list, err := s.store.Audits(ctx, f, page)
	if err != nil {
		return none, err
	}
	return store.Paged(list, page, func(a models.Audit) string { return a.ID }), nil
}

// Each hands over what the filter finds, newest first, up to MaxAuditExport. more
// says that there would be more.
func (s *AuditLog) Each(ctx context.Context, actor models.Actor, f models.AuditFilter, fn func(models.Audit) error) (more bool, err error) {
	if err := policy.Check(actor, policy.ReadAudit); err != nil {
		return false, err
	}
	const chunk = 500
	page := store.Page{Limit: chunk}
	for n := 0; ; {
		list, err := s.store.Audits(ctx, f, page)
		if err != nil {
			return false, err
		}
		for _, a := range list {
			if n == MaxAuditExport {
				return true, nil
			}
			if err := fn(a); err != nil {
				return false, err
			}
			n++
		}
		if len(list) < chunk {
			return false, nil
		}
		page.Before = list[len(list)-1].ID
	}
}

// Actors lists who stands in the log, for its filter.
func (s *AuditLog) Actors(ctx context.Context, actor models.Actor) ([]models.Audit, error) {
	if err := policy.Check(actor, policy.ReadAudit); err != nil {
		return nil, err
	}
	return s.store.AuditActors(ctx)
}
