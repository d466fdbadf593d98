package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"hookline/app/policy"
	"hookline/app/web/mw"
	"hookline/app/web/page"
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
// has its own (package api).
func pages(d page.Deps) []row {
	const get, post = http.MethodGet, http.MethodPost
	setup, session := page.Setup{Deps: d}, page.Session{Deps: d}
	wh, dlv, tok := page.Webhooks{Deps: d}, page.Deliveries{Deps: d}, page.Tokens{Deps: d}
	perm := page.Permissions{Deps: d}
	return []row{
		{get, link.Home, policy.Public, session.Home},
		{get, "/favicon.ico", policy.Public, favicon},
		{get, link.Setup, policy.Public, setup.Show},
		{post, link.Setup, policy.Public, setup.Create},
		{get, link.Login, policy.Public, session.Login},
		{post, link.Login, policy.Public, session.SignIn},
		{post, link.Logout, policy.SignedIn, session.Logout},
		{post, link.Theme, policy.SignedIn, session.Theme},

		{get, link.Webhooks, policy.ReadWebhooks, wh.List},
		{post, link.Webhooks, policy.CreateWebhooks, wh.Create},
		{get, "/webhooks/new", policy.CreateWebhooks, wh.New},
		{get, "/webhooks/:id", policy.ReadWebhooks, wh.Show},
		{post, "/webhooks/:id", policy.ChangeWebhooks, wh.Update},
		{get, "/webhooks/:id/edit", policy.ChangeWebhooks, wh.Edit},
		{post, "/webhooks/:id/status", policy.ChangeWebhooks, wh.SetStatus},
		{get, "/webhooks/:id/test", policy.TestWebhooks, wh.TestHook},
		{post, "/webhooks/:id/test", policy.TestWebhooks, wh.SendTest},
		{post, "/webhooks/:id/duplicate", policy.CreateWebhooks, wh.Duplicate},
		{post, "/webhooks/:id/key/restore", policy.ChangeWebhooks, wh.RestoreKey},
		{post, "/webhooks/:id/key/end", policy.ChangeWebhooks, wh.EndOldKey},
		{get, "/webhooks/:id/delete", policy.DeleteWebhooks, wh.ConfirmDelete},
		{post, "/webhooks/:id/delete", policy.DeleteWebhooks, wh.Delete},
		{get, "/webhooks/:id/logs", policy.ReadDeliveries, wh.Logs},

		{get, "/deliveries/:id", policy.ReadDeliveries, dlv.Show},
		{get, "/deliveries/:id/row", policy.ReadDeliveries, dlv.Row},
		{post, "/deliveries/:id/retrigger", policy.WriteDeliveries, dlv.Retrigger},
		{post, "/deliveries/:id/cancel", policy.WriteDeliveries, dlv.Cancel},

		{get, link.Permissions, policy.ManageGrants, perm.Overview},
		{get, "/webhooks/:id/permissions", policy.ManageGrants, perm.Show},
		{post, "/webhooks/:id/permissions", policy.ManageGrants, perm.Give},
		{get, "/webhooks/:id/permissions/suggest", policy.ManageGrants, perm.Suggest},
		{post, "/webhooks/:id/permissions/:holder", policy.ManageGrants, perm.SetLevel},
		{post, "/webhooks/:id/permissions/:holder/revoke", policy.ManageGrants, perm.Revoke},

		{get, link.Tokens, policy.ManageTokens, tok.List},
		{post, link.Tokens, policy.ManageTokens, tok.Create},
		{post, "/tokens/:id/revoke", policy.ManageTokens, tok.Revoke},
	}
}

// mountPages puts the table into the router, each row behind the same checks.
// Who is asked before the form's token, so that somebody whose session ended is
// sent to sign in and not told of a page that is out of date.
func mountPages(e *echo.Echo, d page.Deps) {
	for _, r := range pages(d) {
		checks := []echo.MiddlewareFunc{mw.LimitForm, d.Sessions.Require(r.Action), d.CSRF.Check}
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
