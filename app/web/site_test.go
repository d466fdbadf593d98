package web_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/app/apptest"
	"hookline/app/capture"
	"hookline/app/deliver"
	"hookline/app/egress"
	"hookline/app/secret"
	"hookline/app/service"
	"hookline/app/service/account"
	"hookline/app/store"
	"hookline/app/web"
	"hookline/models"
)

// site is the whole door on a database of its own: nothing in it is a stand-in.
type site struct {
	*httptest.Server
	t     *testing.T
	svc   *service.Service
	store *store.Store
	log   *journal
	clock *clock
}

type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// journal collects the log, to look for what must not be in it.
type journal struct {
	mu   sync.Mutex
	text []byte
}

func (j *journal) Write(b []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.text = append(j.text, b...)
	return len(b), nil
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return string(j.text)
}

func newSite(t *testing.T, change ...func(*web.Options)) *site {
	t.Helper()
	return newSiteWith(t, nil, change...)
}

// newSiteOn is newSite with a server that is set up before it starts.
func newSiteOn(t *testing.T, server func(*http.Server)) *site {
	t.Helper()
	return startSite(t, nil, server)
}

func newSiteWith(t *testing.T, mail account.Mailer, change ...func(*web.Options)) *site {
	t.Helper()
	return startSite(t, mail, func(*http.Server) {}, change...)
}

func startSite(t *testing.T, mail account.Mailer, server func(*http.Server), change ...func(*web.Options)) *site {
	t.Helper()
	return startSiteOn(t, "", mail, server, change...)
}

// startSiteOn is on this database; on SQLite when it is "".
func startSiteOn(t *testing.T, database string, mail account.Mailer, server func(*http.Server), change ...func(*web.Options)) *site {
	t.Helper()
	ctx, dir := context.Background(), t.TempDir()
	s := &site{t: t, log: &journal{}, clock: &clock{now: time.Now().UTC()}}
	var err error
	if database == "" {
		database = "sqlite:" + filepath.Join(dir, "hookline.db")
	}
	s.store, err = store.Open(ctx, store.Options{
		Database: database, Exclusive: true, Migrate: true, Node: "n1", Now: s.clock.Now,
	})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.store.Close()) })
	box, err := secret.Load("", dir, true)
	require.NoError(t, err)
	client := egress.New(egress.Config{AllowHTTP: true, AllowTargets: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	t.Cleanup(client.Close)
	bin := capture.New(capture.Options{Store: s.store, Now: s.clock.Now})
	t.Cleanup(bin.Close)
	s.svc = service.New(service.Deps{
		Store: s.store, Capture: bin, Box: box, Sender: deliver.NewSender(client, box, s.clock.Now), Targets: client, Now: s.clock.Now, SiteDomain: "desk.example.com",
		Mail: mail, Links: publicLinks{},
	})
	require.NoError(t, s.svc.EventTypes.Seed(ctx))

	s.Server = httptest.NewUnstartedServer(nil)
	o := web.Options{Service: s.svc, Capture: bin, BaseURL: "http://" + s.Listener.Addr().String(), Now: s.clock.Now, Log: slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug}))}
	for _, c := range change {
		c(&o)
	}
	s.Config.Handler, err = web.New(o)
	require.NoError(t, err)
	server(s.Config)
	s.Start()
	t.Cleanup(s.Close)
	return s
}

const password = "correct horse battery"

// person makes a user of this role, named after it.
func (s *site) person(role models.Role) models.User {
	s.t.Helper()
	u, err := s.svc.Accounts.Add(context.Background(), string(role)+"@example.com", "A "+string(role), role, password)
	require.NoError(s.t, err)
	return u
}

// system is an actor that may do everything, to prepare with.
var system = models.Actor{System: true}

// webhook makes one through the use case.
func (s *site) webhook(name, url string) models.Webhook {
	s.t.Helper()
	saved, err := s.svc.Webhooks.Create(context.Background(), system, apptest.Draft(name, url))
	require.NoError(s.t, err)
	return saved.Webhook
}

// delivery publishes an event and returns the delivery it makes for the webhook.
func (s *site) delivery(w models.Webhook) models.Delivery {
	s.t.Helper()
	ctx := context.Background()
	_, err := s.svc.Events.Publish(ctx, system, service.NewEvent{Type: "release.published", Data: json.RawMessage(`{"version":"1.2"}`)})
	require.NoError(s.t, err)
	page, err := s.svc.Deliveries.List(ctx, system, models.DeliveryFilter{WebhookID: w.ID}, models.PageRequest{Limit: 1})
	require.NoError(s.t, err)
	require.Len(s.t, page.Items, 1)
	return page.Items[0]
}

// receiver answers every request with this status.
func receiver(t *testing.T, status int) string {
	t.Helper()
	r := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = w.Write([]byte(`<script>alert("from outside")</script>`))
	}))
	t.Cleanup(r.Close)
	return r.URL
}

// recorder is a receiver that shows each request to look.
func recorder(t *testing.T, look func(*http.Request)) string {
	t.Helper()
	r := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { look(r) }))
	t.Cleanup(r.Close)
	return r.URL
}

var (
	pageOne = models.PageRequest{}
	anyTest = service.TestInput{}
)

func inputURL(u string) func(*service.WebhookDraft) {
	return func(d *service.WebhookDraft) { d.Settings.URL = u }
}
