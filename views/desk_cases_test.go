package views_test

import (
	"encoding/json"
	"time"

	"github.com/a-h/templ"

	"hookline/models"
	"hookline/views/audit"
	"hookline/views/events"
	"hookline/views/eventtypes"
	"hookline/views/link"
	"hookline/views/settings"
	"hookline/views/ui"
)

// deskPages are the audit log, the settings, the catalog and the stream.
func deskPages() map[string]templ.Component {
	catalog := types()
	catalog[0].Description, catalog[5].Schema = "Someone asked for an approval of "+longOne, json.RawMessage(orderSchema)
	catalog[7].Archived, catalog[7].Title, catalog[7].Description = true, script, rtl
	w, off := webhook(), webhook()
	off.Name, off.Enabled = script, false
	saved := models.Settings{SiteName: "Northwind", SiteDomain: "northwind.example.com", HeaderPrefix: "X-Hookline", Retention: models.Retention{Days: 30, BodyDays: 7}}
	hostileSettings := saved
	hostileSettings.SiteName, hostileSettings.SiteDomain = script, longOne+".example.com"
	typed := settings.ValuesOf(hostileSettings)
	typed.HeaderPrefix, typed.Days = "Webhook", script
	one := catalog[5]
	one.Sample = json.RawMessage(`{"release":{"id":4711,"version":"2.1.0"},"note":"</pre>` + "<script>alert(1)<\\/script>" + `"}`)
	event := models.Event{
		ID: "evt_01kf2j8x5vd0qz3m7c9r4t6y8c", Type: "release.published", Data: one.Sample, OccurredAt: before(3 * time.Minute),
		CreatedAt: before(2 * time.Minute), IdempotencyKey: "order-4711", Deliveries: 3, Seq: 7,
	}
	clients := connections()
	return map[string]templ.Component{
		"oauth":        settings.Connections(settings.ConnectionsProps{Page: page("/oauth-connections"), Items: []settings.ConnectionItem{{Connection: clients[0], Webhooks: 1}, {Connection: clients[1], Webhooks: 12}, {Connection: clients[2]}}}),
		"oauth-first":  settings.Connections(settings.ConnectionsProps{Page: page("/oauth-connections")}),
		"oauth-new":    settings.Connection(settings.ConnectionProps{Page: page("/")}),
		"oauth-edit":   settings.Connection(settings.ConnectionProps{Page: page("/"), ID: clients[0].ID, Name: clients[0].Name, Values: settings.ConnectionValuesOf(clients[0]), UsedBy: []models.Webhook{w, off}, Test: &settings.ConnectionTest{OK: true, Took: 84 * time.Millisecond, Lasts: 59 * time.Minute}}),
		"oauth-failed": settings.Connection(settings.ConnectionProps{Page: page("/"), ID: clients[1].ID, Name: clients[1].Name, Values: settings.ConnectionValuesOf(clients[1]), Test: &settings.ConnectionTest{Error: "The token server answered 401 Unauthorized (invalid_client).", Explain: models.Diagnose(models.AuthError, 0, models.CauseOAuth("invalid_client"))}}),
		"oauth-wrong":  settings.Connection(settings.ConnectionProps{Page: page("/"), Values: settings.ConnectionValues{Name: script, ClientID: longOne, TokenURL: "ftp://" + longOne, Secret: "never shown", Scope: rtl}, Errors: ui.Errors{"token_url": "The URL must begin with https://.", "client_secret": "Enter this again: a secret is not shown, not even the one you just typed."}}),
		"oauth-delete": settings.ConnectionDelete(settings.ConnectionDeleteProps{Page: page("/"), Connection: clients[1]}),
		"oauth-in-use": settings.ConnectionDelete(settings.ConnectionDeleteProps{Page: page("/"), Connection: clients[0], UsedBy: []models.Webhook{w, off}}),
		"audit": audit.Page(audit.Props{
			Page: page("/audit"), Rows: auditRows(), NextCursor: "c2", Filter: link.AuditFilter{Cursor: "c1", Subject: "wh_1"}, MaxExport: 100_000,
			Actors: []models.Audit{{ActorKind: models.UserActor, ActorID: "usr_1", ActorName: "The Owner"}, {ActorKind: models.TokenActor, ActorID: "tok_1", ActorName: script}},
		}),
		"audit-first":      audit.Page(audit.Props{Page: page("/audit")}),
		"audit-nomatch":    audit.Page(audit.Props{Page: page("/audit"), Filter: link.AuditFilter{Q: script, Action: script, Since: "2026-01-01"}}),
		"settings":         settings.Page(settings.Props{Page: page("/settings"), Saved: saved, Values: settings.ValuesOf(saved), Outgoing: []string{"192.0.2.7", "2001:db8::/64"}}),
		"settings-wrong":   settings.Page(settings.Props{Page: page("/settings"), Saved: hostileSettings, Values: typed, Errors: ui.Errors{"header_prefix": "With this prefix the header Webhook-Event could not be sent: Standard Webhooks signatures use it. Choose another.", "retention.days": "Give a number of days from 1 to 3650, or 0 to keep for ever."}}),
		"types":            eventtypes.List(eventtypes.ListProps{Page: page("/event-types"), Types: catalog, Subscribers: map[string]int{catalog[0].Name: 1, catalog[1].Name: 12}, CanWrite: true}),
		"types-renaming":   eventtypes.List(eventtypes.ListProps{Page: page("/event-types"), Types: catalog, CanWrite: true, Renaming: eventtypes.Renaming{Category: "releases", Name: script, Error: "A category is one lower-case word."}}),
		"types-readonly":   eventtypes.List(eventtypes.ListProps{Page: page("/event-types"), Types: catalog}),
		"types-first":      eventtypes.List(eventtypes.ListProps{Page: page("/event-types"), CanWrite: true}),
		"type":             eventtypes.Show(eventtypes.ShowProps{Page: page("/"), Type: one, Subscribers: []*models.Webhook{&w, &off}, CanWrite: true, CanSend: true}),
		"type-archived":    eventtypes.Show(eventtypes.ShowProps{Page: page("/"), Type: catalog[7], CanWrite: true, CanSend: true}),
		"type-new":         eventtypes.Form(eventtypes.FormProps{Page: page("/"), Categories: []string{"approvals", "releases"}}),
		"type-wrong":       eventtypes.Form(eventtypes.FormProps{Page: page("/"), Name: one.Name, Values: eventtypes.Values{Category: script, Title: longOne, Sample: `{"a":`, Schema: script}, Errors: ui.Errors{"sample": "The JSON ends too early in line 1, column 6. Is a bracket or a quotation mark missing?", "category": "A category is one lower-case word."}}),
		"events":           events.List(events.ListProps{Page: page("/events"), Rows: eventRows(), Types: catalog, CanSend: true, NextCursor: "c"}),
		"events-first":     events.List(events.ListProps{Page: page("/events"), Types: catalog, CanSend: true}),
		"events-nomatch":   events.List(events.ListProps{Page: page("/events"), Types: catalog, Filter: link.EventFilter{ID: script, Type: "payment.received"}}),
		"events-look-on":   events.List(events.ListProps{Page: page("/events"), Types: catalog, NextCursor: "c", Filter: link.EventFilter{Type: "payment.received"}}),
		"event":            events.Show(eventProps(event, w, off)),
		"event-nowhere":    events.Show(events.ShowProps{Page: page("/"), Event: models.Event{ID: "a@b:1", Type: "a." + longOne, Data: json.RawMessage("{}"), CreatedAt: now, OccurredAt: now, Test: true}}),
		"event-send":       events.Send(events.SendProps{Page: page("/"), Types: catalog}),
		"event-send-data":  events.Send(events.SendProps{Page: page("/"), Types: catalog, Type: "release.published", Data: "{\n  \"version\": \"2.4.0\"\n}", Audience: []*models.Webhook{&w, &off}}),
		"event-send-wrong": events.Send(events.SendProps{Page: page("/"), Types: catalog, Type: "release.published", Data: script, Errors: ui.Errors{"data": "This is not valid JSON in line 1, column 1."}}),
	}
}

