package form

import (
	"net/url"
	"strconv"
	"strings"

	"hookline/app/service"
	"hookline/models"
	"hookline/views/link"
)

// Filter reads the log's filter from a query or a form. The errors name the times
// that cannot be read, which the filter keeps as they were typed.
func Filter(v url.Values) (link.Filter, models.FieldErrors) {
	get := func(name string) string { return Query(v.Get(name)) }
	filter, errs := models.ParseDeliveryFilter(get)
	f := link.Filter{DeliveryFilter: filter}
	for _, e := range errs {
		f = f.WithUnread(e.Field, get(e.Field))
	}
	return f, errs
}

// Bulk reads a bulk job's filter from a query or a form.
func Bulk(v url.Values) (link.Bulk, models.FieldErrors) {
	f, errs := Filter(v)
	f.Range = "" // the form has two times alone
	return link.Bulk{Filter: f, Tests: v.Get("tests") == "true"}, errs
}

// BulkInput is what a filter and a rate, as typed, ask for.
func BulkInput(kind models.BulkKind, f link.Bulk, rate string, errs models.FieldErrors) (service.BulkInput, error) {
	in := service.BulkInput{Kind: kind, Tests: f.Tests, Filter: f.DeliveryFilter}
	if rate != "" {
		n, err := strconv.Atoi(strings.TrimSpace(rate))
		if err != nil {
			n = impossible
		}
		models.CheckBulkRate(&errs, n)
		in.Rate = n
	}
	return in, errs.Err()
}
