package web_test

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"

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

func TestZ1_WithoutAGrantTheListIsEmptyAndSaysWhomToAsk(t *testing.T) {
	s := newSite(t)
	s.webhook("Orders", "https://hooks.example.com/")
	for _, role := range []models.Role{models.Manager, models.Member} {
		s.person(role)
		b := s.browser()
		require.Equal(t, "/", login(b, string(role)+"@example.com", password).location())
		require.Contains(t, b.visit("/").text(), "No webhook is shared with you yet")
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
	obj := s.objects("https://hooks.example.com/", s.person(models.Member).ID)
	w := s.get(obj.webhook)
	hostile := []string{
		"wh_00000000000000000000000000", "dlv_00000000000000000000000000", "tok_00000000000000000000000000",
		w.ID[3:], strings.ToUpper(w.ID), w.ID + "0", "evt_" + w.ID[3:], "1", "0 OR 1=1", "' OR ''='", "..", "../../etc/passwd",
		"wh_\x00", "\xff\xfe", "%", "💥", strings.Repeat("a", 4000), "<script>alert(1)</script>",
	}
	for _, r := range web.Routes() {
		params := obj.params(t, r.Path)
		s.clock.add(10 * time.Minute) // or links that do not work would be throttled
		for name := range params {
			for _, id := range append(obj.others(params[name]), hostile...) {
				wrong := maps.Clone(params)
				wrong[name] = id
				path := filled(r.Path, wrong)
				a := b.do(r.Method, path, url.Values{"csrf": {b.csrf()}, "enabled": {"true"}, "name": {"x"}, "level": {"view"}})
				require.Equal(t, http.StatusNotFound, a.StatusCode, "%s %q", r.Method, path)
				require.NotContains(t, a.body, "<script>alert")
			}
		}
	}
}

func TestRequests_ThatDoNotFit(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	b.visit("/webhooks")
	large := url.Values{"csrf": {b.csrf()}, "name": {strings.Repeat("x", 4<<20)}}
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