func connections() []models.OAuthConnection {
	return []models.OAuthConnection{
		{ID: "oac_1", Name: "CRM", UpdatedAt: before(3 * time.Hour), OAuthClient: models.OAuthClient{ClientID: "hookline-production", TokenURL: "https://auth.crm.example.com/oauth/token", Scope: "orders:write"}},
		{ID: "oac_2", Name: script, UpdatedAt: before(time.Minute), OAuthClient: models.OAuthClient{ClientID: longOne, TokenURL: "https://auth." + longOne + ".example.com/token"}},
		{ID: "oac_3", Name: rtl, UpdatedAt: before(9 * 24 * time.Hour), OAuthClient: models.OAuthClient{ClientID: "7c1f", TokenURL: "https://login.example.com/tenant/oauth2/v2.0/token"}},
	}
}

const orderSchema = `{"type":"object","required":["release"],"properties":{"release":{"type":"object"}}}`

func auditRows() []audit.Row {
	entry := func(id, action, subject string, changes ...models.Change) audit.Row {
		return audit.Row{Href: "/webhooks/wh_1", Audit: models.Audit{
			ID: id, At: before(time.Minute), ActorKind: models.UserActor, ActorID: "usr_1", ActorName: "The Owner", Action: action, SubjectID: "wh_1", Subject: subject, Changes: changes,
		}}
	}
	list := []audit.Row{
		entry("aud_1", "webhook.updated", "Orders to the warehouse", models.Change{Field: "enabled", Before: "true", After: "false"}),
		entry("aud_2", "webhook.updated", "Orders to the warehouse", models.Change{Field: "url", Before: "https://old.example.com/", After: "https://new.example.com/" + longOne}, models.Change{Field: "signing.secret", Before: "***", After: "***"}, models.Change{Field: "description", Before: script}, models.Change{Field: "header Authorization", After: "***"}),
		entry("aud_3", "event_type.archived", "release.published"),
		entry("aud_4", "settings.updated", "Settings", models.Change{Field: "retention.days", Before: "30 days", After: "90 days"}),
		entry("aud_5", "delivery.retriggered", "release.published to "+script),
		entry("aud_6", "unicorn.polished_up", rtl),
	}
	list[2].ActorName, list[2].ActorKind, list[2].Href = script, models.TokenActor, ""
	list[5].ActorName, list[5].ActorKind = "Command line", models.SystemActor
	return list
}

