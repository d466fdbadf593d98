// Package link has every URL of the UI as a function, so that a page cannot
// point at a route by a misspelt string.
package link

import (
	"net/url"
	"strconv"
)

// Fixed addresses.
const (
	Home     = "/"
	Login    = "/login"
	Logout   = "/logout"
	Setup    = "/setup"
	Theme    = "/theme"
	Webhooks = "/webhooks"
	Tokens   = "/tokens"
	// Permissions is the page of all grants.
	Permissions = "/permissions"
	Captures    = "/capture"
	APIDocs     = "/api/docs"
)

// HomeRange is Home with the charts of a range: 1h, 24h or 7d.
func HomeRange(r string) string { return query(Home, "range", r) + "#deliveries" }

// HomeStream is where Home, with the charts of a range, is told live.
func HomeStream(r string) string { return query("/home/stream", "range", r) }

// WebhookRange is the Details tab with the charts of a range.
func WebhookRange(id, r string) string { return query(Webhook(id), "range", r) + "#deliveries" }

// LoginNext is the sign-in page that leads on to a local path.
func LoginNext(next string) string { return query(Login, "next", next) }

// SetupToken is the first-run page with its one-time token.
func SetupToken(token string) string { return query(Setup, "token", token) }

// WebhooksPage is a page of the list; its start without a cursor.
func WebhooksPage(q, cursor string) string { return query(Webhooks, "q", q, "cursor", cursor) }

// WebhookDestinations is where a new webhook begins: with the choice of a service,
// or of an endpoint of one's own.
const WebhookDestinations = Webhooks + "/destinations"

// WebhookDestination asks the few questions of a preset, and takes their answers.
func WebhookDestination(preset string) string {
	return WebhookDestinations + "/" + url.PathEscape(preset)
}

// WebhookNew is the form for a new webhook; it posts to Webhooks.
func WebhookNew() string { return Webhooks + "/new" }

// Webhook is the Details tab; a POST to it saves the edit form.
func Webhook(id string) string { return Webhooks + "/" + url.PathEscape(id) }

// WebhookCopy is the page of a copy that was just made of another webhook.
func WebhookCopy(id, of string) string { return Webhook(id) + "?copy_of=" + url.QueryEscape(of) }

// WebhookEdit is the form of an existing webhook.
func WebhookEdit(id string) string { return Webhook(id) + "/edit" }

// WebhookNewPreview takes the form of a new webhook, and answers with the request
// it makes.
const WebhookNewPreview = Webhooks + "/preview"

// WebhookPreview is WebhookNewPreview for the form of an existing one.
func WebhookPreview(id string) string { return Webhook(id) + "/preview" }

// WebhookNewFilter takes the form of a new webhook, and answers with what its
// filter makes of recent events.
const WebhookNewFilter = Webhooks + "/filter"

// WebhookFilter is WebhookNewFilter for the form of an existing one.
func WebhookFilter(id string) string { return Webhook(id) + "/filter" }

// WebhookStatus takes the switch: a POST with enabled=true or false.
func WebhookStatus(id string) string { return Webhook(id) + "/status" }

// WebhookDelete asks for confirmation, and takes it.
func WebhookDelete(id string) string { return Webhook(id) + "/delete" }

// WebhookDuplicate takes a POST.
func WebhookDuplicate(id string) string { return Webhook(id) + "/duplicate" }

// WebhookKeyRestore takes a POST: the old signing key signs again.
func WebhookKeyRestore(id string) string { return Webhook(id) + "/key/restore" }

// WebhookKeyEnd takes a POST: the old signing key is wiped.
func WebhookKeyEnd(id string) string { return Webhook(id) + "/key/end" }

// WebhookTest takes a POST with event_type.
func WebhookTest(id string) string { return Webhook(id) + "/test" }

// Delivery is a delivery at its newest attempt.
func Delivery(id string) string { return "/deliveries/" + url.PathEscape(id) }

// DeliveryAttempt is a delivery at one attempt.
func DeliveryAttempt(id string, number int) string {
	return query(Delivery(id), "attempt", strconv.Itoa(number))
}

// DeliveryRetrigger takes a POST, with new_id=true for a new delivery id.
func DeliveryRetrigger(id string) string { return Delivery(id) + "/retrigger" }

// DeliveryCancel takes a POST.
func DeliveryCancel(id string) string { return Delivery(id) + "/cancel" }

// TokenRevoke takes a POST.
func TokenRevoke(id string) string { return Tokens + "/" + url.PathEscape(id) + "/revoke" }

// query appends names and values in the order given, leaving empty values out.
func query(path string, pairs ...string) string {
	sep := "?"
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			continue
		}
		path += sep + url.QueryEscape(pairs[i]) + "=" + url.QueryEscape(pairs[i+1])
		sep = "&"
	}
	return path
}
