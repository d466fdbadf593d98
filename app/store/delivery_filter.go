package store

import (
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"hookline/models"
)

// deliveryFilter is a filter with the statements that find its deliveries.
type deliveryFilter struct{ models.DeliveryFilter }

// idSlack is by how much a delivery's id may be older or newer than its
// created_at: both are made by the same node, one right after the other.
const idSlack = time.Second

// idPrefix reports whether Search is the start of an id of this kind.
func (f deliveryFilter) idPrefix(kind string) bool { return strings.HasPrefix(f.Search, kind+"_") }

// text is what to look for in errors; "" when Search is an id.
func (f deliveryFilter) text() string {
	if f.idPrefix(models.DeliveryPrefix) || f.idPrefix(models.EventPrefix) {
		return ""
	}
	return f.Search
}

// erred reports whether all that the filter finds has an error, so that the
// indices of those serve it.
func (f deliveryFilter) erred() bool {
	_, to := f.Statuses()
	return f.text() != "" || to > 299
}

// succeeds reports whether all that the filter finds had a 2xx status.
func (f deliveryFilter) succeeds() bool {
	from, _ := f.Statuses()
	return from/100 == 2
}

// applyTo narrows a statement about deliveries. Host must have been turned into
// Only before.
func (f deliveryFilter) applyTo(tx *gorm.DB, now time.Time) *gorm.DB {
	equal := func(tx *gorm.DB, column, value string) *gorm.DB {
		if value == "" {
			return tx
		}
		return tx.Where(column+" = ?", value)
	}
	tx = equal(tx, "event_id", f.EventID)
	tx = equal(tx, "event_type", f.EventType)
	if f.erred() || f.State == models.Pending || f.State == models.Running {
		// A computed column keeps the planner at the index of errors, or of what is
		// due: to walk all of a webhook's deliveries costs a hundred times that.
		tx = equal(tx, "webhook_id || ''", f.WebhookID)
	} else {
		tx = equal(tx, "webhook_id", f.WebhookID)
	}
	if f.Only != nil {
		tx = tx.Where("webhook_id || '' IN ?", orNothing(f.Only))
	}
	return f.applyState(f.applySearch(f.applyStatus(f.applyTime(tx))), now)
}

// applyTime looks at ids first: they sort by time, and the table by them.
func (f deliveryFilter) applyTime(tx *gorm.DB) *gorm.DB {
	if !f.Since.IsZero() {
		tx = tx.Where("id >= ? AND created_at >= ?", models.IDAt(models.DeliveryPrefix, f.Since.Add(-idSlack)), micros(f.Since))
	}
	if !f.Until.IsZero() {
		tx = tx.Where("id < ? AND created_at < ?", models.IDAt(models.DeliveryPrefix, f.Until.Add(idSlack)), micros(f.Until))
	}
	return tx
}

func (f deliveryFilter) applyStatus(tx *gorm.DB) *gorm.DB {
	if f.erred() {
		tx = tx.Where("last_error <> ''")
	}
	switch from, to := f.Statuses(); {
	case to == 0:
		return tx
	case from == to:
		return tx.Where("last_status = ?", from)
	default:
		return tx.Where("last_status / 100 = ?", from/100)
	}
}

func (f deliveryFilter) applySearch(tx *gorm.DB) *gorm.DB {
	switch {
	case f.Search == "":
		return tx
	case f.idPrefix(models.DeliveryPrefix):
		return tx.Where("id >= ? AND id < ?", f.Search, after(f.Search))
	case f.idPrefix(models.EventPrefix):
		return tx.Where("id IN (SELECT id FROM deliveries WHERE event_id >= ? AND event_id < ?)", f.Search, after(f.Search))
	}
	return tx.Where(`lower(last_error) LIKE ? ESCAPE '\'`, likePattern(f.Search))
}

// after sorts behind every id that starts with the text.
func after(prefix string) string { return prefix + "~" }

// applyState writes the states as constants where a partial index needs to see
// them, and takes running and pending apart as scanDelivery does.
func (f deliveryFilter) applyState(tx *gorm.DB, now time.Time) *gorm.DB {
	if f.State == models.Pending || f.State == models.Running {
		tx = f.waiting(tx)
	}
	switch f.State {
	case "":
		return tx
	case models.Pending:
		return tx.Where("state = 'pending' AND (claim_id IS NULL OR due_at <= ?)", micros(now))
	case models.Running:
		return tx.Where("state = 'pending' AND claim_id IS NOT NULL AND due_at > ?", micros(now))
	case models.AnyProblem:
		return tx.Where("(state = 'failed' OR state = 'blocked')")
	case models.Failed:
		return tx.Where("state = 'failed'")
	case models.Blocked:
		return tx.Where("state = 'blocked'")
	case models.Cancelled:
		return tx.Where("state = 'cancelled'")
	default:
		return tx.Where("state = ?", string(f.State))
	}
}

// waiting leads the planner to the index of what is due: few wait among many, and
// the order of ids would have it walk all of them. The second condition tells
// that index from the one of all of a webhook's deliveries.
func (f deliveryFilter) waiting(tx *gorm.DB) *gorm.DB {
	if f.WebhookID != "" {
		return tx.Where("id IN (SELECT id FROM deliveries WHERE state = 'pending' AND webhook_id = ? AND due_at >= 0)", f.WebhookID)
	}
	return tx.Where("id IN (SELECT id FROM deliveries WHERE state = 'pending' AND due_at >= 0)")
}

// orNothing: GORM writes an empty list as NULL, which is what nothing equals.
func orNothing(ids []string) []string {
	if len(ids) == 0 {
		return []string{""}
	}
	return ids
}

// intersection is what stands in each of two lists, where nil is everything.
func intersection(a, b []string) []string {
	if a == nil {
		return b
	}
	common := []string{}
	for _, id := range a {
		if slices.Contains(b, id) {
			common = append(common, id)
		}
	}
	return common
}
