package web_test

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/app/apptest"
	"hookline/models"
)

// A told is one server-sent event.
type told struct{ Event, Data string }

// listener reads a stream as a browser does.
type listener struct {
	t      *testing.T
	events chan told // closed when the stream ends
}

// listen opens the stream at a path; it ends with the test.
func (b *browser) listen(path string) *listener {
	b.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, b.site.URL+path, nil)
	require.NoError(b.t, err)
	res, err := b.http.Do(req)
	require.NoError(b.t, err)
	require.Equal(b.t, http.StatusOK, res.StatusCode)
	require.Equal(b.t, "text/event-stream; charset=utf-8", res.Header.Get("Content-Type"))
	l := &listener{t: b.t, events: make(chan told, 1000)}
	done := make(chan struct{})
	b.t.Cleanup(func() { cancel(); <-done })
	go func() {
		defer close(done)
		defer close(l.events)
		defer func() { _ = res.Body.Close() }()
		l.read(res.Body)
	}()
	return l
}

func (l *listener) read(body io.Reader) {
	var e told
	lines := bufio.NewScanner(body)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		switch line := lines.Text(); {
		case line == "" && e.Event != "":
			l.events <- e
			e = told{}
		case strings.HasPrefix(line, "event: "):
			e.Event = line[len("event: "):]
		case strings.HasPrefix(line, "data: "):
			e.Data += line[len("data: "):] + "\n"
		}
	}
}

// next waits for the next event.
func (l *listener) next() told {
	l.t.Helper()
	select {
	case e, open := <-l.events:
		require.True(l.t, open, "the stream ended")
		return e
	case <-time.After(apptest.Patience):
		require.Fail(l.t, "nothing was told")
		return told{}
	}
}

// part waits for a part with this in it.
func (l *listener) part(text string) told {
	l.t.Helper()
	for {
		if e := l.next(); e.Event == "part" && strings.Contains(e.Data, text) {
			return e
		}
	}
}

// ends waits for the end of the stream.
func (l *listener) ends() {
	l.t.Helper()
	limit := time.After(apptest.Patience)
	for {
		select {
		case _, open := <-l.events:
			if !open {
				return
			}
		case <-limit:
			require.Fail(l.t, "the stream goes on")
		}
	}
}

func TestB6_ALogIsToldLive(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	w, other := s.webhook("Orders", "https://hooks.example.com/"), s.webhook("Other", "https://other.example.com/")
	first := s.delivery(w)
	tab, all := b.listen("/webhooks/"+w.ID+"/logs/stream"), b.listen("/deliveries/stream?state=cancelled")
	require.Contains(t, tab.next().Data, "row-"+first.ID)
	require.Equal(t, told{"shown", "row-" + first.ID + "\n"}, tab.next())
	require.Equal(t, "shown", all.next().Event, "nothing is cancelled")

	second := s.delivery(w)
	require.Contains(t, tab.next().Data, "row-"+second.ID)
	s.delivery(other)
	_, err := s.svc.Deliveries.Cancel(t.Context(), system, first.ID)
	require.NoError(t, err)
	e := tab.next()
	require.Contains(t, e.Data, "row-"+first.ID, "what is new elsewhere is not told here")
	require.Contains(t, e.Data, "Cancelled")
	require.Contains(t, all.part("row-"+first.ID).Data, "Orders", "the workspace's log names the webhook")

	// It left the filter, but stands on the screen.
	_, err = s.svc.Deliveries.Retrigger(t.Context(), system, first.ID)
	require.NoError(t, err)
	require.Contains(t, all.part("row-"+first.ID).Data, "Pending")
}

func TestB6_AnOlderPageIsToldOfItsOwnRowsOnly(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	w := s.webhook("Orders", "https://hooks.example.com/")
	var made []models.Delivery
	for range 4 {
		made = append(made, s.delivery(w))
	}
	logs := "/webhooks/" + w.ID + "/logs"
	b.visit(logs + "?limit=2")
	older := b.page.Find(`nav[aria-label="Pages"] a[href*="cursor="]`).AttrOr("href", "")
	l := b.listen(strings.Replace(older, "/logs", "/logs/stream", 1))
	require.Contains(t, l.next().Data, made[0].ID)
	require.Contains(t, l.next().Data, made[1].ID)
	require.Equal(t, "shown", l.next().Event)
	s.delivery(w)
	_, err := s.svc.Deliveries.Cancel(t.Context(), system, made[1].ID)
	require.NoError(t, err)
	require.Contains(t, l.next().Data, made[1].ID)
}

