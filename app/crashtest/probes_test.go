package crashtest

import (
	"net"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// B14: metrics have an address of their own if the operator wants it, which asks
// for no token and answers nothing else; on the address of pages and API they take
// a token.
func TestMetricsListen(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	p := s.serve(t, "--metrics-listen", "[::1]:0")
	url, ok := p.stdout.line(t, "Its metrics are at ", p.ended)
	require.True(t, ok)
	nobody := newAPI(t, "", "")
	get := func(status int, url string) reply { return nobody.must(t, status, http.MethodGet, url, nil, nil) }
	base := url[:len(url)-len("/metrics")]
	require.Contains(t, string(get(http.StatusOK, url).body), "hookline_log_lines_dropped_total 0")
	require.Contains(t, string(get(http.StatusOK, base+"/healthz").body), "ok")
	require.Contains(t, string(get(http.StatusOK, base+"/readyz").body), "ready")
	for _, path := range []string{"/", "/login", "/api/v1/webhooks", "/api/openapi.json", "/metrics/x"} {
		get(http.StatusNotFound, base+path)
	}
	nobody.must(t, http.StatusMethodNotAllowed, http.MethodPost, url, nil, nil)

	get(http.StatusUnauthorized, p.url+"/metrics")
	get(http.StatusOK, p.url+"/readyz")
	got := s.run(t, "", "token", "add", "--name", "Prometheus", "--scopes", "metrics:read")
	require.Zero(t, got.code, got.stderr)
	require.Contains(t, string(newAPI(t, p.url, got.stdout[:len(got.stdout)-1]).must(t, http.StatusOK, http.MethodGet, "/metrics", nil, nil).body), "hookline_lanes")
	p.stop(t)
}

// An address that cannot be served is refused before anything is served.
func TestMetricsListenRefused(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { _ = taken.Close() }()
	s := usedSite(t)
	before := s.snapshot(t)
	checkRefused(t, s.tryServe(t, "--metrics-listen", taken.Addr().String()), "cannot listen on "+taken.Addr().String(), "--metrics-listen")
	checkUnchanged(t, before, s.snapshot(t))
	for _, same := range [][2]string{{"127.0.0.1:18080", "127.0.0.1:18080"}, {"127.0.0.1:18080", ":18080"}, {"[::]:18080", "127.0.0.1:18080"}, {"localhost:18080", "127.0.0.1:18080"}} {
		got := s.run(t, "", "serve", "--listen", same[0], "--metrics-listen", same[1])
		require.Equal(t, 2, got.code, got.stderr)
		require.Contains(t, got.stderr, "--metrics-listen must be another address than --listen")
	}
	require.Equal(t, 2, s.run(t, "", "serve", "--metrics-listen", "http://127.0.0.1:9/").code)
}

// Cookies do not go by the port: a browser that signs in to a second installation
// on the host stays signed in to the first, and keeps its theme.
func TestTwoInstallationsOnOneHost(t *testing.T) {
	t.Parallel()
	var browsers [2]*browser
	for i := range browsers {
		s := newSite(t)
		p := s.serve(t)
		s.addOwner(t)
		browsers[i] = newBrowser(t, p.url)
	}
	one, two := browsers[0], browsers[1]
	two.client.Jar = one.client.Jar
	one.login(t, ownerEmail, ownerPassword)
	form := one.form(t, "/webhooks", "/theme")
	form.Set("theme", "dark")
	require.Equal(t, http.StatusSeeOther, one.post(t, "/theme", form).status)
	two.login(t, ownerEmail, ownerPassword)
	for _, b := range browsers {
		require.Equal(t, http.StatusOK, b.get(t, "/webhooks").status)
	}
	dark := `data-theme="dark"`
	require.Contains(t, string(one.get(t, "/webhooks").body), dark)
	require.NotContains(t, string(two.get(t, "/webhooks").body), dark)

	two.post(t, "/logout", two.form(t, "/webhooks", "/logout"))
	require.Equal(t, http.StatusOK, one.get(t, "/webhooks").status, "signing out of one leaves the other alone")
}
