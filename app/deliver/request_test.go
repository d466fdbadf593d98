package deliver

import (
	"bufio"
	"net"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/secret"
	"hookline/models"
)

// rawReceiver answers one request with 204 and hands out its header lines as
// they stood on the wire.
func rawReceiver(t *testing.T) (url string, lines chan []string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	lines = make(chan []string, 1)
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer func() { _ = conn.Close() }()
		var got []string
		for scan := bufio.NewScanner(conn); scan.Scan() && scan.Text() != ""; {
			got = append(got, scan.Text())
		}
		_, _ = conn.Write([]byte("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"))
		lines <- got
	}()
	return "http://" + listener.Addr().String(), lines
}

// Header names go out in the spelling of the person, ours in that of the
// documents; each once.
func TestHeaderNamesKeepTheirCase(t *testing.T) {
	b := newRig(t)
	url, lines := rawReceiver(t)
	in := b.input(url)
	in.Webhook.Method = "GET"
	in.Webhook.Headers = []models.Header{
		{Name: "x-LOWER-Mixed", Value: "1"}, {Name: "SOAPAction", Value: "go"}, {Name: "user-agent", Value: "Mine/2"},
	}
	require.Equal(t, models.Success, b.Send(t.Context(), in).Attempt.Outcome)

	var names []string
	for _, line := range (<-lines)[1:] {
		name, _, _ := strings.Cut(line, ":")
		names = append(names, name)
	}
	require.ElementsMatch(t, []string{
		"Host", "x-LOWER-Mixed", "SOAPAction", "User-Agent", "Idempotency-Key",
		"X-Hookline-Delivery-Id", "X-Hookline-Event", "X-Hookline-Event-Id", "X-Hookline-Hops", "x-webhook-secret", "X-Hmac-Signature",
	}, names)
}

func TestCustomUserAgent(t *testing.T) {
	b := newRig(t)
	server, got := receiver(t, answerOK)
	in := b.input(server.URL)
	in.Webhook.Headers = []models.Header{{Name: "user-AGENT", Value: "Mine/2"}}
	a := b.Send(t.Context(), in).Attempt
	require.Equal(t, []string{"Mine/2"}, (<-got).header["User-Agent"])
	require.Equal(t, []string{"Mine/2"}, lineValues(a.Request.Headers, "User-Agent"))
}

// D7: what Hookline sets, a custom header cannot override, in no spelling; not
// even one that was saved before the workspace's prefix changed.
func TestOwnHeadersWinD7(t *testing.T) {
	b := newRig(t)
	server, got := receiver(t, answerOK)
	in := b.input(server.URL)
	in.Settings.HeaderPrefix = "X-Acme"
	for _, name := range []string{
		"content-type", "IDEMPOTENCY-KEY", "x-acme-delivery-id", "X-Acme-Event", "x-acme-HOPS", "X-WEBHOOK-SECRET", "x-hmac-signature",
		"host", "Content-Length", "Transfer-Encoding", "webhook-id",
	} {
		in.Webhook.Headers = append(in.Webhook.Headers, models.Header{Name: name, Value: "forged"})
	}
	in.Webhook.Headers = append(in.Webhook.Headers, models.Header{Name: "X-Hookline-Delivery-Id", Value: "mine now"})
	a := b.Send(t.Context(), in).Attempt
	require.Equal(t, models.Success, a.Outcome)

	h := (<-got).header
	for name, values := range h {
		require.Len(t, values, 1, name)
		require.NotEqual(t, "forged", values[0], name)
	}
	require.Equal(t, deliveryID, h.Get("Idempotency-Key"))
	require.Equal(t, deliveryID, h.Get("X-Acme-Delivery-Id"))
	require.Equal(t, "release.published", h.Get("X-Acme-Event"))
	require.Equal(t, "evt_7", h.Get("X-Acme-Event-Id"))
	require.Equal(t, "1", h.Get("X-Acme-Hops"))
	require.Equal(t, "application/json", h.Get("Content-Type"))
	require.Equal(t, "mine now", h.Get("X-Hookline-Delivery-Id"), "no longer reserved")
	require.NotContains(t, a.Request.Headers, models.HeaderLine{Name: "content-type", Value: "forged"})
}

