package mw

import (
	"net"
	"net/http"
	"net/netip"

	"github.com/labstack/echo/v4"
)

// forwarded are the headers by which a proxy says whom it speaks for.
var forwarded = []string{
	"Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Port",
	"X-Forwarded-Protocol", "X-Forwarded-Ssl", "X-Url-Scheme", "X-Real-Ip",
}

// Proxies believes X-Forwarded-For and -Proto of the trusted networks alone.
// From anybody else these headers are dropped, so that no code behind, ours or a
// library's, can believe them by mistake.
type Proxies struct{ trusted []netip.Prefix }

// NewProxies trusts these networks; none means that clients connect directly.
func NewProxies(trusted []netip.Prefix) Proxies { return Proxies{trusted} }

// Strip drops what strangers say about themselves.
func (p Proxies) Strip(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if !p.trusts(c.Request()) {
			for _, name := range forwarded {
				c.Request().Header.Del(name)
			}
		}
		return next(c)
	}
}

func (p Proxies) trusts(r *http.Request) bool {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil || len(p.trusted) == 0 {
		return false
	}
	addr := peer.Addr().Unmap().WithZone("")
	for _, prefix := range p.trusted {
		if prefix.Contains(addr) {
			return true
		}
	}
	return false
}

// Extractor finds the client's address: the nearest one that is not a trusted
// proxy's.
func (p Proxies) Extractor() echo.IPExtractor {
	if len(p.trusted) == 0 {
		return echo.ExtractIPDirect()
	}
	options := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, prefix := range p.trusted {
		options = append(options, echo.TrustIPRange(&net.IPNet{
			IP: prefix.Addr().AsSlice(), Mask: net.CIDRMask(prefix.Bits(), prefix.Addr().BitLen()),
		}))
	}
	return echo.ExtractIPFromXFFHeader(options...)
}

// ClientNetwork is whom to throttle: an IPv4 address, but the /64 of an IPv6
// one, since every client has that many addresses to itself.
func ClientNetwork(c echo.Context) string {
	addr, err := netip.ParseAddr(c.RealIP())
	if err != nil {
		return c.RealIP()
	}
	addr = addr.Unmap()
	if addr.Is4() {
		return addr.String()
	}
	network, err := addr.WithZone("").Prefix(64)
	if err != nil {
		return addr.String()
	}
	return network.String()
}
