package egress

import (
	"net/netip"
	"slices"
	"syscall"

	"code.dny.dev/ssrf"
)

// blockedAddress is the one sentence for every refused address. It is the same
// whatever the address, its port or its state, so that it tells nobody what
// lies inside.
const blockedAddress = "The target guard refused this server: its address is private, local, reserved or a cloud metadata address. " +
	"Use a server that can be reached from the internet, or ask the operator to allow its network with --allow-targets."

// outsideAllowed is the one sentence for a name of a private network.
const outsideAllowed = "The target guard refused this server: its name belongs to a private network, and not all of its addresses lie in the networks that the operator allows with --allow-targets."

// deniedV4 are addresses that look public and are not. 168.63.129.16 is the
// platform service of Azure, reachable from every virtual machine there.
var deniedV4 = []netip.Prefix{netip.MustParsePrefix("168.63.129.16/32")}

// guard decides which addresses may be connected to. IPv4: all but the IANA
// special-purpose registry, multicast, reserved space and deniedV4. IPv6: only
// global unicast (2000::/3) without the special ranges in it, which leaves out
// NAT64, 6to4, Teredo and IPv4-compatible spellings of inner addresses.
//
// allowed are the networks that the operator lets through in spite of that.
type guard struct {
	rules   *ssrf.Guardian
	allowed []netip.Prefix
}

func newGuard(allow []netip.Prefix) guard {
	var v4, v6 []netip.Prefix
	for _, p := range allow {
		if p = unmapPrefix(p); p.Addr().Is4() {
			v4 = append(v4, p)
		} else {
			v6 = append(v6, p)
		}
	}
	return guard{allowed: slices.Concat(v4, v6), rules: ssrf.New(
		ssrf.WithAnyPort(), // ports are a matter of the URL rules, which also hold for AllowTargets
		ssrf.WithNetworks("tcp4", "tcp6"),
		ssrf.WithAllowedV4Prefixes(v4...),
		ssrf.WithAllowedV6Prefixes(v6...),
		// A copy: the library appends its own list to the slice it is given.
		ssrf.WithDeniedV4Prefixes(append([]netip.Prefix(nil), deniedV4...)...),
	)}
}

// unmapPrefix turns ::ffff:10.0.0.0/104 into 10.0.0.0/8, because addresses are
// compared after Unmap.
func unmapPrefix(p netip.Prefix) netip.Prefix {
	if p.Addr().Is4In6() && p.Bits() >= 96 {
		return netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96).Masked()
	}
	return p.Masked()
}

// plainAddr removes the two disguises of an address: the zone and the IPv6
// mapping of an IPv4 address.
func plainAddr(a netip.Addr) netip.Addr { return a.WithZone("").Unmap() }

// check returns a *TargetError if a may not be connected to.
func (g guard) check(a netip.Addr) error {
	if !a.IsValid() || g.rules.SafeAddr(plainAddr(a)) != nil {
		return &TargetError{blockedAddress}
	}
	return nil
}

// allows reports whether the operator allowed any network.
func (g guard) allows() bool { return len(g.allowed) > 0 }

// checkInner returns a *TargetError if a, an address of a name that only a private
// network can resolve, lies in no allowed network. A public address will not do: at
// the name's owner's will it would be any server.
func (g guard) checkInner(a netip.Addr) error {
	a = plainAddr(a)
	for _, p := range g.allowed {
		if p.Contains(a) {
			return nil
		}
	}
	return &TargetError{outsideAllowed}
}

// control is the last gate: a net.Dialer calls it with the address of the
// socket that is about to connect, whatever happened before.
func (g guard) control(network, address string, _ syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil || (network != "tcp4" && network != "tcp6") {
		return &TargetError{blockedAddress}
	}
	return g.check(ap.Addr())
}
