package web

import (
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"hookline/app/policy"
	"hookline/app/web/mw"
	"hookline/app/web/page"
	"hookline/models"
	"hookline/static"
	"hookline/views/link"
)

// row is a page: how it is reached, and what one must be allowed to do.
type row struct {
	Method  string
	Path    string
	Action  policy.Action
	Handler echo.HandlerFunc
}

// pages is the table of all pages; a test holds the router against it. The API
// has its own (package api), and capture URLs are answered before the router
// (package receive).
func pages(d page.Deps) []row {
	return slices.Concat(frontPages(d), webhookPages(d), deliveryPages(d), capturePages(d), eventPages(d), workspacePages(d), peoplePages(d))
}

// frontPages are the rows of the front door: home, setup and sign-in.
func frontPages(d page.Deps) []row {
	const get, post = http.MethodGet, http.MethodPost
	setup, session, home := page.Setup{Deps: d}, page.Session{Deps: d}, page.Home{Deps: d}
	return []row{
		{get, link.Home, policy.Public, home.Show},
		{get, "/home/stream", policy.SignedIn, home.Stream},
		{get, "/favicon.ico", policy.Public, favicon},
		{get, link.Setup, policy.Public, setup.Show},
		{post, link.Setup, policy.Public, setup.Create},
		{get, link.Login, policy.Public, session.Login},
		{post, link.Login, policy.Public, session.SignIn},
		{post, link.Logout, policy.SignedIn, session.Logout},
		{post, link.Theme, policy.SignedIn, session.Theme},
	}
}

// webhookPages are the rows of webhooks and their permissions.
func webhookPages(d page.Deps) []row {
	const get, post = http.MethodGet, http.MethodPost
	wh, perm := page.Webhooks{Deps: d}, page.Permissions{Deps: d}
	return []row{
		{get, link.Webhooks, policy.ReadWebhooks, wh.List},
		{post, link.Webhooks, policy.CreateWebhooks, wh.Create},
		{get, "/webhooks/new", policy.CreateWebhooks, wh.New},
		{get, link.WebhookDestinations, policy.CreateWebhooks, wh.Destinations},
		{get, "/webhooks/destinations/:preset", policy.CreateWebhooks, wh.Destination},
		{post, "/webhooks/destinations/:preset", policy.CreateWebhooks, wh.FillIn},
		{post, link.WebhookNewPreview, policy.CreateWebhooks, wh.Preview},
		{post, link.WebhookNewFilter, policy.CreateWebhooks, wh.TryFilter},
		{post, "/webhooks/:id/filter", policy.ChangeWebhooks, wh.TryFilter},
		{get, "/webhooks/:id", policy.ReadWebhooks, wh.Show},
		{post, "/webhooks/:id", policy.ChangeWebhooks, wh.Update},
		{get, "/webhooks/:id/edit", policy.ChangeWebhooks, wh.Edit},
		{post, "/webhooks/:id/preview", policy.ChangeWebhooks, wh.Preview},
		{post, "/webhooks/:id/status", policy.ChangeWebhooks, wh.SetStatus},
		{get, "/webhooks/:id/test", policy.TestWebhooks, wh.TestHook},
		{post, "/webhooks/:id/test", policy.TestWebhooks, wh.SendTest},
		{post, "/webhooks/:id/duplicate", policy.CreateWebhooks, wh.Duplicate},
		{post, "/webhooks/:id/key/restore", policy.ChangeWebhooks, wh.RestoreKey},
		{post, "/webhooks/:id/key/end", policy.ChangeWebhooks, wh.EndOldKey},
		{get, "/webhooks/:id/delete", policy.DeleteWebhooks, wh.ConfirmDelete},
		{post, "/webhooks/:id/delete", policy.DeleteWebhooks, wh.Delete},
		{get, "/webhooks/:id/logs", policy.ReadDeliveries, wh.Logs},
		{get, "/webhooks/:id/logs/stream", policy.ReadDeliveries, wh.LogStream},
		{get, link.Permissions, policy.ManageGrants, perm.Overview},
		{get, "/webhooks/:id/permissions", policy.ManageGrants, perm.Show},
		{post, "/webhooks/:id/permissions", policy.ManageGrants, perm.Give},
		{get, "/webhooks/:id/permissions/suggest", policy.ManageGrants, perm.Suggest},
		{post, "/webhooks/:id/permissions/:holder", policy.ManageGrants, perm.SetLevel},
		{post, "/webhooks/:id/permissions/:holder/revoke", policy.ManageGrants, perm.Revoke},
	}
}

