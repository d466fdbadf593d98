package web_test

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/web"
)

func TestProxy_OnlyTrustedOnesAreBelieved(t *testing.T) {
	trust := func(o *web.Options) { o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} }
	for name, tt := range map[string]struct {
		change    []func(*web.Options)
		forwarded string
		want      string
	}{
		"direct":             {nil, "", "127.0.0.1"},
		"spoofed":            {nil, "203.0.113.7", "127.0.0.1"},
		"trusted":            {[]func(*web.Options){trust}, "203.0.113.7", "203.0.113.7"},
		"trusted, spoofed":   {[]func(*web.Options){trust}, "198.51.100.9, 203.0.113.7", "203.0.113.7"},
		"trusted, nonsense":  {[]func(*web.Options){trust}, "<b>", "127.0.0.1"},
		"trusted and silent": {[]func(*web.Options){trust}, "", "127.0.0.1"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, tt.change...)
			s.browser().get("/login", "X-Forwarded-For", tt.forwarded, "X-Real-Ip", "192.0.2.1", "Forwarded", "for=192.0.2.1")
			require.Contains(t, s.log.String(), "from="+tt.want+" ")
		})
	}
}
