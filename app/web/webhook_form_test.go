package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/models"
)

// create sends the form for a new webhook and returns what was stored.
func create(b *browser, fields url.Values) (models.Webhook, answer) {
	b.t.Helper()
	b.visit("/webhooks/new")
	a := b.submit("/webhooks", fields)
	require.Contains(b.t, []int{http.StatusCreated, http.StatusSeeOther}, a.StatusCode, a.text())
	page, err := b.site.svc.Webhooks.List(context.Background(), system, fields.Get("name"), pageOne)
	require.NoError(b.t, err)
	require.Len(b.t, page.Items, 1)
	return *page.Items[0], a
}

func (s *site) get(id string) models.Webhook {
	w, err := s.svc.Webhooks.Get(context.Background(), system, id)
	require.NoError(s.t, err)
	return w
}

// sent opens a sealed header by sending it, the only way there is.
func (s *site) sent(w models.Webhook, header string) string {
	s.t.Helper()
	got := make(chan string, 1)
	u := recorder(s.t, func(r *http.Request) { got <- r.Header.Get(header) })
	_, err := s.svc.Webhooks.Edit(context.Background(), system, w.ID, inputURL(u))
	require.NoError(s.t, err)
	_, err = s.svc.Webhooks.Test(context.Background(), system, w.ID, anyTest)
	require.NoError(s.t, err)
	return <-got
}

var signed = url.Values{"name": {"Orders"}, "url": {"https://hooks.example.com/in"}, "signing.secret": {"a-signing-key-of-mine"}}

func with(base url.Values, more url.Values) url.Values {
	out := url.Values{}
	for _, v := range []url.Values{base, more} {
		for name, values := range v {
			out[name] = values
		}
	}
	return out
}

func TestZ2_CreateAndEdit(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	w, a := create(b, with(signed, url.Values{"description": {"first\r\nsecond"}, "method": {"PUT"}, "timeout": {"2.5"},
		"retry.preset": {"custom"}, "retry.attempts": {"4"}, "retry.delays": {"1, 2.5,60"}, "retry.retry_on": {"5XX, timeout"}}))
	require.Equal(t, "/webhooks/"+w.ID, a.location())
	require.Equal(t, "first\nsecond", w.Description)
	require.Equal(t, "PUT", w.Method)
	require.EqualValues(t, 2500, w.Timeout.Milliseconds())
	require.Equal(t, []string{"5xx", "timeout"}, w.Retry.RetryOn)
	require.Len(t, w.Retry.Delays, 3)
	require.Contains(t, b.visit(a.location()).text(), "The webhook is saved.")

	b.visit("/webhooks/" + w.ID + "/edit")
	a = b.submit("/webhooks/"+w.ID, nil)
	require.Equal(t, http.StatusSeeOther, a.StatusCode, "an untouched form saves: %s", a.text())
	same := s.get(w.ID)
	same.Version, same.UpdatedAt = w.Version, w.UpdatedAt
	require.Equal(t, w, same, "and changes nothing")

	b.visit("/webhooks/" + w.ID + "/edit")
	b.submit("/webhooks/"+w.ID, url.Values{"name": {"Renamed"}, "signing.hmac": nil})
	require.Equal(t, "Renamed", s.get(w.ID).Name)
	require.False(t, s.get(w.ID).Signing.HMAC)
}

// Two people with one form open: the second is told, loses nothing that was typed,
// and decides.
func TestZ2_TwoPeopleSaveOneWebhook(t *testing.T) {
	s := newSite(t)
	w := s.webhook("Orders", "https://hooks.example.com/")
	a, b := s.owner(), s.signedIn(s.another(models.Owner))
	at := "/webhooks/" + w.ID
	a.visit(at + "/edit")
	b.visit(at + "/edit")
	require.Equal(t, http.StatusSeeOther, a.submit(at, url.Values{"name": {"Renamed"}}).StatusCode)
	again := b.submit(at, url.Values{"description": {"For the warehouse"}, "action": {"add_headers"}})
	require.Equal(t, http.StatusOK, again.StatusCode)
	b.page = again.doc
	told := b.submit(at, nil)
	require.Equal(t, http.StatusConflict, told.StatusCode, "another row does not hide the change")
	require.Contains(t, told.text(), "Somebody else changed this webhook")
	require.Equal(t, "For the warehouse", told.doc.Find("[name=description]").Text())
	require.Equal(t, "Renamed", s.get(w.ID).Name)
	b.page = told.doc
	require.Equal(t, http.StatusSeeOther, b.submit(at, nil).StatusCode)
	require.Equal(t, "For the warehouse", s.get(w.ID).Description)
}