func TestB6_ADeliveryIsToldLive(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	d := s.delivery(s.webhook("Orders", "https://hooks.example.com/"))
	l := b.listen("/deliveries/" + d.ID + "/stream?drawer=true")
	require.Contains(t, l.next().Data, `id="delivery"`)
	_, err := s.svc.Deliveries.Cancel(t.Context(), system, d.ID)
	require.NoError(t, err)
	require.Contains(t, l.part("Cancelled").Data, "<h2", "a page has one h1, and it is the log's")
}

func TestB6_AStreamEndsWithTheSession(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	w := s.webhook("Orders", "https://hooks.example.com/")
	s.delivery(w)
	l := b.listen("/deliveries/stream")
	l.part("row-")
	b.visit("/deliveries")
	b.submit("/logout", nil)
	s.delivery(w)
	l.ends()
	a := b.get("/deliveries/stream")
	require.Equal(t, http.StatusSeeOther, a.StatusCode)
}

// Z8: who loses the grant is told nothing more.
func TestZ8_AStreamEndsWithTheGrant(t *testing.T) {
	s := newSite(t)
	w := s.webhook("Orders", "https://hooks.example.com/")
	d := s.delivery(w)
	pat := s.person(models.Member)
	grant := models.Grant{ID: "grt_1", WebhookID: w.ID, UserID: pat.ID, Level: models.ViewGrant, CreatedAt: w.CreatedAt}
	require.NoError(t, s.store.SaveGrant(t.Context(), grant))
	b := s.signedIn(pat)
	tab, detail, all := b.listen("/webhooks/"+w.ID+"/logs/stream"), b.listen("/deliveries/"+d.ID+"/stream"), b.listen("/deliveries/stream")
	require.NotContains(t, tab.part("row-").Data, "retrigger", "who may only view is not offered more")
	detail.part("delivery")
	all.part("row-" + d.ID)

	require.NoError(t, s.store.DeleteGrant(t.Context(), w.ID, grant.ID))
	after := s.delivery(w)
	tab.ends()
	detail.ends()
	require.Equal(t, http.StatusNotFound, b.get("/deliveries/"+d.ID).StatusCode, "the next click")
	require.Equal(t, http.StatusNotFound, b.get("/webhooks/"+w.ID+"/logs/stream").StatusCode)
	require.NotContains(t, b.visit("/deliveries").body, d.ID)

	// The workspace's log goes on with what is left to see: another webhook.
	shared := s.webhook("Shared", "https://hooks.example.com/")
	grant.ID, grant.WebhookID = "grt_2", shared.ID
	require.NoError(t, s.store.SaveGrant(t.Context(), grant))
	mine := s.delivery(shared)
	for e := all.next(); !strings.Contains(e.Data, mine.ID); e = all.next() {
		require.NotContains(t, e.Data, after.ID)
	}
}

func TestB6_AStreamEndsWhenTheServerStops(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	s.delivery(s.webhook("Orders", "https://hooks.example.com/"))
	l := b.listen("/deliveries/stream")
	l.part("row-")
	s.svc.Live.Close()
	l.ends()
}

// The limits that bound ordinary requests do not cut a stream off.
func TestB6_AStreamOutlivesTheLimitsOfRequests(t *testing.T) {
	s := newSiteOn(t, func(h *http.Server) { h.ReadTimeout, h.WriteTimeout = 50*time.Millisecond, 50*time.Millisecond })
	b := s.owner()
	w := s.webhook("Orders", "https://hooks.example.com/")
	l := b.listen("/deliveries/stream")
	require.Equal(t, "shown", l.next().Event)
	for range 3 { // each is gathered for longer than the limits
		l.part("row-" + s.delivery(w).ID)
	}
}

