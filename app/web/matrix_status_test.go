package web_test

import (
	"net/http"
	"strings"

	"hookline/app/web"
)

// statuses are the answers to the matrix's requests where the matrix says ok: one
// status for every kind, or a status for each kind in the order of kinds. A row
// that differs between objects has its object's name behind the path. A GET that
// is not named answers 200. Most forms are sent empty: 422 is the field errors of
// a form that the caller may send.
var statuses = map[string]string{
	"GET /favicon.ico":                              "302",
	"GET /setup":                                    "404", // over, since there is an owner
	"POST /setup":                                   "404",
	"GET /login":                                    "200 200 303 303 303 303 303 303",
	"POST /login":                                   "401",
	"POST /logout":                                  "303",
	"POST /theme":                                   "400",
	"POST /webhooks":                                "422",
	"POST /webhooks/destinations/:preset":           "200",
	"POST /webhooks/preview":                        "200",
	"POST /webhooks/filter":                         "200",
	"POST /webhooks/:id/filter":                     "200",
	"POST /webhooks/:id":                            "303",
	"POST /webhooks/:id/preview":                    "200",
	"POST /webhooks/:id/status":                     "303",
	"POST /webhooks/:id/test":                       "200",
	"POST /webhooks/:id/duplicate":                  "201",
	"POST /webhooks/:id/key/restore":                "409",
	"POST /webhooks/:id/key/end":                    "409",
	"POST /webhooks/:id/delete":                     "422",
	"POST /webhooks/:id/permissions":                "422",
	"POST /webhooks/:id/permissions/:holder":        "303",
	"POST /webhooks/:id/permissions/:holder/revoke": "303",
	"POST /deliveries/:id/retrigger":                "303",
	// The first caller ends the delivery, and the callers after it are too late.
	"POST /deliveries/:id/cancel shared":    "- - - - - 303 409 409",
	"POST /deliveries/:id/cancel another's": "- - - - - - - 303",
	"POST /deliveries/retrigger":            "422",
	"POST /deliveries/cancel":               "303",
	"POST /jobs/:id/cancel":                 "303",
	"GET /capture":                          "303",
	"POST /capture":                         "422",
	"POST /send-event":                      "422",
	"POST /event-types":                     "422",
	"POST /event-types/:name":               "422",
	"POST /event-types/:name/archive":       "303",
	"POST /event-types/:name/restore":       "303",
	"POST /event-categories/:name":          "422",
	"POST /participants":                    "303",
	"POST /participants/:id":                "303",
	"POST /participants/:id/delete":         "422",
	"POST /settings":                        "422",
	"POST /oauth-connections":               "422",
	"POST /oauth-connections/:id":           "303",
	"POST /oauth-connections/:id/test":      "200",
	"POST /oauth-connections/:id/delete":    "303",
	"POST /tokens":                          "422",
	"POST /tokens/:id/revoke":               "303",
	"POST /team/users/:id":                  "422",
	"POST /team/users/:id/status":           "400",
	"POST /team/users/:id/teams":            "303",
	"POST /team/users/:id/sessions":         "400",
	"POST /team/users/:id/reset":            "201",
	"POST /team/users/:id/delete":           "422",
	"POST /team/invitations":                "422",
	"POST /team/invitations/:id/renew":      "201",
	"POST /team/invitations/:id/revoke":     "303",
	"POST /invite/:token":                   "422",
	"POST /team/teams":                      "422",
	"POST /team/teams/:id":                  "422",
	"POST /team/teams/:id/members":          "303",
	"POST /team/teams/:id/delete":           "303",
	"POST /profile":                         "422",
	"POST /profile/password":                "422",
	"POST /profile/sessions":                "400",
	"POST /forgot":                          "409",
	"POST /reset/:token":                    "422",
}

// expectedStatus is the status of a row for the kind at index i.
func expectedStatus(r web.Route, whose string, i int) string {
	name := r.Method + " " + r.Path
	row, named := statuses[name]
	if !named {
		row, named = statuses[name+" "+whose]
	}
	if !named && r.Method == http.MethodGet {
		return "200"
	}
	cells := strings.Fields(row)
	switch len(cells) {
	case 1:
		return cells[0]
	case len(kinds):
		return cells[i]
	}
	return name + " has no row in statuses"
}