func TestZ2_GeneratedKeyIsShownOnce(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	w, a := create(b, with(signed, url.Values{"signing.secret": {""}}))
	require.Equal(t, http.StatusCreated, a.StatusCode)
	key := strings.TrimSpace(a.doc.Find("#signing-key").Text())
	require.Greater(t, len(key), 40, a.text())
	require.Empty(t, a.location())
	for _, c := range a.Cookies() {
		require.NotContains(t, c.Value, key)
	}
	for _, path := range []string{"", "/edit", "/logs", "/delete"} {
		require.NotContains(t, b.visit("/webhooks/"+w.ID+path).body, key)
	}
	require.NotContains(t, s.log.String(), key)

	b.visit("/webhooks/" + w.ID)
	a = b.submit("/webhooks/"+w.ID+"/duplicate", nil)
	require.Equal(t, http.StatusCreated, a.StatusCode)
	other := strings.TrimSpace(a.doc.Find("#signing-key").Text())
	require.NotEqual(t, key, other)
}

func TestForm_InvalidKeepsWhatWasTypedButNoSecret(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	b.visit("/webhooks/new")
	a := b.submit("/webhooks", url.Values{
		"name": {"Ord<b>ers"}, "url": {"http:/broken"}, "signing.secret": {"typed-signing-key"}, "timeout": {"soon"},
		"retry.preset": {"custom"}, "retry.attempts": {"many"}, "retry.delays": {"1, two"}, "retry.retry_on": {"rain"},
		"headers.0.name": {"X-Gone"}, "headers.0.remove": {"true"},
		"headers.1.name": {"X-Plain"}, "headers.1.value": {"shown"},
		"headers.2.name": {"X-Secret"}, "headers.2.value": {"typed-secret-value"}, "headers.2.secret": {"true"},
		"headers.7.name": {"Content-Type"}, "headers.7.value": {"text/plain"},
	})
	require.Equal(t, http.StatusUnprocessableEntity, a.StatusCode)
	require.NotContains(t, a.body, "typed-signing-key")
	require.NotContains(t, a.body, "typed-secret-value")
	field := func(name string) string { return a.doc.Find(`[name="`+name+`"]`).AttrOr("value", "") }
	require.Equal(t, "Ord<b>ers", field("name"))
	require.Equal(t, "http:/broken", field("url"))
	require.Equal(t, "soon", field("timeout"))
	require.Equal(t, "many", field("retry.attempts"))
	require.Equal(t, "X-Plain", field("headers.0.name"))
	require.Equal(t, "shown", field("headers.0.value"))
	require.Equal(t, "X-Secret", field("headers.1.name"))
	require.Empty(t, field("headers.1.value"))
	require.Equal(t, "Content-Type", field("headers.2.name"))
	for _, fault := range []string{
		"Give a timeout from 1 to 30 seconds.", "Give a number from 1 to 50", "Give the pauses in seconds", `"rain" is not a reason to retry`,
		"Content-Type is reserved", "Enter this again: a secret is not shown",
	} {
		require.Contains(t, a.text(), fault)
	}
	page, err := s.svc.Webhooks.List(context.Background(), system, "", pageOne)
	require.NoError(t, err)
	require.Empty(t, page.Items, "nothing was saved")
}

func TestForm_AddHeaderSavesNothing(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	b.visit("/webhooks/new")
	rows := b.page.Find(`[name$=".name"]`).Length()
	a := b.submit("/webhooks", url.Values{"action": {"add_headers"}, "name": {"x"}, "headers.0.name": {"X-A"}, "headers.0.value": {"1"}})
	require.Equal(t, http.StatusOK, a.StatusCode)
	require.Equal(t, rows+2, a.doc.Find(`[name$=".name"]`).Length(), "the one typed and one more")
	require.Equal(t, "X-A", a.doc.Find(`[name="headers.0.name"]`).AttrOr("value", ""))
	page, err := s.svc.Webhooks.List(context.Background(), system, "", pageOne)
	require.NoError(t, err)
	require.Empty(t, page.Items)
}

func TestForm_RefusesWhatNoPageSends(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	b.visit("/webhooks/new")
	many := url.Values{}
	for i := range 300 {
		many.Set(fmt.Sprintf("headers.%d.name", i), "X")
	}
	for _, fields := range []url.Values{
		{"signing.jwt": {"maybe"}}, {"subscriptions.all": {"on"}}, {"headers.0.secret": {"1"}}, many,
	} {
		require.Equal(t, http.StatusBadRequest, b.post("/webhooks", with(signed, fields)).StatusCode, "%v", fields)
	}
	w := s.webhook("Orders", "https://hooks.example.com/")
	for _, fields := range []url.Values{nil, {"enabled": {"yes"}}} {
		require.Equal(t, http.StatusBadRequest, b.post("/webhooks/"+w.ID+"/status", fields).StatusCode, "%v", fields)
	}
}
