package web_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/models"
)

// log is where the result of a test links to.
func (a answer) log() string {
	return a.doc.Find(`#test-hook section a[href^="/deliveries/dlv_"]`).AttrOr("href", "")
}

func TestZ5_ResultIsShownAndLogged(t *testing.T) {
	for status, want := range map[int]string{http.StatusOK: "Delivered: the receiver answered 200", http.StatusInternalServerError: "500"} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			s := newSite(t)
			b := s.owner()
			w := s.webhook("Orders", receiver(t, status))
			test := "/webhooks/" + w.ID + "/test"
			b.visit(test)
			a := b.submit(test, url.Values{"event_type": {"contact.created"}})
			require.Equal(t, http.StatusOK, a.StatusCode)
			for _, part := range []string{"#test-request-url", "#test-request-headers", "#test-request-body", "#test-response-headers", "#test-response-body", `[aria-label="Timing"]`} {
				require.Equal(t, 1, a.doc.Find(part).Length(), part)
			}
			require.Contains(t, a.text(), `<script>alert("from outside")</script>`)
			require.Zero(t, a.doc.Find("script:not([src])").Length(), "what came from outside is text")
			for _, page := range []answer{a, b.visit(a.log())} {
				require.Contains(t, page.text(), want)
				require.Contains(t, page.text(), "contact.created")
			}
			require.Contains(t, b.visit("/webhooks/"+w.ID+"/logs").text(), "Test")
			require.Contains(t, b.visit("/webhooks").text(), "No deliveries yet", "a test says nothing about health")
		})
	}
}

// The form is filled in: URL, masked key, and the sample of the type, or the data
// of an event that went here before.
func TestZ5_FormIsFilledIn(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	w := s.webhook("Orders", receiver(t, http.StatusOK))
	d := s.delivery(w)
	test := "/webhooks/" + w.ID + "/test"
	a := b.visit(test + "?event_type=release.published")
	require.Equal(t, w.URL, a.doc.Find("#test-url").AttrOr("value", ""))
	require.Equal(t, models.Mask, a.doc.Find("#test-secret").AttrOr("value", ""))
	require.NotContains(t, a.doc.Find("#test-data").Text(), `"version": "1.2"`)

	a = b.visit(test + "?event_type=release.published&event_id=" + d.EventID)
	require.Equal(t, "{\n  \"version\": \"1.2\"\n}", strings.TrimSpace(a.doc.Find("#test-data").Text()))
	require.Equal(t, d.EventID, a.doc.Find("#test-event-id option[selected]").AttrOr("value", ""))

	for _, stale := range []string{"?event_type=contact.created&event_id=" + d.EventID, "?event_id=evt_gone", "?event_id=%01%27", "?url=%20"} {
		a = b.visit(test + stale)
		require.Empty(t, a.doc.Find("#test-event-id option[selected]").AttrOr("value", ""), stale)
		require.NotEmpty(t, a.doc.Find("#test-data").Text())
	}
	require.Contains(t, b.visit(test+"?event_type=no.such").text(), "There is no event type")

	b.visit(test)
	a = b.submit(test, url.Values{"action": {"load"}, "event_type": {"release.published"}, "event_id": {d.EventID}, "url": {"https://else.example/"}})
	require.Contains(t, a.doc.Find("#test-data").Text(), "1.2", "the same without a script")
	require.Equal(t, "https://else.example/", a.doc.Find("#test-url").AttrOr("value", ""))
}

func TestZ5_FormWithAnEmptyCatalog(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	w := s.webhook("Orders", receiver(t, http.StatusOK))
	types, err := s.svc.EventTypes.List(t.Context(), system)
	require.NoError(t, err)
	for _, e := range types {
		require.NoError(t, s.svc.EventTypes.Archive(t.Context(), system, e.Name))
	}
	a := b.visit("/webhooks/" + w.ID + "/test")
	require.NotEmpty(t, a.doc.Find("#test-event-type-error").Text())
	require.Equal(t, "{}", strings.TrimSpace(a.doc.Find("#test-data").Text()))
}

