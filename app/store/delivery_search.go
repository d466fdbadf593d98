package store

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"

	"gorm.io/gorm"

	"hookline/models"
)

// Bounds of one search through the log, for what no index finds.
const (
	searchWindow = 20_000 // deliveries looked at in one statement
	erredWindow  = 5_000  // the same where each has an error's text to be read
	mostWindows  = 4      // statements until SearchDeliveries gives up for now
	mostBranches = 16     // webhooks or states that are read one by one
)

// FoundDeliveries is a page of the log, newest first.
type FoundDeliveries struct {
	Items []models.Delivery
	// SearchedTo is set when the search stopped before the page was full: the id
	// of the last delivery that was looked at. A page Before it goes on from there.
	SearchedTo string
}

// Deliveries pages through the log, newest first, however long that takes. It
// reads delivery rows only, never a payload.
func (s *Store) Deliveries(ctx context.Context, f models.DeliveryFilter, p Page) ([]models.Delivery, error) {
	found, err := s.deliveries(ctx, f, p, math.MaxInt)
	return found.Items, err
}

// SearchDeliveries is Deliveries for a caller that waits: of a filter that no index
// serves it reads some 100,000 deliveries at most.
func (s *Store) SearchDeliveries(ctx context.Context, f models.DeliveryFilter, p Page) (FoundDeliveries, error) {
	return s.deliveries(ctx, f, p, mostWindows)
}

func (s *Store) deliveries(ctx context.Context, filter models.DeliveryFilter, p Page, windows int) (FoundDeliveries, error) {
	filter, err := s.withHost(ctx, filter)
	if err != nil {
		return FoundDeliveries{}, err
	}
	f := deliveryFilter{filter}
	branches := f.branches()
	if !f.scans() || p.After != "" {
		list, err := s.merged(ctx, branches, p, "")
		return FoundDeliveries{Items: list}, err
	}
	found := FoundDeliveries{Items: []models.Delivery{}}
	for range windows {
		floor, err := s.floor(ctx, f, p.Before)
		if err != nil {
			return found, err
		}
		rest := p
		rest.Limit -= len(found.Items)
		list, err := s.merged(ctx, branches, rest, floor)
		if err != nil {
			return found, err
		}
		found.Items = append(found.Items, list...)
		if len(found.Items) >= p.Limit || floor == "" {
			return found, nil
		}
		p.Before = floor
	}
	found.SearchedTo = p.Before
	return found, nil
}

// scans reports whether finding a page may mean looking at many deliveries that
// do not fit.
func (f deliveryFilter) scans() bool {
	if f.EventID != "" || f.idPrefix(models.EventPrefix) {
		return false
	}
	return f.text() != "" || f.EventType != "" || f.State == models.Succeeded || f.succeeds() ||
		(f.erred() && (f.State != "" || f.Only != nil)) || len(f.Only) > mostBranches
}

// floor is the oldest delivery of the window that ends at before; "" when the
// window holds all that is left.
func (s *Store) floor(ctx context.Context, f deliveryFilter, before string) (string, error) {
	tx, size := s.read.WithContext(ctx).Table("deliveries").Select("id"), searchWindow
	switch {
	case f.erred() || f.State == models.AnyProblem || f.State == models.Failed || f.State == models.Blocked:
		tx, size = tx.Where("last_error <> ''"), erredWindow
	case f.State == models.Cancelled:
		tx = tx.Where("state = 'cancelled'")
	case f.WebhookID != "":
		tx = tx.Where("webhook_id = ?", f.WebhookID)
	}
	if before != "" {
		tx = tx.Where("id < ?", before)
	}
	if !f.Since.IsZero() {
		tx = tx.Where("id >= ?", models.IDAt(models.DeliveryPrefix, f.Since.Add(-idSlack)))
	}
	if !f.Until.IsZero() {
		tx = tx.Where("id < ?", models.IDAt(models.DeliveryPrefix, f.Until.Add(idSlack)))
	}
	var ids []string
	err := tx.Order("id DESC").Offset(size).Limit(1).Scan(&ids).Error
	return strings.Join(ids, ""), err
}

// branches splits a filter whose parts lie in order in different places of an
// index: each is read by itself, and the newest of all are kept.
func (f deliveryFilter) branches() []deliveryFilter {
	all := []deliveryFilter{f}
	if f.Only != nil && len(f.Only) <= mostBranches && f.WebhookID == "" && !f.erred() {
		all = nil
		for _, id := range f.Only {
			one := f
			one.WebhookID, one.Only = id, nil
			all = append(all, one)
		}
	}
	var out []deliveryFilter
	for _, b := range all {
		out = append(out, b.states()...)
	}
	return out
}