// D4: the receiver gets the secret, the log gets ***.
func TestSecretHeaderD4(t *testing.T) {
	b := newRig(t)
	server, got := receiver(t, answerOK)
	in := b.input(server.URL)
	in.Webhook.Headers = []models.Header{b.secretHeader("wh_1", "Authorization", "Bearer canary-1")}
	a := b.Send(t.Context(), in).Attempt
	require.Equal(t, "Bearer canary-1", (<-got).header.Get("Authorization"))
	require.Equal(t, []string{"***"}, lineValues(a.Request.Headers, "Authorization"))
}

// Preview is what Send logs, but for the signature; it needs no key.
func TestPreviewIsWhatIsSent(t *testing.T) {
	b := newRig(t)
	server, _ := receiver(t, answerOK)
	in := b.input(server.URL + "/p")
	in.Webhook.Headers = []models.Header{b.secretHeader("wh_1", "X-Key", "canary-2"), {Name: "X-Open", Value: "v"}}
	sent := b.Send(t.Context(), in).Attempt.Request
	for i, line := range sent.Headers {
		if line.Name == "X-Hmac-Signature" {
			sent.Headers[i].Value = "***"
		}
	}
	preview, err := b.Preview(in)
	require.NoError(t, err)
	require.Equal(t, sent, preview.Request)
	require.Equal(t, len(sent.Body), preview.Bytes)
	require.Empty(t, preview.Missing)

	in.Webhook.ID, in.Webhook.Signing.Key = "", models.Sealed("not saved yet")
	in.Webhook.Headers[0].Sealed = nil
	unsaved, err := b.Preview(in)
	require.NoError(t, err)
	require.Equal(t, sent, unsaved.Request)
}

func TestPreviewErrors(t *testing.T) {
	b := newRig(t)
	for _, tc := range []struct {
		set  func(*models.Webhook)
		want string
	}{
		{func(w *models.Webhook) { w.URL = "" }, "The URL is empty. Write it like https://hooks.example.com/path."},
		{func(w *models.Webhook) { w.Body.Format = "x" }, `This version of Hookline does not know the body format "x".`},
		{func(w *models.Webhook) { w.Signing.Key = nil }, "The webhook signs its requests but has no signing key. Set one, or switch signing off."},
	} {
		in := b.input("https://hooks.example.com/x")
		tc.set(in.Webhook)
		_, err := b.Preview(in)
		var fault *models.Error
		require.ErrorAs(t, err, &fault)
		require.Equal(t, tc.want, fault.Message)
		require.Equal(t, models.Invalid, models.CodeOf(err))
	}
}

// Egress may hold on to the request that it is given: nothing shared between
// attempts.
func TestMessagesShareNothing(t *testing.T) {
	b := newRig(t)
	in := b.input("https://hooks.example.com/x")
	p := b.prepared(&in)
	first, _ := p.message(&in, p.signer(noon))
	second, _ := p.message(&in, p.signer(noon))
	first.header["Idempotency-Key"][0] = "changed"
	first.header["X-Hookline-Event"] = append(first.header["X-Hookline-Event"], "more")
	first.body[0] = 'x'
	third, _ := p.message(&in, p.signer(noon))
	require.Equal(t, second, third)
}

func TestSecretPlacesAreTheStores(t *testing.T) {
	b := newRig(t)
	in := b.input("https://hooks.example.com/x")
	in.Webhook.Headers = []models.Header{{Name: "X-KEY", Secret: true, Sealed: b.seal("v4lue", secret.HeaderValue("wh_1", "x-key"))}}
	p := b.prepared(&in)
	require.Nil(t, p.fault)
	require.Equal(t, "v4lue", p.custom[0].value)
}
