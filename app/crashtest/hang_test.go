package crashtest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/app/apptest/pgtest"
)

// spareGoroutines is what may come and go beside a leak: kept connections and jobs
// by the clock.
const spareGoroutines = 40

// Promise 9 on PostgreSQL: the server hangs, with its connections open, and goes
// on later. Everybody is told to come back, on every route, nothing is lost, and
// the engine goes on by itself. A stop meanwhile ends in time (promise 10).
func TestHangingPostgres(t *testing.T) {
	t.Parallel()
	server := pgtest.Alone(t)
	s := newSite(t)
	s.database = server.URL()
	s.addOwner(t)
	p := s.serve(t)
	scene := newOutage(t, p, s.token(t))
	answer := scene.holdOne(t)
	calls := scene.allReads(t)
	stranger := newBrowser(t, p.url)
	login := stranger.form(t, "/login", "/login")
	login.Set("email", ownerEmail)
	login.Set("password", ownerPassword)
	goroutines := gauge(t, scene.api, "go_goroutines")

	server.Freeze()
	answer()
	refused := scene.askWhileFrozen(t, calls, func() (reply, error) { return stranger.try(http.MethodPost, "/login", login) })
	server.Thaw()

	eventually(t, "it recovers by itself", func() bool {
		r, err := scene.api.call(http.MethodGet, "/readyz", nil)
		return err == nil && r.status == http.StatusOK
	})
	for _, id := range append(refused, "after") {
		scene.publishAtLast(t, id)
	}
	scene.receiver.await(t, append(refused, "before", "held", "after"))
	awaitIdle(t, scene.api)
	scene.checkWell(t)
	scene.checkHeldOnce(t)
	eventually(t, "no goroutine is left behind", func() bool { return gauge(t, scene.api, "go_goroutines") <= goroutines+spareGoroutines })
	db := s.open(t)
	require.Zero(t, count(t, db, `SELECT count(*) FROM deliveries WHERE state <> 'succeeded'`))
	checkRows(t, db, count(t, db, `SELECT count(*) FROM events`))
	require.NoError(t, db.Close())

	server.Freeze()
	began := time.Now()
	p.signal(t, syscall.SIGTERM)
	awaitExit(t, p, began)
}

// read is a call that asks and changes nothing.
type read struct {
	path string
	page bool
}

// allReads are all GETs that the API describes, and all pages that the pages link
// to.
func (o outage) allReads(t *testing.T) []read {
	t.Helper()
	event := o.api.event(t, "before")
	ids := strings.NewReplacer("{delivery_id}", event.Deliveries[0].ID, "{event_id}", "before")
	var description struct {
		Paths map[string]map[string]json.RawMessage `json:"paths"`
	}
	o.api.must(t, http.StatusOK, http.MethodGet, "/api/openapi.json", nil, &description)
	var calls []read
	for _, path := range slices.Sorted(maps.Keys(description.Paths)) {
		if _, gets := description.Paths[path]["get"]; !gets || strings.Contains(path, "stream") {
			continue
		}
		id := event.Deliveries[0].ID
		switch {
		case strings.Contains(path, "/webhooks/"):
			id = event.Deliveries[0].WebhookID
		case strings.Contains(path, "/events/"):
			id = "before"
		}
		calls = append(calls, read{path: fillIn(ids.Replace(path), id)})
	}
	require.Greater(t, len(calls), 20, "the description names the calls")
	pages := o.linked(t, "/", "/webhooks", "/deliveries", "/webhooks/"+event.Deliveries[0].WebhookID, "/deliveries/"+event.Deliveries[0].ID)
	require.Greater(t, len(pages), 10)
	for _, path := range pages {
		calls = append(calls, read{path: path, page: true})
	}
	return append(calls, read{path: "/setup?token=none"}, read{path: "/invite/none"}, read{path: "/reset/none"})
}

// fillIn puts an id where a path has a parameter.
func fillIn(path, id string) string {
	for {
		before, rest, found := strings.Cut(path, "{")
		if !found {
			return path
		}
		_, after, _ := strings.Cut(rest, "}")
		path = before + id + after
	}
}

// linked are these pages and those that they link to.
func (o outage) linked(t *testing.T, pages ...string) []string {
	t.Helper()
	set := map[string]bool{}
	for _, from := range pages {
		set[from] = true
		for _, part := range strings.Split(string(o.owner.get(t, from).body), ` href="/`)[1:] {
			path, _, _ := strings.Cut(part, `"`)
			path, _, _ = strings.Cut("/"+path, "#")
			if !strings.HasPrefix(path, "/static") && !strings.HasPrefix(path, "/api/docs") && !strings.Contains(path, "&") {
				set[path] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(set))
}

const publishers = 40 // more than there are connections to the database

// askWhileFrozen asks everything at once. It returns the ids of the events that
// were refused.
func (o outage) askWhileFrozen(t *testing.T, calls []read, signIn func() (reply, error)) (refused []string) {
	t.Helper()
	var asking sync.WaitGroup
	ask := func(what string, mustFail bool, call func() (reply, error)) {
		asking.Go(func() {
			r, err := call()
			if fault := faultOf(r, err, mustFail); fault != "" {
				t.Errorf("%s: %s", what, fault)
			}
		})
	}
	for range 2 {
		ask("readyz", true, func() (reply, error) { return o.api.call(http.MethodGet, "/readyz", nil) })
	}
	for n := range publishers {
		id := fmt.Sprintf("frozen-%d", n)
		refused = append(refused, id)
		ask("publish", true, func() (reply, error) {
			return o.api.call(http.MethodPost, "/api/v1/events", map[string]any{"type": eventType, "id": id, "data": map[string]any{}})
		})
	}
	ask("publish about a participant", true, func() (reply, error) {
		return o.api.call(http.MethodPost, "/api/v1/events", map[string]any{"type": eventType, "data": map[string]any{}, "participant": map[string]any{"email": "a@example.com"}})
	})
	ask("batch", true, func() (reply, error) { return o.api.call(http.MethodPost, "/api/v1/events/batch", batchOf(200)) })
	ask("new webhook", true, func() (reply, error) {
		return o.api.call(http.MethodPost, "/api/v1/webhooks", map[string]any{"name": "x", "url": o.receiver.url})
	})
	ask("sign in", true, signIn)
	for _, c := range calls {
		if c.page {
			ask(c.path, true, func() (reply, error) { return o.owner.try(http.MethodGet, c.path, nil) })
		} else {
			ask(c.path, false, func() (reply, error) { return o.api.call(http.MethodGet, c.path, nil) })
		}
	}
	asking.Wait()
	require.Equal(t, 1, gauge(t, o.api, "hookline_database_degraded"))
	o.api.must(t, http.StatusOK, http.MethodGet, "/healthz", nil, nil)
	return refused
}

// faultOf is what is wrong with an answer while the database hangs. What needs no
// database may be answered.
func faultOf(r reply, err error, mustFail bool) string {
	switch {
	case err != nil:
		return err.Error()
	case r.status == http.StatusServiceUnavailable:
		if seconds, err := strconv.Atoi(r.header.Get("Retry-After")); err != nil || seconds < 1 {
			return "503 without Retry-After"
		}
	case mustFail || r.status >= http.StatusInternalServerError:
		return fmt.Sprintf("%d %.200s", r.status, r.body)
	}
	return ""
}
