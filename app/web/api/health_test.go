package api_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/models"
)

func TestHealthAndReadinessB14(t *testing.T) {
	d := newDesk(t)
	for _, path := range []string{"/healthz", "/readyz"} {
		require.NotEmpty(t, d.call("GET", path, "", "Authorization", "").is(200)["status"])
		require.Equal(t, 200, d.call("HEAD", path, "").status)
		d.call("POST", path, "").problem(405)
	}
	require.NoError(t, d.store.Close())
	d.call("GET", "/healthz", "").is(200)
	a := d.call("GET", "/readyz", "")
	a.problem(503)
	require.NotEmpty(t, a.header.Get("Retry-After"))
	require.NotContains(t, a.body, "sql")
}

func TestMetricsAreForTheMachineAndAdmins(t *testing.T) {
	d := newDesk(t)
	read := d.token(models.EventsRead)
	require.Equal(t, "hookline_up 1\n", d.call("GET", "/metrics", "", "Authorization", "").body)
	for _, header := range []string{"X-Forwarded-For", "X-Forwarded-Proto", "Forwarded", "X-Real-Ip", "Via"} {
		d.call("GET", "/metrics", "", "Authorization", "", header, "203.0.113.7").problem(404)
		d.call("GET", "/metrics", "", "Authorization", "Bearer nope", header, "203.0.113.7").problem(401)
		d.call("GET", "/metrics", "", "Authorization", "Bearer "+read, header, "203.0.113.7").problem(403)
		require.Equal(t, 200, d.call("GET", "/metrics", "", header, "203.0.113.7").status)
	}
}

// Promise 9: what cannot be stored is not accepted.
func TestNothingIsAcceptedWhileTheDatabaseIsAway(t *testing.T) {
	d := newDesk(t)
	require.NoError(t, d.store.Close())
	for path, body := range map[string]string{"/events": anEvent, "/events/batch": `{"events":[` + anEvent + `,` + anEvent + `,{}]}`} {
		a := d.call("POST", "/api/v1"+path, body)
		a.problem(503)
		require.Equal(t, "5", a.header.Get("Retry-After"))
	}
}
