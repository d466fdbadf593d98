package crashtest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// newClient has more idle connections than http.DefaultClient, and a deadline.
func newClient() *http.Client {
	return &http.Client{Timeout: patience, Transport: &http.Transport{MaxIdleConnsPerHost: 64, IdleConnTimeout: time.Minute}}
}

// api calls one server with a token.
type api struct {
	url, token string
	client     *http.Client
}

func newAPI(t testing.TB, url, token string) api {
	t.Helper()
	c := newClient()
	t.Cleanup(c.CloseIdleConnections)
	return api{url: url, token: token, client: c}
}

type reply struct {
	status int
	header http.Header
	body   []byte
}

// call sends in as JSON, or as it is when it is bytes already.
func (a api) call(method, path string, in any, header ...string) (reply, error) {
	raw, ok := in.([]byte)
	if !ok && in != nil {
		var err error
		if raw, err = json.Marshal(in); err != nil {
			return reply{}, err
		}
	}
	req, err := http.NewRequest(method, a.url+path, bytes.NewReader(raw))
	if err != nil {
		return reply{}, err
	}
	req.Header.Set("Authorization", "Bearer "+a.token)
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	return send(a.client, req)
}

func send(client *http.Client, req *http.Request) (reply, error) {
	res, err := client.Do(req)
	if err != nil {
		return reply{}, err
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	return reply{status: res.StatusCode, header: res.Header, body: body}, err
}

// must insists on a status, and reads the answer into out, which may be nil.
func (a api) must(t testing.TB, status int, method, path string, in, out any) reply {
	t.Helper()
	r, err := a.call(method, path, in)
	require.NoError(t, err)
	require.Equal(t, status, r.status, "%s %s: %s", method, path, r.body)
	if out != nil {
		require.NoError(t, json.Unmarshal(r.body, out), "%s", r.body)
	}
	return r
}

const eventType = "release.published"

// addWebhook makes an active webhook for all events; more is merged into it.
func (a api) addWebhook(t testing.TB, name, url string, more map[string]any) string {
	t.Helper()
	in := map[string]any{"name": name, "url": url, "subscriptions": map[string]any{"all": true}}
	for k, v := range more {
		in[k] = v
	}
	var out struct{ ID, State string }
	a.must(t, http.StatusCreated, http.MethodPost, "/api/v1/webhooks", in, &out)
	require.Equal(t, "active", out.State)
	return out.ID
}

// event is GET /events/{id}.
type event struct {
	ID         string
	Deliveries []delivery
}

type delivery struct {
	ID           string
	WebhookID    string `json:"webhook_id"`
	State        string
	AttemptCount int `json:"attempt_count"`
	LastAttempt  *struct {
		Outcome string
		Status  int
	} `json:"last_attempt"`
	Attempts []struct {
		Number  int
		Outcome string
		Status  int
	}
}

func (a api) event(t testing.TB, id string) event {
	t.Helper()
	var e event
	a.must(t, http.StatusOK, http.MethodGet, "/api/v1/events/"+id, nil, &e)
	return e
}

func (a api) delivery(t testing.TB, id string) delivery {
	t.Helper()
	var d delivery
	a.must(t, http.StatusOK, http.MethodGet, "/api/v1/deliveries/"+id, nil, &d)
	return d
}

// publish publishes an event with this id.
func (a api) publish(t testing.TB, id string) {
	t.Helper()
	a.must(t, http.StatusAccepted, http.MethodPost, "/api/v1/events", map[string]any{"type": eventType, "id": id, "data": map[string]any{"id": id}}, nil)
}

// eventually asks until done says yes, as long as patience lasts. It is for what
// gives no signal of its own.
func eventually(t testing.TB, what string, done func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.After(patience); !done(); {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("gave up waiting for: %s", what)
		}
	}
}