func eventRows() []events.RowProps {
	row := func(seq int64, id, name string, t models.EventCounts) events.RowProps {
		return events.RowProps{Now: now, Event: models.Event{Seq: seq, ID: id, Type: name, CreatedAt: before(time.Duration(10-seq) * time.Minute)}, Counts: t}
	}
	list := []events.RowProps{
		row(9, "evt_01kf2j8x5vd0qz3m7c9r4t6y8c", "release.published", models.EventCounts{Delivered: 12}),
		row(8, "order-4711", "payment.received", models.EventCounts{Delivered: 2, Failed: 1, Waiting: 1, Cancelled: 3}),
		row(7, "evt_1", "approval.status_changed", models.EventCounts{}),
		row(6, longOne, "a."+longOne, models.EventCounts{Waiting: 1}),
	}
	list[2].Event.Deliveries, list[3].Event.Test = 3, true
	return list
}

func eventProps(e models.Event, w, off models.Webhook) events.ShowProps {
	return events.ShowProps{
		Page: page("/events/" + e.ID), Event: e,
		Sent: []events.Sent{{Delivery: delivery("dlv_4", models.Succeeded, 3), Webhook: &w}, {Delivery: delivery("dlv_5", models.Failed, 2)}},
		Unsent: []events.Unsent{
			{Webhook: &w, Reason: "Not subscribed", Detail: "It is not subscribed to release.published."},
			{Webhook: &off, Reason: "Switched off", Detail: "It was switched off. " + script + " changed that later, at 2 Jan 2026 15:04 UTC."},
		},
	}
}
