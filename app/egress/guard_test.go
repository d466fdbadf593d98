package egress

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// specialV4 and specialV6 are the IANA special-purpose registries, written down
// apart from the code under test, with multicast, reserved space and the
// platform address of Azure.
var specialV4 = prefixes(
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
	"192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24",
	"192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
	"224.0.0.0/4", "240.0.0.0/4", "255.255.255.255/32", "168.63.129.16/32",
)

var specialV6 = prefixes(
	"::/128", "::1/128", "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "100:0:0:1::/64",
	"2001::/23", "2001::/32", "2001:2::/48", "2001:10::/28", "2001:20::/28", "2001:30::/28", "2001:db8::/32",
	"2002::/16", "2620:4f:8000::/48", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
)

var publicV6 = netip.MustParsePrefix("2000::/3")

func prefixes(list ...string) []netip.Prefix {
	var out []netip.Prefix
	for _, s := range list {
		out = append(out, netip.MustParsePrefix(s))
	}
	return out
}

func within(list []netip.Prefix, a netip.Addr) bool {
	for _, p := range list {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// disguises are all spellings of one address that reach the same place.
func disguises(a netip.Addr) []netip.Addr {
	if a.Is4() {
		mapped := netip.AddrFrom16(a.As16())
		return []netip.Addr{a, mapped, mapped.WithZone("eth0")}
	}
	return []netip.Addr{a, a.WithZone("eth0")}
}

// inside draws an address from a prefix: its bits, and any after them.
func inside(rt *rapid.T, p netip.Prefix) netip.Addr {
	size := p.Addr().BitLen() / 8
	b := p.Addr().AsSlice()
	noise := rapid.SliceOfN(rapid.Byte(), size, size).Draw(rt, "noise")
	for i := range b {
		fixed := min(max(p.Bits()-8*i, 0), 8)
		b[i] |= noise[i] & byte(0xff>>fixed)
	}
	a, _ := netip.AddrFromSlice(b)
	return a
}

// D10: no address of a special range passes, in no disguise.
func TestGuardRefusesSpecialRanges_D10(t *testing.T) {
	g := newGuard(nil)
	all := append(append([]netip.Prefix(nil), specialV4...), specialV6...)
	for _, p := range all {
		for _, a := range disguises(p.Addr()) {
			require.Error(t, g.check(a), "%s of %s", a, p)
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		p := rapid.SampledFrom(all).Draw(rt, "prefix")
		a := inside(rt, p)
		for _, d := range disguises(a) {
			if g.check(d) == nil {
				rt.Fatalf("%s of %s passes", d, p)
			}
		}
	})
}

// D10: what passes is exactly what no special range holds.
func TestGuardPassesPublicAddressesOnly_D10(t *testing.T) {
	g := newGuard(nil)
	rapid.Check(t, func(rt *rapid.T) {
		a := inside(rt, rapid.SampledFrom(prefixes("0.0.0.0/0", "::/0", "2000::/3", "2001::/16")).Draw(rt, "space"))
		public := !within(specialV4, a)
		if a.Is6() && !a.Is4In6() {
			public = publicV6.Contains(a) && !within(specialV6, a)
		}
		for _, d := range disguises(a.Unmap()) {
			if (g.check(d) == nil) != public {
				rt.Fatalf("%s: public is %v, check says %v", d, public, g.check(d))
			}
		}
	})
	for _, s := range []string{"1.1.1.1", "93.184.216.34", "100.63.255.255", "100.128.0.0", "172.32.0.1", "2606:4700::1111", "2a00:1450::1"} {
		require.NoError(t, g.check(netip.MustParseAddr(s)), s)
	}
	require.Error(t, g.check(netip.Addr{}))
}

func TestGuardAllowTargets(t *testing.T) {
	g := newGuard(prefixes("127.0.0.0/8", "::ffff:10.1.0.0/112", "fd00::/8"))
	for _, s := range []string{"127.0.0.1", "::ffff:127.0.0.1", "10.1.2.3", "fd00::1", "8.8.8.8"} {
		require.NoError(t, g.check(netip.MustParseAddr(s)), s)
	}
	for _, s := range []string{"10.2.0.1", "192.168.0.1", "::1", "fe80::1", "168.63.129.16"} {
		require.Error(t, g.check(netip.MustParseAddr(s)), s)
	}
}

// D10: the check of the socket's real address, whatever the dialler was told.
func TestGuardControl_D10(t *testing.T) {
	g := newGuard(nil)
	require.NoError(t, g.control("tcp4", "1.1.1.1:443", nil))
	require.NoError(t, g.control("tcp6", "[2606:4700::1111]:443", nil))
	for _, refused := range [][2]string{
		{"tcp4", "127.0.0.1:443"}, {"tcp6", "[::1]:443"}, {"tcp6", "[::ffff:127.0.0.1]:443"}, {"tcp6", "[fe80::1%lo]:443"},
		{"udp4", "1.1.1.1:443"}, {"unix", "/run/docker.sock"}, {"tcp4", "not an address"}, {"tcp", "1.1.1.1:443"},
	} {
		var target *TargetError
		require.ErrorAs(t, g.control(refused[0], refused[1], nil), &target, "%v", refused)
		require.Equal(t, blockedAddress, target.Reason)
	}
}
