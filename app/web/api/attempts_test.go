package api_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/models"
)

// Z5, W6: an attempt tells what its time was spent on and what its error is
// called; the delivery says what happened and what to do next.
func TestZ5_W6_AttemptTellsTimingCauseAndDiagnosis(t *testing.T) {
	d := newDelivering(t)
	fine := receiver(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	delivery, attempt := d.tested(fine)
	require.Nil(t, delivery["diagnosis"])
	require.Nil(t, attempt["cause"])
	timing := attempt["timing"].(map[string]any)
	require.Len(t, timing, 6)
	for _, phase := range []string{"dns_ms", "connect_ms", "tls_ms", "first_byte_ms", "body_ms"} {
		require.Contains(t, timing, phase)
	}
	require.NotEqual(t, "0", timing["first_byte_ms"])
	require.Equal(t, false, timing["reused"])
	_, again := d.tested(fine)
	require.Equal(t, true, again["timing"].(map[string]any)["reused"])

	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	untrusted := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(untrusted.Close)
	for url, want := range map[string]struct {
		outcome models.Outcome
		cause   string
	}{
		closed.URL:    {models.Network, "connection_refused"},
		untrusted.URL: {models.TLS, "tls_untrusted"},
	} {
		delivery, attempt := d.tested(url)
		require.Equal(t, want.cause, attempt["cause"])
		said := models.Diagnose(want.outcome, 0, models.Cause(want.cause)).OfTest()
		require.Equal(t, map[string]any{"title": said.Title(), "advice": said.Advice}, delivery["diagnosis"])
	}
}

// tested is the delivery of one test to this URL, and its attempt.
func (d *desk) tested(url string) (delivery, attempt map[string]any) {
	d.t.Helper()
	sent := d.call("POST", "/api/v1/webhooks/"+d.webhook(url)+"/test", "").is(200)
	delivery = d.call("GET", "/api/v1/deliveries/"+sent["delivery_id"].(string), "").is(200)
	return delivery, delivery["attempts"].([]any)[0].(map[string]any)
}