func TestB6_LogFiltersInTheURL(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	w := s.webhook("Orders", "https://hooks.example.com/")
	d := s.delivery(w)
	_, err := s.svc.Webhooks.SetEnabled(t.Context(), system, w.ID, false)
	require.NoError(t, err)
	other := s.webhook("Other", "https://other.example.org:8443/")
	e := s.delivery(other)
	_, err = s.svc.Deliveries.Cancel(t.Context(), system, d.ID)
	require.NoError(t, err)
	rows := func(query string) (ids []string) {
		for _, n := range b.visit("/deliveries?" + query).doc.Find("#log tr[id]").Nodes {
			ids = append(ids, n.Attr[0].Val[len("row-"):])
		}
		return ids
	}
	now := s.clock.Now()
	at := func(ago time.Duration) string { return now.Add(-ago).Format("2006-01-02T15:04:05") }
	for query, want := range map[string][]string{
		"":                         {e.ID, d.ID},
		"state=cancelled":          {d.ID},
		"state=problem":            nil,
		"host=example.com":         {d.ID},
		"host=OTHER.example.org":   {e.ID},
		"host=nowhere.example.net": nil,
		"webhook_id=" + other.ID:   {e.ID},
		"q=" + d.ID[:len(d.ID)-1]:  startOf(d.ID[:len(d.ID)-1], e.ID, d.ID),
		"q=" + e.EventID:           {e.ID},
		"status=5xx":               nil,
		"status=503":               nil,
		"range=1h":                 {e.ID, d.ID},
		"range=24h&since=junk":     {e.ID, d.ID}, // the field does not show
		"since=" + at(time.Hour):   {e.ID, d.ID},
		"until=" + at(time.Hour):   nil,
		"range=custom":             {e.ID, d.ID},
		"since=" + at(time.Hour) + "&until=" + at(-time.Hour) + "&state=pending": {e.ID},
	} {
		require.Equal(t, want, rows(query), query)
	}
	b.visit("/deliveries?state=cancelled&host=example.com&q=dlv_")
	require.Equal(t, 3, b.page.Find(".filter-chip").Length())
	require.Equal(t, "/deliveries?host=example.com&q=dlv_", b.page.Find(".filter-chip").First().AttrOr("href", ""))
	require.Equal(t, "/deliveries", b.page.Find(".chips a.link").AttrOr("href", ""))
}

func startOf(prefix string, ids ...string) (found []string) {
	for _, id := range ids {
		if strings.HasPrefix(id, prefix) {
			found = append(found, id)
		}
	}
	return found
}

// A filter that the server cannot use is shown again with its fault, and nothing typed is
// lost.
func TestB6_LogFiltersThatDoNotFit(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	w := s.webhook("Orders", "https://hooks.example.com/")
	for query, fault := range map[string]string{
		"status=7xx": "100 to 599", "status=abc": "100 to 599", "status=0": "100 to 599", "status=99": "100 to 599", "status=-1": "100 to 599",
		"state=odd": "Choose one of", "range=9y": "Choose a time", "since=yesterday": "such as 2026-05-01T09:00", "until=2026-13-01T00:00": "such as",
		"since=2026-05-02T00:00&until=2026-05-01T00:00": "after the beginning", "webhook_id=x": "not a webhook's id",
		"host=http://a/": "host name alone", "q=evt_0": "at least the first",
	} {
		for _, path := range []string{"/deliveries", "/webhooks/" + w.ID + "/logs"} {
			if strings.HasPrefix(query, "webhook_id") && path != "/deliveries" {
				continue // the tab is of its webhook, whatever the URL says
			}
			a := b.get(path + "?" + query)
			require.Equal(t, http.StatusUnprocessableEntity, a.StatusCode, query)
			require.Contains(t, a.text(), fault, query)
			values, _ := url.ParseQuery(query)
			for name, v := range values {
				if name == "state" || name == "range" {
					continue // a choice that is not on the list
				}
				if name != "host" || path == "/deliveries" {
					require.Contains(t, a.body, `value="`+v[0], "%s is kept", name)
				}
			}
			require.Equal(t, http.StatusUnprocessableEntity, b.get(path+"/stream?"+query).StatusCode, query)
		}
	}
	hx := b.get("/deliveries?state=failed&q=&status=&host=", "HX-Request", "true")
	require.Equal(t, "/deliveries?state=failed", hx.Header.Get("HX-Replace-Url"), "what is not set is not in the address")
}
