package config

import (
	"fmt"
	"net/netip"
	"strings"
)

// Prefixes is a comma-separated list of networks; a bare address stands for
// itself alone. It may be used wherever a []netip.Prefix is wanted.
type Prefixes []netip.Prefix

// UnmarshalText reads the list and adds it to what is there; kong calls it for
// the variable, or for each time that the flag is given. Bits behind the prefix length are cut off (10.1.2.3/8 is 10.0.0.0/8), and IPv4
// written as IPv6 becomes IPv4, so that comparing needs no second form.
func (p *Prefixes) UnmarshalText(text []byte) error {
	var list Prefixes
	for part := range strings.SplitSeq(string(text), ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		prefix, err := parsePrefix(part)
		if err != nil {
			return err
		}
		list = append(list, prefix)
	}
	*p = append(*p, list...)
	return nil
}

func parsePrefix(text string) (netip.Prefix, error) {
	fault := fmt.Errorf("%q is not a network: write it like 10.0.0.0/8, fd00::/8 or 192.0.2.7", text)
	if addr, err := netip.ParseAddr(text); err == nil {
		if addr.Zone() != "" {
			return netip.Prefix{}, fault
		}
		addr = addr.Unmap()
		return netip.PrefixFrom(addr, addr.BitLen()), nil
	}
	prefix, err := netip.ParsePrefix(text)
	if err != nil {
		return netip.Prefix{}, fault
	}
	if addr := prefix.Addr(); addr.Is4In6() {
		if prefix.Bits() < 96 {
			return netip.Prefix{}, fault
		}
		prefix = netip.PrefixFrom(addr.Unmap(), prefix.Bits()-96)
	}
	return prefix.Masked(), nil
}
