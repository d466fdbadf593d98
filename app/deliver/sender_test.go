package deliver

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"hookline/app/egress"
	"hookline/models"
)

// Z6, D7, W7, W5, Z2: the whole request as it arrives, and the record of it.
func TestSendSiteEnvelope(t *testing.T) {
	b := newRig(t)
	server, got := receiver(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Trace", "t-1")
		w.WriteHeader(http.StatusAccepted)
		answerOK(w, r)
	})
	in := b.input(server.URL + "/hook?k=v")
	in.Webhook.Headers = []models.Header{{Name: "X-Team", Value: "blue"}}

	ex := b.Send(t.Context(), in)

	r := <-got
	body := `{"title":"Release published","description":"A <b>release</b> is out.","siteName":"Ada & \"Söhne\"",` +
		`"siteDomain":"site.example","data":` + eventData + `}`
	require.Equal(t, body, string(r.body), "promise 4: the data's bytes are untouched")
	require.Equal(t, int64(len(body)), r.length)
	require.Equal(t, "POST", r.method)
	require.Equal(t, "/hook?k=v", r.path)
	token := r.header.Get("X-Webhook-Secret")
	require.NotEmpty(t, token)
	want := http.Header{
		"Content-Type": {"application/json"}, "Content-Length": r.header["Content-Length"],
		"User-Agent": {"Hookline/1"}, "X-Team": {"blue"},
		"Idempotency-Key": {deliveryID}, "X-Hookline-Delivery-Id": {deliveryID},
		"X-Hookline-Event": {"release.published"}, "X-Hookline-Event-Id": {"evt_7"}, "X-Hookline-Hops": {"1"},
		"X-Webhook-Secret": {token}, "X-Hmac-Signature": {newSigningKey(testKey).signBody([]byte(body))},
	}
	require.Empty(t, cmp.Diff(want, r.header))

	require.False(t, ex.GivenBack)
	require.Zero(t, ex.RetryAfter)
	a := ex.Attempt
	require.Positive(t, a.Duration)
	require.False(t, a.StartedAt.IsZero())
	require.Equal(t, time.UTC, a.StartedAt.Location())
	require.Positive(t, a.Timing.Wait)
	a.Duration, a.StartedAt, a.Timing = 0, time.Time{}, models.Timing{}
	a.Response.Headers = nil // the server's date differs
	require.Empty(t, cmp.Diff(models.Attempt{
		Number: 3, WebhookVersion: 1, Outcome: models.Success, Status: 202,
		Request: models.LoggedRequest{
			Method: "POST", URL: server.URL + "/hook?k=v", Body: []byte(body),
			Headers: []models.HeaderLine{
				{Name: "X-Team", Value: "blue"},
				{Name: "User-Agent", Value: "Hookline/1"},
				{Name: "Content-Type", Value: "application/json"},
				{Name: "Idempotency-Key", Value: deliveryID},
				{Name: "X-Hookline-Delivery-Id", Value: deliveryID},
				{Name: "X-Hookline-Event", Value: "release.published"},
				{Name: "X-Hookline-Event-Id", Value: "evt_7"},
				{Name: "X-Hookline-Hops", Value: "1"},
				{Name: "x-webhook-secret", Value: "***"},
				{Name: "X-Hmac-Signature", Value: want.Get("X-Hmac-Signature")},
			},
		},
		Response: models.LoggedResponse{Body: []byte("thanks")},
	}, a))
	require.Equal(t, []string{"t-1"}, lineValues(ex.Attempt.Response.Headers, "X-Trace"))
}

// H1: GET and DELETE carry no body; the signatures are over the empty body.
func TestSendWithoutBodyH1(t *testing.T) {
	b := newRig(t)
	for _, method := range []string{"GET", "DELETE"} {
		server, got := receiver(t, answerOK)
		in := b.input(server.URL)
		in.Webhook.Method = method
		in.Delivery.Test = true // so that the second method is not the first's cached form

		ex := b.Send(t.Context(), in)
		require.Equal(t, models.Success, ex.Attempt.Outcome)
		r := <-got
		require.Equal(t, method, r.method)
		require.Empty(t, r.body)
		require.NotContains(t, r.header, "Content-Type")
		require.Equal(t, newSigningKey(testKey).signBody(nil), r.header.Get("X-Hmac-Signature"))
		claims := verify(t, r.header.Get("X-Webhook-Secret"), testKey)
		require.Equal(t, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", claims["body_sha256"])
		require.Nil(t, ex.Attempt.Request.Body)
	}
}

// Every failure a receiver can make, through the real client.
func TestSendFailures(t *testing.T) {
	b := newRig(t)
	plain := httptest.NewTLSServer(http.HandlerFunc(answerOK)) // its certificate is not trusted
	defer plain.Close()
	status := func(code int, header ...string) string {
		server, _ := receiver(t, func(w http.ResponseWriter, _ *http.Request) {
			for i := 0; i < len(header); i += 2 {
				w.Header().Set(header[i], header[i+1])
			}
			w.WriteHeader(code)
		})
		return server.URL
	}
	closed := httptest.NewServer(http.HandlerFunc(answerOK))
	closed.Close()
	release := make(chan struct{})
	slow, _ := receiver(t, func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-release:
		case <-r.Context().Done():
		}
	})
	defer close(release)
	tripwire, hit := receiver(t, answerOK)

	for _, tc := range []struct {
		name, url  string
		timeout    time.Duration
		outcome    models.Outcome
		status     int
		sentence   string
		retryAfter time.Duration
	}{
		{"500", status(500), 0, models.HTTPError, 500, "The receiver answered 500 Internal Server Error.", 0},
		{"429", status(429, "Retry-After", "120"), 0, models.HTTPError, 429, "The receiver answered 429 Too Many Requests.", 2 * time.Minute},
		{"503 by date", status(503, "Retry-After", noon.Add(time.Minute).Format(http.TimeFormat)), 0, models.HTTPError, 503,
			"The receiver answered 503 Service Unavailable.", time.Minute},
		{"307 (D8)", status(307, "Location", tripwire.URL), 0, models.HTTPError, 307,
			"The receiver answered with a redirect (307), which Hookline does not follow.", 0},
		{"refused", closed.URL, 0, models.Network, 0, "The receiver refused the connection; nothing listens on that port.", 0},
		{"untrusted", plain.URL, 0, models.TLS, 0,
			"The receiver's certificate is not signed by an authority that is trusted here (self-signed, or an intermediate certificate is missing).", 0},
		{"timeout", slow.URL, 100 * time.Millisecond, models.Timeout, 0, "The receiver did not answer within 100 ms.", 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			in := b.input(tc.url)
			in.Webhook.ID, in.Webhook.Signing = "wh_"+tc.name, models.Signing{}
			in.Webhook.Timeout = tc.timeout
			ex := b.Send(t.Context(), in)
			require.Equal(t, tc.outcome, ex.Attempt.Outcome)
			require.Equal(t, tc.status, ex.Attempt.Status)
			require.Equal(t, tc.sentence, ex.Attempt.Error)
			require.Equal(t, tc.retryAfter, ex.RetryAfter)
			require.NotEmpty(t, ex.Attempt.Request.Body, "what was sent is logged")
		})
	}
	require.Empty(t, hit, "D8: a redirect is not followed")
}

