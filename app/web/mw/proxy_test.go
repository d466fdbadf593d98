package mw

import (
	"net/http/httptest"
	"net/netip"
	"testing"

	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"
)

func TestClientNetwork_IsWhatOneClientHas(t *testing.T) {
	e := echo.New()
	e.IPExtractor = echo.ExtractIPDirect()
	for remote, want := range map[string]string{
		"192.0.2.7:1":               "192.0.2.7",
		"[::ffff:192.0.2.7]:1":      "192.0.2.7",
		"[2001:db8:1:2:3:4:5:6]:1":  "2001:db8:1:2::/64",
		"[2001:db8:1:2::ffff]:1":    "2001:db8:1:2::/64",
		"[fe80::1%eth0]:1":          "fe80::/64",
		"@":                         "",
		"[2001:db8:1:3:3:4:5:6]:99": "2001:db8:1:3::/64",
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = remote
		require.Equal(t, want, ClientNetwork(e.NewContext(r, nil)), remote)
	}
}

func TestProxies_StripWhatStrangersSay(t *testing.T) {
	p := NewProxies([]netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("2001:db8::/32")})
	for remote, kept := range map[string]bool{
		"10.1.2.3:1": true, "[::ffff:10.1.2.3]:1": true, "[2001:db8::1]:1": true, "192.0.2.7:1": false, "[2001:db9::1]:1": false, "@": false,
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = remote
		for _, name := range forwarded {
			r.Header.Set(name, "x")
		}
		e := echo.New()
		handler := p.Strip(func(echo.Context) error { return nil })
		require.NoError(t, handler(e.NewContext(r, httptest.NewRecorder())))
		require.Equal(t, kept, r.Header.Get("X-Forwarded-Proto") != "", remote)
		require.Equal(t, kept, len(r.Header) > 0, remote)
	}
}
