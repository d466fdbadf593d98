// Package errs has the page that says what went wrong.
package errs

import "hookline/views/layout"

// Props is one error page.
type Props struct {
	Page   layout.Page
	Status int    // 403, 404, 405, 409, 413, 429, 500, 503 …
	Detail string // a sentence for people, from models.Error; "" for the usual one of the status
	Stale  bool   // a 403 that no role is behind: the form was out of date, or from another site
	Ref    string // the request id, for the log; "" leaves the line out
}