// deliveryPages are the rows of the log and its bulk jobs.
func deliveryPages(d page.Deps) []row {
	const get, post = http.MethodGet, http.MethodPost
	dlv, blk := page.Deliveries{Deps: d}, page.Bulk{Deps: d}
	return []row{
		{get, link.Deliveries, policy.ReadDeliveries, dlv.Index},
		{get, "/deliveries/stream", policy.ReadDeliveries, dlv.Stream},
		{get, "/deliveries/:id", policy.ReadDeliveries, dlv.Show},
		{get, "/deliveries/:id/stream", policy.ReadDeliveries, dlv.Follow},
		{post, "/deliveries/:id/retrigger", policy.WriteDeliveries, dlv.Retrigger},
		{post, "/deliveries/:id/cancel", policy.WriteDeliveries, dlv.Cancel},
		{get, "/deliveries/retrigger", policy.WriteDeliveries, blk.Preview(models.BulkRetrigger)},
		{post, "/deliveries/retrigger", policy.WriteDeliveries, blk.Start(models.BulkRetrigger)},
		{get, "/deliveries/cancel", policy.WriteDeliveries, blk.Preview(models.BulkCancel)},
		{post, "/deliveries/cancel", policy.WriteDeliveries, blk.Start(models.BulkCancel)},
		{get, link.Jobs, policy.ReadDeliveries, blk.List},
		{get, "/jobs/:id", policy.ReadDeliveries, blk.Show},
		{get, "/jobs/:id/panel", policy.ReadDeliveries, blk.Panel},
		{post, "/jobs/:id/cancel", policy.WriteDeliveries, blk.Cancel},
	}
}

// capturePages are the rows of the request bin.
func capturePages(d page.Deps) []row {
	const get, post = http.MethodGet, http.MethodPost
	cpt := page.Captures{Deps: d}
	return []row{
		{get, link.Captures, policy.UseCapture, cpt.Home},
		{post, link.Captures, policy.UseCapture, cpt.Create},
		{get, "/capture/:id", policy.UseCapture, cpt.Show},
		{post, "/capture/:id", policy.UseCapture, cpt.Update},
		{get, "/capture/:id/live", policy.UseCapture, cpt.Live},
		{post, "/capture/:id/rotate", policy.UseCapture, cpt.Rotate},
		{post, "/capture/:id/clear", policy.UseCapture, cpt.Clear},
		{post, "/capture/:id/delete", policy.UseCapture, cpt.Delete},
		{post, "/capture/:id/use", policy.UseCapture, cpt.Use},
		{get, "/capture/:id/requests/:request", policy.UseCapture, cpt.Request},
		{post, "/capture/:id/requests/:request/delete", policy.UseCapture, cpt.DeleteRequest},
		{post, "/capture/:id/requests/:request/replay", policy.UseCapture, cpt.Replay},
	}
}

