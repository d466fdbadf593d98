package page

import (
	"cmp"
	"strconv"

	"github.com/labstack/echo/v4"

	"hookline/app/web/form"
	"hookline/models"
	"hookline/views/link"
)

// logQuery reads a log from its URL. of is the webhook whose log it is, or "". The
// errors name the members of the filter that cannot be read.
func logQuery(c echo.Context, of string) (link.Logs, models.FieldErrors, error) {
	filter, errs := form.Filter(c.QueryParams())
	if of != "" {
		filter.WebhookID = ""
	}
	limit, err := pageLimit(c)
	return link.Logs{Of: of, Filter: filter, Cursor: c.QueryParam("cursor"), Limit: limit}, errs, err
}

// logFilter is the filter for the service.
func logFilter(q link.Logs) models.DeliveryFilter {
	f := q.Filter.DeliveryFilter
	f.WebhookID = cmp.Or(q.Of, f.WebhookID)
	return f
}

// pageLimit is how many rows the URL asks for; 0 for the usual number.
func pageLimit(c echo.Context) (int, error) {
	text := c.QueryParam("limit")
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > models.MaxPage {
		return 0, models.Errorf(models.Malformed, "A page shows 1 to %d deliveries.", models.MaxPage)
	}
	return n, nil
}
