package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"

	"hookline/app/deliver"
	"hookline/app/egress"
	"hookline/app/secret"
	"hookline/app/service"
	"hookline/app/store"
	"hookline/app/web/api"
	"hookline/jobs"
	"hookline/models"
)

// desk is a whole API on a fresh database, behind a real HTTP server.
type desk struct {
	t     testing.TB
	url   string
	admin string // a token
	store *store.Store
	svc   *service.Service
	log   *syncBuffer

	handler http.Handler
}

// syncBuffer collects log lines of concurrent handlers.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// newDesk leaves deliveries pending.
func newDesk(t testing.TB) *desk { return newDeskWith(t, false) }

// newDelivering sends them, too.
func newDelivering(t testing.TB) *desk { return newDeskWith(t, true) }

func newDeskWith(t testing.TB, delivers bool) *desk { return newDeskOn(t, "", delivers) }

// newDeskOn is on this database; on SQLite when it is "".
func newDeskOn(t testing.TB, database string, delivers bool) *desk {
	t.Helper()
	ctx, dir := t.Context(), t.TempDir()
	if database == "" {
		database = "sqlite:" + dir + "/hookline.db"
	}
	db, err := store.Open(ctx, store.Options{Database: database, Exclusive: true, Migrate: true, Node: "n1"})
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	box, err := secret.Load("", dir, true)
	require.NoError(t, err)
	client := egress.New(egress.Config{AllowHTTP: true, AllowTargets: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	t.Cleanup(client.Close)
	sender := deliver.NewSender(client, box, time.Now)
	runner := jobs.NewRunner(db, sender, jobs.Options{Workers: 8, Log: slog.New(slog.DiscardHandler)})
	deps := service.Deps{Store: db, Box: box, Sender: sender, Targets: client}
	if delivers {
		deps.Queue = runner
		run(t, runner)
	}
	svc := service.New(deps)
	if delivers {
		run(t, &jobs.Bulk{Batches: svc.Bulk, Log: slog.New(slog.DiscardHandler), Now: time.Now})
	}
	require.NoError(t, svc.EventTypes.Seed(ctx))

	d := &desk{t: t, store: db, svc: svc, log: &syncBuffer{}}
	d.admin = d.token(models.Admin)
	e := echo.New()
	require.NoError(t, api.Mount(e, api.Options{
		Service: svc, BaseURL: "https://hookline.example.com", Log: slog.New(slog.NewTextHandler(d.log, nil)), Now: time.Now,
		Metrics: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hookline_up 1\n") }),
	}))
	e.GET("/api/v1/panic", func(echo.Context) error { panic("canary-of-a-panic") })
	d.handler = e
	server := httptest.NewServer(e)
	t.Cleanup(server.Close)
	d.url = server.URL
	return d
}

// in is the same desk, failing a subtest.
func (d *desk) in(t testing.TB) *desk {
	sub := *d
	sub.t = t
	return &sub
}

// receiver is a webhook's destination.
func receiver(t testing.TB, answer http.HandlerFunc) string {
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	return server.URL
}

func run(t testing.TB, r interface{ Run(ctx context.Context) }) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); r.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-done })
}

func (d *desk) token(scopes ...models.Scope) string {
	clear, _, err := d.svc.Tokens.Create(d.t.Context(), models.Actor{System: true}, "test", scopes, time.Time{})
	require.NoError(d.t, err)
	return clear
}

// answer is what a call came back with.
type answer struct {
	t      testing.TB
	status int
	header http.Header
	body   string
}

// call sends as an admin; headers come in pairs and win.
func (d *desk) call(method, path, body string, headers ...string) answer {
	d.t.Helper()
	a, err := d.try(method, path, strings.NewReader(body), headers...)
	require.NoError(d.t, err)
	return a
}

func (d *desk) try(method, path string, body io.Reader, headers ...string) (answer, error) {
	req, err := http.NewRequestWithContext(d.t.Context(), method, d.url+path, body)
	if err != nil {
		return answer{}, err
	}
	req.Header.Set("Authorization", "Bearer "+d.admin)
	if method != http.MethodGet {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Del(headers[i])
		if headers[i+1] != "" {
			req.Header.Set(headers[i], headers[i+1])
		}
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	return answer{t: d.t, status: res.StatusCode, header: res.Header, body: string(text)}, err
}

// is requires a status and returns the body, decoded.
func (a answer) is(status int) map[string]any {
	a.t.Helper()
	require.Equal(a.t, status, a.status, a.body)
	if a.body == "" {
		return nil
	}
	var v map[string]any
	decoder := json.NewDecoder(strings.NewReader(a.body))
	decoder.UseNumber()
	require.NoError(a.t, decoder.Decode(&v), a.body)
	return v
}

// problem requires a problem document and returns its fields' messages.
func (a answer) problem(status int) (detail string, fields map[string]string) {
	a.t.Helper()
	v := a.is(status)
	require.Equal(a.t, "application/problem+json", a.header.Get("Content-Type"), a.body)
	require.Equal(a.t, strconv.Itoa(status), fmt.Sprint(v["status"]))
	require.NotEmpty(a.t, v["title"])
	require.NotEmpty(a.t, v["type"])
	detail, _ = v["detail"].(string)
	require.NotEmpty(a.t, detail)
	fields = map[string]string{}
	list, _ := v["errors"].([]any)
	for _, item := range list {
		f := item.(map[string]any)
		fields[f["field"].(string)] = f["message"].(string)
	}
	return detail, fields
}

// webhook makes one and returns its id.
func (d *desk) webhook(url string) string {
	d.t.Helper()
	return d.call("POST", "/api/v1/webhooks", `{"name":"Hook","url":"`+url+`"}`).is(201)["id"].(string)
}

func (d *desk) publish(body string) string {
	d.t.Helper()
	return d.call("POST", "/api/v1/events", body).is(202)["id"].(string)
}

// counts are the rows of everything a call could have made. One webhook gets all
// events, so an event shows as a delivery.
func (d *desk) counts() map[string]int {
	d.t.Helper()
	ctx, system := d.t.Context(), models.Actor{System: true}
	deliveries, err := d.svc.Deliveries.List(ctx, system, models.DeliveryFilter{}, models.PageRequest{Limit: 200})
	require.NoError(d.t, err)
	webhooks, err := d.svc.Webhooks.List(ctx, system, "", models.PageRequest{Limit: 200})
	require.NoError(d.t, err)
	types, err := d.svc.EventTypes.List(ctx, system)
	require.NoError(d.t, err)
	tokens, err := d.svc.Tokens.List(ctx, system)
	require.NoError(d.t, err)
	people, err := d.svc.Participants.List(ctx, system, "", models.PageRequest{Limit: 200})
	require.NoError(d.t, err)
	return map[string]int{"participants": len(people.Items), "deliveries": len(deliveries.Items), "webhooks": len(webhooks.Items), "types": len(types), "tokens": len(tokens)}
}

// okay is a receiver that is content with everything.
func okay(http.ResponseWriter, *http.Request) {}
