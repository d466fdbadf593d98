package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/web"
	"hookline/models"
)

var refOnPage = regexp.MustCompile(`For the log: ([A-Z2-7]{12})`)

func TestErrors_PanicBecomesAPageWithAReference(t *testing.T) {
	s := newSite(t, func(o *web.Options) {
		broken := *o.Service
		broken.Tokens = nil
		o.Service = &broken
	})
	b := s.owner()
	a := b.get("/tokens")
	require.Equal(t, http.StatusInternalServerError, a.StatusCode)
	require.NotContains(t, a.text(), "nil pointer")
	ref := refOnPage.FindStringSubmatch(a.text())
	require.NotNil(t, ref, a.text())
	require.Contains(t, s.log.String(), ref[1])
	require.Contains(t, s.log.String(), "nil pointer")
	require.Contains(t, s.log.String(), "tokens.go", "the stack")
	b.visit("/webhooks")
}

func TestErrors_InternalTextIsForTheLogAlone(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	b.visit("/webhooks")
	require.NoError(t, s.store.Close())
	for _, a := range []answer{b.get("/webhooks"), b.get("/setup?token=x"), b.post("/webhooks", nil), b.get("/tokens", "HX-Request", "true")} {
		require.Equal(t, http.StatusInternalServerError, a.StatusCode)
		require.NotContains(t, a.text(), "database")
		require.NotContains(t, a.text(), "sql")
	}
	require.Contains(t, s.log.String(), "database is closed")
}

func TestErrors_HtmxGetsTextNotAPage(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	b.visit("/webhooks")
	a := b.post("/deliveries/dlv_00000000000000000000000000/retrigger", nil, "HX-Request", "true")
	require.Equal(t, http.StatusNotFound, a.StatusCode)
	require.Contains(t, a.Header.Get("Content-Type"), "text/plain")
	require.Contains(t, a.body, "There is no delivery with this id")
	whole := b.get("/nowhere", "HX-Request", "true", "HX-History-Restore-Request", "true")
	require.Equal(t, 1, whole.doc.Find("title").Length())
}

func TestErrors_TryAgainLeadsToAPage(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	w := s.webhook("Orders", "https://hooks.example.com/")
	d := s.delivery(w)
	page := "/deliveries/" + d.ID
	b.visit(page)
	b.submit(page+"/cancel", nil)
	b.visit(page)
	a := b.post(page+"/cancel", nil)
	require.Equal(t, http.StatusConflict, a.StatusCode)
	require.Equal(t, 1, a.doc.Find(`main a[href="`+page+`"]`).Length(), "a GET of the post's own address would be a 405")
}

func TestLog_HasNoQueryAndNoForm(t *testing.T) {
	s := newSite(t)
	s.person(models.Owner)
	b := s.browser()
	b.get("/setup?token=query-canary")
	b.get("/nowhere?token=query-canary")
	b.visit("/login")
	b.submit("/login", url.Values{"email": {"form-canary@example.com"}, "password": {"form-canary"}})
	require.Contains(t, s.log.String(), "path=/setup")
	require.NotContains(t, s.log.String(), "canary")
}
