package views_test

import (
	"encoding/json"
	"strings"
	"time"

	"hookline/models"
	"hookline/views/deliveries"
	"hookline/views/layout"
	"hookline/views/link"
	"hookline/views/permissions"
	"hookline/views/ui"
	"hookline/views/webhooks"
)

var now = time.Date(2026, 6, 23, 9, 30, 0, 0, time.UTC)

func before(d time.Duration) time.Time { return now.Add(-d) }

// Texts that people and programs may write, and that must not change a page.
const (
	script  = `<script>alert(1)</script>"'><img src=x onerror=alert(1)>`
	longOne = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverordnungen"
	rtl     = "טלמטריה של המחסן الطلبات"
)

var owner = &models.User{ID: "usr_1", Name: "The Owner", Email: "owner@example.com", Role: models.Owner}

func page(path string) layout.Page {
	return layout.Page{Actor: owner, Menu: menu(), CSRF: "csrf-token-value", Theme: "system", SiteName: "Northwind", Path: path, Now: now}
}

func menu() []layout.NavItem {
	return []layout.NavItem{
		{Area: layout.NavWebhooks, Href: link.Webhooks, Icon: "webhook", Text: "Webhooks", Key: "w"},
		{Area: layout.NavEvents, Href: link.Events, Icon: "zap", Text: "Events", Key: "e"},
		{Area: layout.NavEventTypes, Href: link.EventTypes, Icon: "tags", Text: "Event types", Key: "y"},
		{Area: layout.NavParticipants, Href: link.Participants, Icon: "contact-round", Text: "Participants", Key: "p"},
		{Area: layout.NavTeam, Href: link.Team, Icon: "users", Text: "Team", Key: "m"},
		{Area: layout.NavTokens, Href: link.Tokens, Icon: "key-round", Text: "API tokens", Key: "t"},
		{Area: layout.NavAudit, Href: link.Audit, Icon: "scroll-text", Text: "Audit log", Key: "a"},
		{Area: layout.NavSettings, Href: link.Settings, Icon: "settings", Text: "Settings", Key: "s"},
		{Area: layout.NavDocs, Href: link.APIDocs, Icon: "book-open", Text: "API docs"},
	}
}

func sharing() permissions.ShareProps {
	pat := models.User{ID: "usr_2", Name: "Pat Miller", Email: "pat.miller@northwind.example.com", Role: models.Member}
	evil := models.User{ID: "usr_3", Name: script, Email: longOne + "@example.com", Role: models.Manager}
	team := models.Team{ID: "team_1", Name: "Logistics " + longOne, Members: []string{"usr_2", "usr_3"}}
	byTeam := models.Reason{Kind: models.ByTeam, Level: models.EditGrant, TeamID: team.ID, Team: team.Name}
	return permissions.ShareProps{
		CSRF: "csrf-token-value", Now: now, Webhook: webhook(), Values: permissions.FormValues{Level: "view"},
		Grants: []permissions.Grant{
			{Holder: models.TeamHolder(team), Level: models.EditGrant, CreatedAt: before(40 * 24 * time.Hour)},
			{Holder: models.UserHolder(pat), Level: models.ViewGrant, CreatedAt: before(3 * time.Hour)},
			{Holder: models.UserHolder(evil), Level: models.ViewGrant, CreatedAt: before(time.Minute)},
			{Holder: models.Holder{ID: "usr_4", Name: rtl, Email: "gone@example.com", Disabled: true}, Level: models.EditGrant, CreatedAt: before(time.Minute)},
		},
		People: []models.Entitled{
			{User: *owner, Reasons: []models.Reason{{Kind: models.ByRole}}},
			{User: pat, Level: models.EditGrant, Reasons: []models.Reason{{Kind: models.ByGrant, Level: models.ViewGrant}, byTeam}},
			{User: evil, Level: models.ViewGrant, Reasons: []models.Reason{{Kind: models.ByGrant, Level: models.ViewGrant}}},
		},
		Pager: ui.PagerProps{Older: "/older"},
	}
}

func visitor(path string) layout.Page {
	p := page(path)
	p.Actor, p.SiteName = nil, ""
	return p
}

func types() []models.EventType {
	sample := json.RawMessage(`{"id":1}`)
	var out []models.EventType
	for _, t := range [][3]string{
		{"approvals", "approval.request_submitted", "Approval request submitted"},
		{"approvals", "approval.status_changed", "Approval status changed"},
		{"approvals", "approval.stage_completed", "Approval stage completed"},
		{"work_orders", "work_order.status_changed", "Work order status changed"},
		{"work_orders", "work_order.signoff_completed", "Work order signoff completed"},
		{"releases", "release.published", "Release published"},
		{"courses", "course.stage_expired", "Course stage expired"},
		{"payments", "payment.received", "Payment received"},
	} {
		out = append(out, models.EventType{Category: t[0], Name: t[1], Title: t[2], Sample: sample})
	}
	return out
}