// A payload that cannot be sent is drawn again as it was typed, but for the key.
func TestZ5_D4_FaultsKeepWhatWasTyped(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	w := s.webhook("Orders", receiver(t, http.StatusOK))
	test := "/webhooks/" + w.ID + "/test"
	broken := "{\n  \"a\": 1,\n  \"b\": tru\n}"
	for _, hx := range []string{"", "true"} {
		b.visit(test)
		a := b.submit(test, url.Values{"data": {broken}, "url": {"https://typed.example/x"}, "secret": {"a-key-that-was-typed"}}, "HX-Request", hx)
		require.Equal(t, http.StatusUnprocessableEntity, a.StatusCode)
		require.Equal(t, hx == "", a.doc.Find("html head title").Length() == 1, "a page, or its part for htmx")
		require.Contains(t, a.doc.Find("#test-data-error").Text(), "Line 3, column 11")
		require.Equal(t, broken, strings.TrimPrefix(a.doc.Find("#test-data").Text(), "\n"))
		require.Equal(t, "https://typed.example/x", a.doc.Find("#test-url").AttrOr("value", ""))
		require.Equal(t, models.Mask, a.doc.Find("#test-secret").AttrOr("value", ""))
		require.Contains(t, a.doc.Find("#test-secret-hint").Text(), "enter it again")
		require.NotContains(t, a.body, "a-key-that-was-typed")
		_, focused := a.doc.Find("#test-data").Attr("autofocus")
		require.True(t, focused, "the focus goes to the fault")
	}
	for field, v := range map[string]url.Values{
		"url": {"url": {"nonsense"}}, "secret": {"secret": {"short"}}, "event-type": {"event_type": {"no.such"}},
		"event-id": {"event_id": {"<script>"}},
	} {
		b.visit(test)
		a := b.submit(test, v)
		require.Equal(t, http.StatusUnprocessableEntity, a.StatusCode, field)
		require.NotEmpty(t, a.doc.Find("#test-"+field+"-error").Text(), field)
	}
	require.Contains(t, b.visit("/webhooks/"+w.ID+"/logs").text(), "Nothing was sent yet")
	require.NotContains(t, s.log.String(), "a-key-that-was-typed")
}

// The target guard looks at a typed URL as at any other.
func TestZ5_D10_TypedURLsAreGuarded(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	w := s.webhook("Orders", receiver(t, http.StatusOK))
	test := "/webhooks/" + w.ID + "/test"
	for _, target := range []string{"http://169.254.169.254/latest/meta-data", "file:///etc/passwd", "http://[::1]:9/"} {
		b.visit(test)
		a := b.submit(test, url.Values{"url": {target}})
		blocked := a.StatusCode == http.StatusUnprocessableEntity && a.doc.Find("#test-url-error").Length() == 1
		require.True(t, blocked || strings.Contains(a.text(), "Nothing was sent."), "%s: %s", target, a.text())
	}
}

func TestZ5_Z8_WhoMayTest(t *testing.T) {
	w := newWorld(t)
	o := w.shared(receiver(t, http.StatusOK))
	path := "/webhooks/" + o.webhook + "/test"
	for kind, want := range map[string]int{"viewer": http.StatusForbidden, "member": http.StatusNotFound, "editor": http.StatusOK, "owner": http.StatusOK} {
		b := w.signedIn(*w.people[kind])
		b.get("/nowhere")
		require.Equal(t, want, b.get(path).StatusCode, kind)
		require.Equal(t, want, b.post(path, nil).StatusCode, kind)
		require.Equal(t, want, b.post(path, nil, "HX-Request", "true").StatusCode, kind)
	}
	require.Zero(t, w.signedIn(*w.people["viewer"]).visit("/webhooks/"+o.webhook).doc.Find("[data-opens]").Length())
}

// Z5, D4: a key that is typed signs, and is nowhere afterwards; on another host
// the saved secrets stay at home.
func TestZ5_D4_AnotherKeyAndHost(t *testing.T) {
	var header http.Header
	there := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header = r.Header.Clone()
		for _, v := range header {
			_, _ = io.WriteString(w, strings.Join(v, "\n"))
		}
	}))
	t.Cleanup(there.Close)
	s := newSite(t)
	b := s.owner()
	w := withSecret(b)
	test := "/webhooks/" + w.ID + "/test"
	b.visit(test)
	a := b.submit(test, url.Values{"url": {there.URL}})
	require.Equal(t, http.StatusOK, a.StatusCode)
	require.Empty(t, header.Get("X-Api-Key"))
	require.Empty(t, header.Get("X-Webhook-Secret"))
	require.Empty(t, header.Get("X-Hmac-Signature"))
	require.Equal(t, "visible", header.Get("X-Plain"))
	require.Contains(t, a.text(), "left out", "and one is told")

	a = b.submit(test, url.Values{"url": {there.URL}, "secret": {"a-key-for-one-test"}})
	require.NotEmpty(t, header.Get("X-Hmac-Signature"))
	require.NotEmpty(t, header.Get("X-Webhook-Secret"))
	require.NotContains(t, a.body, "a-key-for-one-test")
	require.NotContains(t, a.body, header.Get("X-Webhook-Secret"))
	require.NotContains(t, b.visit(a.log()).body, header.Get("X-Webhook-Secret"))
	require.Equal(t, w.URL, s.get(w.ID).URL, "nothing is saved")
	require.Equal(t, w.Signing.Key, s.get(w.ID).Signing.Key)
}