// D10: a blocked attempt keeps the guard's sentence and nothing else.
func TestSendBlockedD10(t *testing.T) {
	b := newRig(t)
	tripwire, hit := receiver(t, answerOK)
	strict := NewSender(egress.New(egress.Config{AllowHTTP: true}), b.box, func() time.Time { return noon })
	inner := "http://127.0.0.1" + tripwire.URL[strings.LastIndexByte(tripwire.URL, ':'):] + "/x"
	for _, url := range []string{inner, "https://169.254.169.254/latest", "https://intranet/", "ftp://a.example/"} {
		ex := strict.Send(t.Context(), b.inputFor("wh_"+url, url))
		a := ex.Attempt
		require.Equal(t, models.BlockedURL, a.Outcome, url)
		require.NotEmpty(t, a.Error)
		require.NotContains(t, a.Error, "127.0.0.1")
		require.Equal(t, models.LoggedRequest{Method: "POST", URL: url}, a.Request)
		require.Zero(t, a.Response)
		require.Zero(t, a.Duration, "no timing oracle")
		require.Zero(t, a.Status)
		require.Equal(t, 3, a.Number)
		require.Equal(t, noon, a.StartedAt)
	}
	require.Empty(t, hit)
}

func (b rig) inputFor(id, url string) Input {
	in := b.input(url)
	in.Webhook.ID, in.Webhook.Signing = id, models.Signing{}
	return in
}

// A refusal at connect time (a name that resolves inside) is told no better.
func TestSendBlockedAtConnect(t *testing.T) {
	b := newRig(t)
	strict := NewSender(egress.New(egress.Config{Resolve: resolveInside}), b.box, time.Now)
	in := b.input("https://rebind.example/")
	a := strict.Send(t.Context(), in).Attempt
	require.Equal(t, models.BlockedURL, a.Outcome)
	require.NotContains(t, a.Error, "10.0.0.5")
	require.Equal(t, models.LoggedRequest{Method: "POST", URL: "https://rebind.example/"}, a.Request)
	require.Zero(t, a.Duration)
	require.Zero(t, a.Response)
}

// Promise 10: an attempt that our own stop ended is given back, not logged.
func TestSendGivesBackWhenCancelled(t *testing.T) {
	b := newRig(t)
	ctx, cancel := context.WithCancel(t.Context())
	server, _ := receiver(t, func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	ex := b.Send(ctx, b.input(server.URL))
	require.Equal(t, Exchange{GivenBack: true}, ex)
}

// Promise 7, and KeptRequestBody: the log keeps the start of what is long.
func TestSendLongBodiesAreCut(t *testing.T) {
	b := newRig(t)
	server, got := receiver(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(strings.Repeat("r", 20<<10)))
	})
	in := b.input(server.URL)
	in.Event.Data = []byte(`{"x":"` + strings.Repeat("q", 100<<10) + `"}`)
	a := b.Send(t.Context(), in).Attempt
	sent := <-got
	require.Equal(t, models.Success, a.Outcome, "promise 7: long is no failure")
	require.Len(t, a.Response.Body, 16<<10)
	require.True(t, a.Response.Truncated)
	require.True(t, a.Request.Truncated)
	require.Equal(t, sent.body[:models.KeptRequestBody], a.Request.Body)
	require.Greater(t, len(sent.body), 100<<10, "the wire gets all of it")
}

func TestSendUnknownFormat(t *testing.T) {
	b := newRig(t)
	in := b.input("https://h.example/")
	in.Webhook.Body.Format = "xml"
	a := b.Send(t.Context(), in).Attempt
	require.Equal(t, models.RenderError, a.Outcome)
	require.Equal(t, `This version of Hookline does not know the body format "xml".`, a.Error)
}