// eventPages are the rows of events, their types and participants.
func eventPages(d page.Deps) []row {
	const get, post = http.MethodGet, http.MethodPost
	evt, typ, par := page.Events{Deps: d}, page.EventTypes{Deps: d}, page.Participants{Deps: d}
	return []row{
		{get, link.Events, policy.ReadEvents, evt.List},
		{get, "/events-stream", policy.ReadEvents, evt.Stream},
		{get, "/events/:id", policy.ReadEvents, evt.Show},
		{get, link.EventSend, policy.PublishEvents, evt.Compose},
		{post, link.EventSend, policy.PublishEvents, evt.Send},
		{get, link.EventTypes, policy.ReadEventTypes, typ.List},
		{post, link.EventTypes, policy.WriteEventTypes, typ.Create},
		{get, link.EventTypeNew, policy.WriteEventTypes, typ.New},
		{get, "/event-types/:name", policy.ReadEventTypes, typ.Show},
		{post, "/event-types/:name", policy.WriteEventTypes, typ.Update},
		{get, "/event-types/:name/edit", policy.WriteEventTypes, typ.Edit},
		{post, "/event-types/:name/archive", policy.WriteEventTypes, typ.Archive},
		{post, "/event-types/:name/restore", policy.WriteEventTypes, typ.Restore},
		{post, "/event-categories/:name", policy.WriteEventTypes, typ.RenameCategory},
		{get, link.Participants, policy.ReadParticipants, par.List},
		{post, link.Participants, policy.WriteParticipants, par.Create},
		{get, "/participants/new", policy.WriteParticipants, par.New},
		{get, link.ParticipantsSuggest, policy.ReadParticipants, par.Suggest},
		{get, "/participants/:id", policy.ReadParticipants, par.Show},
		{post, "/participants/:id", policy.WriteParticipants, par.Update},
		{get, "/participants/:id/delete", policy.WriteParticipants, par.ConfirmDelete},
		{post, "/participants/:id/delete", policy.WriteParticipants, par.Delete},
	}
}

// workspacePages are the rows of the workspace: audit log, settings, OAuth connections and API tokens.
func workspacePages(d page.Deps) []row {
	const get, post = http.MethodGet, http.MethodPost
	aud, set := page.Audit{Deps: d}, page.Settings{Deps: d}
	con, tok := page.Connections{Deps: d}, page.Tokens{Deps: d}
	return []row{
		{get, link.Audit, policy.ReadAudit, aud.List},
		{get, link.AuditCSV, policy.ReadAudit, aud.Export},
		{get, link.Settings, policy.ManageSettings, set.Show},
		{post, link.Settings, policy.ManageSettings, set.Save},
		{get, link.Connections, policy.ManageConnections, con.List},
		{post, link.Connections, policy.ManageConnections, con.Create},
		{get, "/oauth-connections/new", policy.ManageConnections, con.New},
		{get, "/oauth-connections/:id", policy.ManageConnections, con.Show},
		{post, "/oauth-connections/:id", policy.ManageConnections, con.Update},
		{post, "/oauth-connections/:id/test", policy.ManageConnections, con.Test},
		{get, "/oauth-connections/:id/delete", policy.ManageConnections, con.ConfirmDelete},
		{post, "/oauth-connections/:id/delete", policy.ManageConnections, con.Delete},
		{get, link.Tokens, policy.ManageTokens, tok.List},
		{post, link.Tokens, policy.ManageTokens, tok.Create},
		{post, "/tokens/:id/revoke", policy.ManageTokens, tok.Revoke},
	}
}

// mountPages puts the table into the router, each row behind the same checks.
// The session is checked before the form's token, so that a user whose session ended
// is sent to sign in and not told of a page that is out of date.
func mountPages(e *echo.Echo, d page.Deps) {
	for _, r := range pages(d) {
		most := int64(mw.MaxForm)
		if r.Action == policy.Public {
			most = mw.MaxPublicForm
		}
		checks := []echo.MiddlewareFunc{mw.LimitForm(most), d.Sessions.Require(r.Action), mw.CheckText, d.CSRF.Check}
		e.Add(r.Method, r.Path, r.Handler, checks...)
		if r.Method == http.MethodGet {
			e.Add(http.MethodHead, r.Path, r.Handler, checks...)
		}
	}
}

// favicon is for browsers that ask before they have read a page.
func favicon(c echo.Context) error {
	return c.Redirect(http.StatusFound, static.URL("img/favicon.svg"))
}
