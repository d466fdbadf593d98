package api

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"hookline/app/service"
	"hookline/models"
)

// countHops keeps webhooks whose target is Hookline itself from calling each other
// for ever: their requests bear a count, the events that they publish keep it, and
// what comes with too high a count is refused.
func (s *server) countHops(r route, next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		req := c.Request()
		name := models.HopsHeader(s.Service.System.Settings().HeaderPrefix)
		values := req.Header.Values(name)
		if len(values) == 0 {
			return next(c)
		}
		hops, ok := readHops(values)
		switch {
		case !ok:
			return invalid(name, "Hookline counts in this header how many webhooks a request came through. Send a whole number, or leave it out.")
		case hops >= models.MaxHops:
			return invalid(name, fmt.Sprintf("This request came through %d webhooks, each of which called Hookline: they go round in a loop. "+
				"Change the webhook whose URL leads to Hookline itself, or choose its events so that it does not get those that it causes.", hops))
		case hops > 0 && r.resends:
			return models.Errorf(models.Conflict, "A webhook's own request cannot make Hookline send requests again: that could go round in a loop. Do it from elsewhere.")
		}
		c.SetRequest(req.WithContext(service.WithHops(req.Context(), hops)))
		return next(c)
	}
}

// readHops is the highest count: a proxy may have joined several lines.
func readHops(values []string) (hops int, ok bool) {
	for n := range strings.SplitSeq(strings.Join(values, ","), ",") {
		count, err := strconv.ParseUint(strings.TrimSpace(n), 10, 31)
		if err != nil {
			return 0, false
		}
		hops = max(hops, int(count))
	}
	return hops, true
}
