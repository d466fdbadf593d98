package views_test

import (
	"maps"
	"time"

	"github.com/a-h/templ"

	"hookline/app/snippet"
	"hookline/models"
	"hookline/views/auth"
	"hookline/views/deliveries"
	"hookline/views/errs"
	"hookline/views/home"
	"hookline/views/layout"
	"hookline/views/link"
	"hookline/views/permissions"
	"hookline/views/tokens"
	"hookline/views/ui"
	"hookline/views/webhooks"
)

// pages is every page, in the states worth looking at.
func pages() map[string]templ.Component {
	w, all := webhook(), types()
	hostile := webhook()
	hostile.Name, hostile.Description, hostile.State = script, longOne+" "+rtl, models.DisabledFailing
	hostile.Subscriptions = models.Subscriptions{}
	flashed := page("/webhooks")
	flashed.Flash = &layout.Flash{Kind: ui.FlashOK, Text: "Saved " + script}
	flashed.Banner = "The disk is full: new events are refused until there is room again."

	out := map[string]templ.Component{
		"login":       auth.Login(auth.LoginProps{Page: visitor("/login")}),
		"login-wrong": auth.Login(auth.LoginProps{Page: visitor("/login"), Next: "/webhooks", Email: script, Error: "E-mail and password do not match."}),
		"setup":       auth.Setup(auth.SetupProps{Page: visitor("/setup"), Token: "t"}),
		"setup-wrong": auth.Setup(auth.SetupProps{
			Page: visitor("/setup"), Token: "t", Values: auth.SetupValues{Name: script, Email: "x"},
			Errors: ui.Errors{"email": "Give an e-mail address such as name@example.com.", "password": "A password has 12 to 128 characters.", "": "The link has expired."},
		}),
		"webhooks":          webhooks.List(webhooks.ListProps{Page: flashed, Items: editable(items()), CanCreate: true, CanGrant: true}),
		"webhooks-calm":     webhooks.List(webhooks.ListProps{Page: page("/webhooks"), Items: editable(items()[:3]), CanCreate: true}),
		"webhooks-readonly": webhooks.List(webhooks.ListProps{Page: page("/webhooks"), Items: items()}),
		"webhooks-first":    webhooks.List(webhooks.ListProps{Page: page("/webhooks"), CanCreate: true}),
		"webhooks-nomatch":  webhooks.List(webhooks.ListProps{Page: page("/webhooks"), Query: script, CanCreate: true}),
		"details": webhooks.Show(webhooks.ShowProps{
			Page: page("/webhooks/" + w.ID), Webhook: w, Activity: items()[1].Activity, Stats: sampleStats(models.LastDay), Preview: preview(), Types: all,
			May: webhooks.All, Snippets: snippets(w),
		}),
		"test":            webhooks.TestPage(testProps()),
		"test-result":     webhooks.TestPage(testResult(attempts()[1])),
		"test-ok":         webhooks.TestPage(testResult(attempts()[2])),
		"test-wrong":      webhooks.TestPage(wrongTest()),
		"test-blocked":    webhooks.TestPage(testResult(models.Attempt{Outcome: models.BlockedURL, Error: script, StartedAt: before(time.Second)})),
		"details-rotated": webhooks.Show(webhooks.ShowProps{Page: page("/"), Webhook: rotated(), Preview: preview(), Types: all, May: webhooks.All, Snippets: snippets(rotated()), OldKeySigns: true}),
		"details-hostile": webhooks.Show(webhooks.ShowProps{
			Page: page("/webhooks/" + w.ID), Webhook: hostile, PreviewError: "The URL has no host: " + script, Types: all, May: webhooks.All,
		}),
		"details-readonly": webhooks.Show(webhooks.ShowProps{Page: page("/"), Webhook: w, Stats: emptyStats(models.LastWeek), Preview: models.LoggedRequest{Method: "GET", URL: w.URL}, Types: all}),
		"logs":             webhooks.Logs(webhooks.LogsProps{Webhook: w, Log: log(link.Logs{Of: w.ID}, rows()), May: webhooks.All}),
		"logs-older":       webhooks.Logs(webhooks.LogsProps{Webhook: w, Log: log(link.Logs{Of: w.ID, Cursor: "c1", Filter: filter(models.DeliveryFilter{State: models.AnyProblem})}, rows()), May: webhooks.All}),
		"logs-empty":       webhooks.Logs(webhooks.LogsProps{Webhook: w, Log: log(link.Logs{Of: w.ID}, nil), May: webhooks.All}),
		"logs-nomatch":     webhooks.Logs(webhooks.LogsProps{Webhook: w, Log: log(link.Logs{Of: w.ID, Filter: filter(models.DeliveryFilter{Search: script, State: models.Failed})}, nil)}),
		"deliveries":       deliveries.Index(log(link.Logs{}, wideRows())),
		"deliveries-filtered": deliveries.Index(log(link.Logs{Filter: filter(models.DeliveryFilter{
			State: models.AnyProblem, EventType: "a." + longOne, Search: script, WebhookID: "wh_4", Status: "5xx", Host: "hooks." + longOne + ".example.com",
			Range: models.CustomRange, Since: time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC),
		}).WithUnread("until", rtl)}, wideRows()[:2])),
		"deliveries-wrong":  deliveries.Index(wrongLog()),
		"deliveries-first":  deliveries.Index(log(link.Logs{}, nil)),
		"deliveries-search": deliveries.Index(searchedLog()),
		"form-new": webhooks.Form(webhooks.FormProps{
			Page: page("/webhooks/new"), Fields: webhooks.FieldsOf(models.NewWebhook().Settings()), Types: all,
		}),
		"form-edit":   webhooks.Form(webhooks.FormProps{Page: page("/"), ID: w.ID, Name: w.Name, Fields: webhooks.FieldsOf(w.Settings()), Types: all, HeaderPrefix: "X-Acme"}),
		"form-editor": webhooks.Form(webhooks.FormProps{Page: page("/"), ID: w.ID, Name: w.Name, Fields: webhooks.FieldsOf(w.Settings()), Types: all, SecretsStay: true}),
		"form-wrong":  webhooks.Form(wrongForm()),
		"delete":      webhooks.Delete(webhooks.DeleteProps{Page: page("/"), Webhook: w, Pending: 12}),
		"delete-typo": webhooks.Delete(webhooks.DeleteProps{Page: page("/"), Webhook: hostile, Typed: script[:8], Error: "This is not the name of the webhook."}),
		"key-shown":   webhooks.KeyShown(webhooks.KeyShownProps{Page: page("/"), Webhook: rotated(), Key: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYq=", OldKeySigns: true}),
		"tokens":      tokens.List(tokens.ListProps{Page: page("/tokens"), Tokens: sampleTokens(), Values: tokens.NewValues(), CanCreate: true, CanRevoke: true}),
		"tokens-first": tokens.List(tokens.ListProps{
			Page: page("/tokens"), Values: tokens.FormValues{Name: script, Expires: "1y"}, CanCreate: true,
			Errors: ui.Errors{"scopes": "Choose at least one scope."},
		}),
		"token-created": tokens.Created(tokens.CreatedProps{Page: page("/tokens"), Token: sampleTokens()[0], Clear: "hl_7f3kq9r8GKYqrTwjUPD8ILPZIo2LaLaSw0123456789"}),
		"error-404":     errs.Page(errs.Props{Page: page("/x"), Status: 404}),
		"error-403":     errs.Page(errs.Props{Page: page("/x"), Status: 403, Detail: "Only owners create webhooks."}),
		"error-500":     errs.Page(errs.Props{Page: page("/x"), Status: 500, Ref: "req_4711"}),
		"error-503":     errs.Page(errs.Props{Page: visitor("/x"), Status: 503}),
	}
	for name, c := range peoplePages() {
		out[name] = c
	}
	for name, p := range permissionPages() {
		out[name] = p
	}
	for name, p := range homePages() {
		out[name] = home.Home(p)
	}
	for name, c := range bulkPages() {
		out[name] = c
	}
	for name, c := range deskPages() {
		out[name] = c
	}
	for name, p := range deliveryPages() {
		out[name] = deliveries.Show(p)
	}
	maps.Copy(out, capturePages())
	maps.Copy(out, ratePages())
	maps.Copy(out, builderPages())
	maps.Copy(out, participantPages())
	return out
}

func permissionPages() map[string]templ.Component {
	tab := func(s permissions.ShareProps) templ.Component {
		return webhooks.Permissions(webhooks.PermissionsProps{Page: page("/"), Webhook: s.Webhook, Types: types(), Share: s, May: webhooks.All})
	}
	nobody, unclear := sharing(), sharing()
	nobody.Grants, nobody.People, nobody.Pager = nil, nobody.People[:1], ui.PagerProps{}
	unclear.Values, unclear.Errors = permissions.FormValues{Text: script, Level: "edit"}, ui.Errors{"holder": "This may mean one of several."}
	for _, g := range unclear.Grants {
		unclear.Candidates = append(unclear.Candidates, permissions.Candidate{Holder: g.Holder, Level: g.Level})
	}
	overview := []permissions.Shared{}
	for i, item := range items() {
		overview = append(overview, permissions.Shared{Webhook: item.Webhook, Grants: sharing().Grants[:min(i, 4)]})
	}
	for range 9 {
		overview[0].Grants = append(overview[0].Grants, sharing().Grants[1:3]...)
	}
	return map[string]templ.Component{
		"permissions": tab(sharing()), "permissions-nobody": tab(nobody), "permissions-unclear": tab(unclear),
		"overview":         permissions.Overview(permissions.OverviewProps{Page: page("/permissions"), Items: overview, Pager: ui.PagerProps{Older: "/x"}}),
		"overview-empty":   permissions.Overview(permissions.OverviewProps{Page: page("/permissions")}),
		"overview-nomatch": permissions.Overview(permissions.OverviewProps{Page: page("/permissions"), Query: script}),
	}
}

func deliveryPages() map[string]deliveries.ShowProps {
	make := func(d models.Delivery, all []models.Attempt) deliveries.ShowProps {
		return deliveries.ShowProps{
			Page: page("/deliveries/" + d.ID), Delivery: d, WebhookName: webhook().Name, WebhookHost: webhook().Host(), OccurredAt: before(3 * time.Minute),
			MaxAttempts: 3, Attempts: all, CanRetrigger: true, CanCancel: true,
		}
	}
	done := delivery("dlv_01kf2j8x5vd0qz3m7c9r4t6y8b", models.Succeeded, 3)
	done.Test, done.FinishedAt = true, before(5*time.Second)
	retrying := delivery("dlv_2", models.Pending, 2)
	retrying.DueAt = now.Add(57 * time.Second)
	blocked := delivery("dlv_3", models.Blocked, 1)
	blocked.Last = models.LastAttempt{Outcome: models.BlockedURL, Error: script, At: before(time.Minute)}
	binary := attempts()[2]
	binary.Response.Body = []byte{0x1f, 0x8b, 0xff, 0x00, 0x10}
	out := map[string]deliveries.ShowProps{
		"delivery":         make(done, attempts()),
		"delivery-pending": make(delivery("dlv_4", models.Pending, 0), nil),
		"delivery-hostile": make(retrying, attempts()[:2]),
		"delivery-timeout": make(delivery("dlv_5", models.Failed, 1), attempts()[:1]),
		"delivery-blocked": make(blocked, []models.Attempt{{Number: 1, StartedAt: before(time.Minute), Outcome: models.BlockedURL, Error: script}}),
		"delivery-binary":  make(delivery("dlv_6", models.Succeeded, 3), []models.Attempt{binary}),
	}
	held := make(delivery("dlv_7", models.Pending, 0), nil)
	held.Held, held.WebhookName = true, ""
	out["delivery-held"] = held
	return out
}

func wrongForm() webhooks.FormProps {
	f := webhooks.FieldsOf(webhook().Settings())
	f.Name, f.URL = "", "http://"+script
	f.Headers[1] = models.HeaderSettings{Name: "Authorization", Value: "***"}
	f.Headers = append(f.Headers, models.HeaderSettings{Name: script, Value: "typed-secret-value", Secret: true})
	key := "typed-secret-key"
	f.Signing.Secret, f.Retry.Preset = &key, models.RetryCustom
	f.Raw = map[string]string{"retry.attempts": "many", "retry.delays": script}
	return webhooks.FormProps{Page: page("/"), ID: "wh_1", Name: webhook().Name, Fields: f, Errors: formErrors(), Types: types(), AllowHTTP: true}
}

func testProps() webhooks.TestProps {
	past := []models.Delivery{{EventID: "evt_01kf2j8x5vd0qz3m7c9r4t6y8b", CreatedAt: before(time.Hour)}, {EventID: script, CreatedAt: before(2 * time.Hour)}}
	return webhooks.TestProps{
		Page: page("/"), Webhook: webhook(), Types: types(), Past: past,
		Values: webhooks.TestValues{URL: webhook().URL, EventType: "release.published", Data: "{\n  \"release\": {\n    \"title\": \"Torque procedure\"\n  }\n}"},
	}
}

func testResult(a models.Attempt) webhooks.TestProps {
	p := testProps()
	a.Timing = models.Timing{DNS: 12 * time.Millisecond, Connect: 31 * time.Millisecond, TLS: 48 * time.Millisecond, Wait: 240 * time.Millisecond, Body: 900 * time.Microsecond}
	p.Result = &webhooks.TestResult{Delivery: delivery("dlv_9", models.Failed, 1), Attempt: a, SecretsStayed: true}
	return p
}

func wrongTest() webhooks.TestProps {
	p := testProps()
	p.Values.OwnKey = true
	p.Values.Data, p.Values.URL = "{\"a\": "+script, "http://"+longOne
	p.Errors = ui.Errors{"data": "Line 1, column 7: this is not valid JSON.", "url": "The URL must begin with https://.", "secret": "A signing key has 8 to 512 bytes."}
	return p
}

func rotated() models.Webhook {
	w := webhook()
	w.Signing.Standard = true
	w.Signing.OldKey, w.Signing.OldKeyUntil = models.Sealed("\x01sealed-bytes"), now.Add(23*time.Hour)
	return w
}

func snippets(w models.Webhook) (out []webhooks.Snippet) {
	list, err := snippet.For(w, models.DefaultHeaderPrefix)
	if err != nil {
		panic(err)
	}
	for _, s := range list {
		out = append(out, webhooks.Snippet{Language: s.Language, Title: s.Title, File: s.File, Run: s.Run, Code: s.Code})
	}
	return out
}

func sampleTokens() []models.Token {
	return []models.Token{
		{ID: "tok_1", Name: "Shop backend", Hint: "hl_7f3k", Scopes: []models.Scope{models.EventsWrite}, CreatedAt: before(3 * 24 * time.Hour), ExpiresAt: now.Add(87 * 24 * time.Hour), LastUsed: before(40 * time.Second)},
		{ID: "tok_2", Name: script, Hint: "hl_9b2c", Scopes: []models.Scope{models.EventsWrite, models.EventsRead, models.WebhooksRead, models.DeliveriesRead}, CreatedAt: before(400 * 24 * time.Hour), ExpiresAt: before(time.Hour)},
		{ID: "tok_3", Name: longOne, Hint: "hl_1a2b", Scopes: []models.Scope{models.Admin}, CreatedAt: before(time.Hour)},
	}
}
