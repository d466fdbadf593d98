package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"

	"hookline/app/policy"
	"hookline/app/service"
	"hookline/app/web"
	"hookline/models"
)

func TestRoutes_RouterHasWhatTheTableHas(t *testing.T) {
	s := newSite(t)
	var table []string
	for _, r := range web.Routes() {
		table = append(table, r.Method+" "+r.Path)
		if r.Method == http.MethodGet {
			table = append(table, http.MethodHead+" "+r.Path)
		}
		require.NotEmpty(t, r.Action, "%s %s", r.Method, r.Path)
	}
	for _, r := range s.Config.Handler.(*echo.Echo).Routes() {
		if programs(r.Path) || slices.Contains(table, r.Method+" "+r.Path) {
			continue
		}
		t.Errorf("%s %s is not in the table of routes.go, so nobody decided who may use it", r.Method, r.Path)
	}
}

// programs are the paths of the API and of files, which have their own rules.
func programs(path string) bool {
	return path == "/api" || strings.HasPrefix(path, "/api/") || strings.HasPrefix(path, "/static/") ||
		slices.Contains([]string{"/healthz", "/readyz", "/metrics"}, path)
}

// TestD2_RolesByRoute asks every route as every role, and as nobody.
func TestD2_RolesByRoute(t *testing.T) {
	s := newSite(t)
	users := map[string]*models.User{"nobody": nil}
	for _, role := range models.Roles {
		u := s.person(role)
		users[string(role)] = &u
	}
	prepare := func(r web.Route) string {
		w := s.webhook("Orders", "https://hooks.example.com/")
		_, token, err := s.svc.Tokens.Create(context.Background(), system, "t", []models.Scope{models.Admin}, time.Time{})
		require.NoError(t, err)
		if strings.HasPrefix(r.Path, "/jobs/") {
			job, err := s.svc.Bulk.Start(context.Background(), system, service.BulkInput{Kind: models.BulkCancel})
			require.NoError(t, err)
			return strings.Replace(r.Path, ":id", job.ID, 1)
		}
		return strings.Replace(r.Path, ":id", idFor(r.Path, w.ID, s.delivery(w).ID, token.ID), 1)
	}
	for _, r := range web.Routes() {
		path := prepare(r) // only the owner can change what it names
		for name, u := range users {
			t.Run(fmt.Sprintf("%s %s as %s", r.Method, r.Path, name), func(t *testing.T) {
				b := s.browser()
				if u != nil {
					b = s.signedIn(*u)
				}
				b.get("/nowhere")
				a := b.do(r.Method, path, url.Values{"csrf": {b.csrf()}, "enabled": {"true"}})
				actor := models.Actor{User: u}
				denied := a.StatusCode == http.StatusForbidden
				toLogin := a.StatusCode == http.StatusSeeOther && strings.HasPrefix(a.location(), "/login") && r.Path != "/" && (u == nil || r.Path != "/logout")
				switch {
				case policy.Can(actor, r.Action):
					require.False(t, denied || toLogin, "%d %s", a.StatusCode, a.location())
				case policy.Might(actor, r.Action) && strings.Contains(r.Path, ":id"):
					require.Equal(t, http.StatusNotFound, a.StatusCode, "a webhook that is not shared does not exist for them")
				case policy.Might(actor, r.Action):
					// An empty list, or a form that lacks what it needs.
					require.Contains(t, []int{http.StatusOK, http.StatusUnprocessableEntity, http.StatusSeeOther}, a.StatusCode)
					require.False(t, toLogin)
				case u == nil:
					require.True(t, toLogin, "%d", a.StatusCode)
				default:
					require.True(t, denied, "%d", a.StatusCode)
				}
			})
		}
	}
}

func TestZ1_WithoutAGrantTheListIsEmptyAndSaysWhomToAsk(t *testing.T) {
	s := newSite(t)
	s.webhook("Orders", "https://hooks.example.com/")
	for _, role := range []models.Role{models.Manager, models.Member} {
		s.person(role)
		b := s.browser()
		require.Equal(t, "/webhooks", login(b, string(role)+"@example.com", password).location())
		a := b.get("/webhooks")
		require.Equal(t, http.StatusOK, a.StatusCode)
		require.Contains(t, a.text(), "No webhook is shared with you")
		require.Contains(t, a.text(), "Ask an owner")
		require.NotContains(t, a.body, "hooks.example.com")
		require.Equal(t, http.StatusForbidden, b.get("/webhooks/new").StatusCode)
		require.Contains(t, a.text(), "A "+string(role), "who is signed in stands in the frame")
		require.Positive(t, a.doc.Find(`nav a[href="/webhooks"]`).Length())
		require.Equal(t, "/login", b.submit("/logout", nil).location())
	}
}

func TestUnknownIDs_AreNotFound(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	b.visit("/webhooks")
	w := s.webhook("Orders", "https://hooks.example.com/")
	d := s.delivery(w)
	hostile := []string{
		"wh_00000000000000000000000000", "dlv_00000000000000000000000000", "tok_00000000000000000000000000",
		w.ID[3:], strings.ToUpper(w.ID), w.ID + "0", "evt_" + w.ID[3:], "1", "0 OR 1=1", "' OR ''='", "..", "../../etc/passwd",
		"wh_\x00", "\xff\xfe", "%", "💥", strings.Repeat("a", 4000), "<script>alert(1)</script>",
	}
	for _, r := range web.Routes() {
		if !strings.Contains(r.Path, ":id") {
			continue
		}
		ids := append([]string{idFor(r.Path, d.ID, w.ID, w.ID)}, hostile...) // the first is another noun's
		for _, id := range ids {
			path := strings.Replace(r.Path, ":id", url.PathEscape(id), 1)
			a := b.do(r.Method, path, url.Values{"csrf": {b.csrf()}, "enabled": {"true"}, "name": {"x"}})
			require.Equal(t, http.StatusNotFound, a.StatusCode, "%s %q", r.Method, path)
			require.NotContains(t, a.body, "<script>alert")
		}
	}
}

func TestRequests_ThatDoNotFit(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	b.visit("/webhooks")
	large := url.Values{"csrf": {b.csrf()}, "name": {strings.Repeat("x", 1<<20)}}
	for _, path := range []string{"/webhooks", "/login", "/setup", "/logout"} {
		require.Equal(t, http.StatusRequestEntityTooLarge, b.do(http.MethodPost, path, large).StatusCode, path)
	}
	for _, method := range []string{http.MethodPut, http.MethodDelete, http.MethodPatch} {
		a := b.do(method, "/webhooks", nil)
		require.Equal(t, http.StatusMethodNotAllowed, a.StatusCode, method)
		require.Contains(t, a.Header.Get("Allow"), "POST")
	}
	require.Equal(t, http.StatusMethodNotAllowed, b.get("/logout").StatusCode)
	a := b.get("/nowhere")
	require.Equal(t, http.StatusNotFound, a.StatusCode)
	require.Contains(t, a.text(), "Go to Webhooks")
	require.Contains(t, s.browser().get("/nowhere").text(), "Go to sign in")
	require.Equal(t, http.StatusForbidden, b.do(http.MethodPost, "/webhooks", nil, "Content-Type", "application/json").StatusCode)
}