// states splits a filter for any problem: failed and blocked deliveries each lie in
// order in an index of their own.
func (f deliveryFilter) states() []deliveryFilter {
	if f.State != models.AnyProblem || f.erred() {
		return []deliveryFilter{f}
	}
	failed, blocked := f, f
	failed.State, blocked.State = models.Failed, models.Blocked
	return []deliveryFilter{failed, blocked}
}

// merged is the page of all branches together, newest first.
func (s *Store) merged(ctx context.Context, branches []deliveryFilter, p Page, floor string) ([]models.Delivery, error) {
	all := []models.Delivery{}
	for _, f := range branches {
		list, err := s.deliveriesOf(ctx, f, p, floor)
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	if len(branches) == 1 {
		return all, nil
	}
	slices.SortFunc(all, func(a, b models.Delivery) int { return cmp.Compare(b.ID, a.ID) })
	if over := len(all) - p.Limit; over > 0 && p.After != "" {
		return all[over:], nil
	} else if over > 0 {
		return all[:p.Limit], nil
	}
	return all, nil
}

// deliveriesOf reads one page, newest first, down to the floor.
func (s *Store) deliveriesOf(ctx context.Context, f deliveryFilter, p Page, floor string) ([]models.Delivery, error) {
	now := s.now()
	tx := f.applyTo(s.read.WithContext(ctx).Table("deliveries").Select(deliveryColumns), now)
	if floor != "" {
		tx = tx.Where("id >= ?", floor)
	}
	if p.After != "" {
		tx = tx.Where("id > ?", p.After).Order("id").Limit(p.Limit)
	} else {
		tx = p.applyTo(tx)
	}
	list, err := s.scanDeliveries(tx)
	if p.After != "" {
		slices.Reverse(list)
	}
	return list, err
}

// DeliveriesByID returns those of the ids that are there and that the filter's
// Only allows, newest first.
func (s *Store) DeliveriesByID(ctx context.Context, only, ids []string) ([]models.Delivery, error) {
	tx := s.read.WithContext(ctx).Table("deliveries").Select(deliveryColumns).Where("id IN ?", orNothing(ids))
	if only != nil {
		tx = tx.Where("webhook_id || '' IN ?", orNothing(only))
	}
	return s.scanDeliveries(tx.Order("id DESC"))
}

func (s *Store) scanDeliveries(tx *gorm.DB) ([]models.Delivery, error) {
	rows, err := tx.Rows()
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	now, list := s.now(), []models.Delivery{}
	for rows.Next() {
		d, err := scanDelivery(rows, now)
		if err != nil {
			return nil, err
		}
		list = append(list, d)
	}
	return list, rows.Err()
}

// withHost turns the filter's host into the webhooks that have it. Deleted ones
// count: their log is still there.
func (s *Store) withHost(ctx context.Context, f models.DeliveryFilter) (models.DeliveryFilter, error) {
	if f.Host == "" {
		return f, nil
	}
	var all []struct{ ID, URL string }
	if err := s.read.WithContext(ctx).Table("webhooks").Select("id, url").Order("id").Scan(&all).Error; err != nil {
		return f, err
	}
	ids := []string{}
	for _, row := range all {
		if underHost(models.Webhook{URL: row.URL}.Host(), f.Host) {
			ids = append(ids, row.ID)
		}
	}
	f.Only, f.Host = intersection(f.Only, ids), ""
	return f, nil
}

// FixFilter turns a filter's host into the webhooks that have it now, so that
// editing a URL does not change the set of a job. Host stays, for people to read.
func (s *Store) FixFilter(ctx context.Context, f models.DeliveryFilter) (models.DeliveryFilter, error) {
	host := f.Host
	f, err := s.withHost(ctx, f)
	f.Host = host
	return f, err
}

// underHost reports whether host, which may have a port, is wanted or below it.
func underHost(host, wanted string) bool {
	host, wanted = strings.ToLower(host), strings.ToLower(wanted)
	if !strings.Contains(wanted, ":") {
		host, _, _ = strings.Cut(host, ":")
	}
	return host == wanted || strings.HasSuffix(host, "."+wanted)
}