func webhook() models.Webhook {
	w := models.NewWebhook()
	w.ID, w.Version = "wh_01kf2j8x5vd0qz3m7c9r4t6y8b", 7
	w.Name, w.Description = "Orders to the warehouse", "Tells the warehouse about paid orders. Ask the logistics team before changing it."
	w.URL = "https://hooks.warehouse.example.com/v2/orders?source=hookline"
	w.Headers = []models.Header{
		{Name: "X-Api-Version", Value: "2026-01"},
		{Name: "Authorization", Secret: true, Sealed: models.Sealed("\x01sealed")},
	}
	w.Signing.Key = models.Sealed("\x01sealed")
	w.Subscriptions = models.Subscriptions{Categories: []string{"approvals"}, Types: []string{"payment.received", "release.published"}}
	w.CreatedAt, w.UpdatedAt = before(41*24*time.Hour), before(26*time.Hour)
	return w
}

// day is a webhook's activity: an hour for each letter, o went well, x did not.
func day(pattern string, ok, bad int64, last time.Duration) (a models.Activity) {
	for i, c := range pattern {
		hour := map[rune]models.OutcomeCounts{'o': {Succeeded: 5}, 'x': {Failed: 5}, '~': {Succeeded: 5, Retried: 1}, '.': {}}[c]
		a.Hours[i] = hour
	}
	a.OutcomeCounts, a.Last = models.OutcomeCounts{Succeeded: ok, Failed: bad}, before(last)
	return a
}

func items() []webhooks.Item {
	make := func(id, name, url, pattern string, ok, bad int64, last time.Duration) webhooks.Item {
		w := webhook()
		w.ID, w.Name, w.URL = id, name, url
		return webhooks.Item{Webhook: w, Activity: day(pattern, ok, bad, last)}
	}
	list := []webhooks.Item{
		make("wh_1", "Orders to the warehouse", "https://hooks.warehouse.example.com/v2/orders", "ooooooooooooooooooooooo.", 1204, 0, 12*time.Second),
		make("wh_2", "Release notes to chat", "https://chat.example.org/hooks/T0/B0", "ooooooo~oooooooo~o..oooo", 477, 23, 4*time.Minute),
		make("wh_3", "Approvals to ERP", "https://erp.internal-systems.example.net/webhooks/approvals", "xxxxx~xxxxxxxxxxxxxx....", 6, 44, 3*time.Hour),
		make("wh_4", script, "https://evil.example/"+longOne, "", 0, 0, 0),
		make("wh_5", longOne, "https://"+longOne+".example.com/", "oxo", 2, 1, 50*time.Hour),
		make("wh_6", rtl, "https://example.com/", "oo", 2, 0, 90*24*time.Hour),
	}
	list[0].Webhook.Subscriptions = models.Subscriptions{All: true}
	list[2].Webhook.State = models.DisabledFailing
	list[3].Webhook.Enabled, list[3].Activity = false, models.Activity{}
	list[3].Webhook.Subscriptions = models.Subscriptions{}
	list[5].Webhook.State = models.Gone
	return list
}

func editable(items []webhooks.Item) []webhooks.Item {
	for i := range items {
		items[i].May = webhooks.All
	}
	return items
}

func preview() models.LoggedRequest {
	return models.LoggedRequest{
		Method: "POST", URL: webhook().URL,
		Headers: []models.HeaderLine{
			{Name: "Content-Type", Value: "application/json"}, {Name: "Idempotency-Key", Value: "dlv_01kf2j8x5vd0qz3m7c9r4t6y8b"},
			{Name: "X-Hookline-Delivery-Id", Value: "dlv_01kf2j8x5vd0qz3m7c9r4t6y8b"}, {Name: "X-Api-Version", Value: "2026-01"},
			{Name: "Authorization", Value: "***"}, {Name: "X-Webhook-Secret", Value: "***"},
			{Name: "X-Hmac-Signature", Value: "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"},
		},
		Body: []byte(`{"title":"Release published","description":"A release went live.","siteName":"Northwind","siteDomain":"northwind.example.com","data":{"release":{"id":4711,"version":"2.1.0","final":true},"notes":null,"amounts":[1.50,20e3]}}`),
	}
}

