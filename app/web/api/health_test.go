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

// A proxy that adds no header looks like the machine itself, so nobody reads the
// metrics without a token.
func TestMetricsNeedAToken(t *testing.T) {
	d := newDesk(t)
	scrape, read := d.token(models.MetricsRead), d.token(models.EventsRead)
	for _, header := range [][]string{nil, {"X-Forwarded-For", "203.0.113.7"}, {"X-Forwarded-Proto", "https"}, {"Via", "1.1 proxy"}} {
		call := func(token string) answer {
			if token != "" {
				token = "Bearer " + token
			}
			return d.call("GET", "/metrics", "", append([]string{"Authorization", token}, header...)...)
		}
		call("").problem(401)
		call("nope").problem(401)
		call(read).problem(403)
		require.Equal(t, "hookline_up 1\n", call(scrape).body)
		require.Equal(t, 200, call(d.admin).status)
	}
	require.Equal(t, 200, d.call("HEAD", "/metrics", "").status)
	d.call("GET", "/api/v1/events", "", "Authorization", "Bearer "+scrape).problem(403)
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
