package store

import (
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"hookline/models"
)

// DeliveryFilter narrows the log. Zero members do not.
type DeliveryFilter struct {
	WebhookID string
	EventID   string
	State     models.DeliveryState
	Problem   bool // failed or blocked
	EventType string
	// Status is that of the last attempt; StatusClass its first digit: 5 for
	// 500 to 599.
	Status      int
	StatusClass int
	// Host keeps to webhooks with this host, or one below it, in their URL.
	Host  string
	Since time.Time
	Until time.Time
	// Search is the start of a delivery's or event's id, with its prefix; any
	// other text is looked for in the last error.
	Search string
	// Only keeps to deliveries of these webhooks: those the asker may see. nil
	// means all, an empty list none.
	Only []string
}

// idSlack is by how much a delivery's id may be older or newer than its
// created_at: both are made by the same node, one right after the other.
const idSlack = time.Second

// idPrefix reports whether Search is the start of an id of this kind.
func (f DeliveryFilter) idPrefix(kind string) bool { return strings.HasPrefix(f.Search, kind+"_") }

// text is what to look for in errors; "" when Search is an id.
func (f DeliveryFilter) text() string {
	if f.idPrefix(models.DeliveryPrefix) || f.idPrefix(models.EventPrefix) {
		return ""
	}
	return f.Search
}

// erred reports whether all that the filter finds has an error, so that the
// indices of those serve it.
func (f DeliveryFilter) erred() bool {
	return f.text() != "" || f.Status/100 > 2 || f.StatusClass > 2
}

// applyTo narrows a statement about deliveries. Host must have been turned into
// Only before.
func (f DeliveryFilter) applyTo(tx *gorm.DB, now time.Time) *gorm.DB {
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
func (f DeliveryFilter) applyTime(tx *gorm.DB) *gorm.DB {
	if !f.Since.IsZero() {
		tx = tx.Where("id >= ? AND created_at >= ?", models.IDAt(models.DeliveryPrefix, f.Since.Add(-idSlack)), micros(f.Since))
	}
	if !f.Until.IsZero() {
		tx = tx.Where("id < ? AND created_at < ?", models.IDAt(models.DeliveryPrefix, f.Until.Add(idSlack)), micros(f.Until))
	}
	return tx
}

func (f DeliveryFilter) applyStatus(tx *gorm.DB) *gorm.DB {
	if f.erred() {
		tx = tx.Where("last_error <> ''")
	}
	if f.Status != 0 {
		tx = tx.Where("last_status = ?", f.Status)
	}
	if f.StatusClass != 0 {
		tx = tx.Where("last_status / 100 = ?", f.StatusClass)
	}
	return tx
}

func (f DeliveryFilter) applySearch(tx *gorm.DB) *gorm.DB {
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
func (f DeliveryFilter) applyState(tx *gorm.DB, now time.Time) *gorm.DB {
	if f.Problem {
		tx = tx.Where("(state = 'failed' OR state = 'blocked')")
	}
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
func (f DeliveryFilter) waiting(tx *gorm.DB) *gorm.DB {
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

// both is what stands in each of two lists, where nil is everything.
func both(a, b []string) []string {
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