func attempts() []models.Attempt {
	failed := models.Attempt{
		Number: 1, WebhookVersion: 6, StartedAt: before(80 * time.Second), Duration: 10 * time.Second,
		Outcome: models.Timeout, Cause: "timeout_answer", Error: "no answer within 10 s", Request: preview(),
		Timing: models.Timing{DNS: 38 * time.Millisecond, Connect: 21 * time.Millisecond, TLS: 47 * time.Millisecond, Wait: 9894 * time.Millisecond},
	}
	hostile := models.Attempt{
		Missing: []string{"contact.city", `data["<script>alert(1)</script> ` + strings.Repeat("long", 40) + `"]`},
		Number:  2, WebhookVersion: 7, StartedAt: before(60 * time.Second), Duration: 1240 * time.Millisecond,
		Outcome: models.HTTPError, Status: 503, Error: "the receiver answered 503", Request: preview(),
		Timing: models.Timing{Wait: 1190 * time.Millisecond, Body: 50 * time.Millisecond, Reused: true},
		Response: models.LoggedResponse{
			Headers: []models.HeaderLine{{Name: "Content-Type", Value: "text/html"}, {Name: "X-" + longOne, Value: script}},
			Body:    []byte("<html><body onload=alert(1)><h1>Service unavailable</h1>" + script + "</body></html>"), Truncated: true,
		},
	}
	good := models.Attempt{
		Number: 3, WebhookVersion: 7, StartedAt: before(5 * time.Second), Duration: 84 * time.Millisecond,
		Outcome: models.Success, Status: 200, Request: preview(),
		Timing: models.Timing{DNS: 9 * time.Millisecond, Connect: 14 * time.Millisecond, TLS: 31 * time.Millisecond, Wait: 29600 * time.Microsecond, Body: 400 * time.Microsecond},
		Response: models.LoggedResponse{
			Headers: []models.HeaderLine{{Name: "Content-Type", Value: "application/json"}, {Name: "Date", Value: "Tue, 23 Jun 2026 09:29:55 GMT"}},
			Body:    []byte(`{"accepted":true,"id":"4711"}`),
		},
	}
	return []models.Attempt{failed, hostile, good}
}

func delivery(id string, state models.DeliveryState, n int) models.Delivery {
	d := models.Delivery{
		ID: id, EventID: "evt_01kf2j8x5vd0qz3m7c9r4t6y8c", EventType: "release.published", WebhookID: webhook().ID,
		State: state, Attempts: n, Tries: n, CreatedAt: before(2 * time.Minute),
	}
	if n > 0 {
		a := attempts()[min(n, 3)-1]
		d.Last = models.LastAttempt{Outcome: a.Outcome, Status: a.Status, Error: a.Error, Duration: a.Duration, At: a.StartedAt}
	}
	return d
}

func rows() []deliveries.RowProps {
	list := []models.Delivery{
		delivery("dlv_1", models.Pending, 0), delivery("dlv_2", models.Running, 0), delivery("dlv_3", models.Pending, 2),
		delivery("dlv_4", models.Succeeded, 3), delivery("dlv_5", models.Failed, 2), delivery("dlv_6", models.Blocked, 1),
		delivery("dlv_7", models.Cancelled, 1),
	}
	list[0].DueAt, list[2].DueAt = now.Add(time.Second), now.Add(57*time.Second)
	list[3].Test, list[3].Attempts = true, 5
	list[4].Last.Error = script
	list[5].Last = models.LastAttempt{Outcome: models.BlockedURL, Error: "hooks.example.com resolves to 10.0.0.7, which is private", At: before(time.Minute)}
	list[6].EventType = "a." + longOne
	out := make([]deliveries.RowProps, len(list))
	for i, d := range list {
		out[i] = deliveries.RowProps{CSRF: "csrf-token-value", Now: now, Delivery: d, MaxAttempts: 3, CanRetrigger: true, Next: "/webhooks"}
	}
	return out
}

func wideRows() []deliveries.RowProps {
	out := rows()
	for i := range out {
		w := items()[i%len(items())].Webhook
		out[i].Wide, out[i].WebhookName, out[i].WebhookHost = true, w.Name, w.Host()
		out[i].CanCancel = out[i].Delivery.CanCancel()
	}
	out[6].WebhookName, out[6].CanRetrigger = "", false
	return out
}

func log(f link.Logs, rows []deliveries.RowProps) deliveries.LogProps {
	p := deliveries.LogProps{
		Page: page(f.URL()), Filter: f, Types: types(), Rows: rows, Hosts: []string{"hooks.example.com", script},
		Empty: ui.EmptyProps{Icon: "inbox", Title: "Nothing was sent yet", Text: "Deliveries appear here."}, EmptyAction: deliveries.SeeWebhooks(),
	}
	for _, item := range items() {
		p.Webhooks = append(p.Webhooks, item.Webhook)
	}
	if len(rows) > 5 {
		p.Older = "c2"
	}
	return p
}

func filter(f models.DeliveryFilter) link.Filter { return link.Filter{DeliveryFilter: f} }

func wrongLog() deliveries.LogProps {
	p := log(link.Logs{Filter: filter(models.DeliveryFilter{Status: "7xx", Host: script, Range: models.CustomRange}).WithUnread("since", "yesterday")}, nil)
	p.Errors = ui.Errors{"status": "Give an HTTP status, 100 to 599, or a class of them such as 5xx.", "host": "Give a host name alone.", "since": "Give a date and time such as 2026-05-01T09:00."}
	return p
}

func searchedLog() deliveries.LogProps {
	p := log(link.Logs{Filter: filter(models.DeliveryFilter{Search: "connection refused"})}, wideRows()[:1])
	p.SearchedTo, p.Older = before(3*24*time.Hour), "c9"
	return p
}

func formErrors() ui.Errors {
	return ui.Errors{
		"url": "The URL must start with https://.", "headers.1.value": "Enter the value again: turning Secret off would reveal it.",
		"signing.secret": "Give a signing key of at least 8 characters, or switch signing off.",
		"retry.attempts": "Give a number from 1 to 50; the first attempt counts.", "name": "Give the webhook a name.",
	}
}
