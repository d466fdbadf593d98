package web

import (
	"hookline/app/policy"
	"hookline/app/web/page"
)

// Route is a row of the table, for tests.
type Route struct {
	Method, Path string
	Action       policy.Action
}

// Routes is the table, for tests.
func Routes() []Route {
	var routes []Route
	for _, r := range pages(page.Deps{}) {
		routes = append(routes, Route{r.Method, r.Path, r.Action})
	}
	return routes
}
