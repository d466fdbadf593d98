package egress

import (
	"net/netip"
	"strings"

	"golang.org/x/net/idna"
)

// reservedSuffixes never name a public server. IANA special-use names, the
// names ICANN keeps free because private networks use them, and what Docker,
// Kubernetes and Consul call their own. `.example` is left out: it resolves
// nowhere, and documentation lives on it.
var reservedSuffixes = []string{
	"localhost", "local", "invalid", "test", "onion", "alt", "arpa",
	"internal", "intranet", "private", "corp", "home", "lan", "mail",
	"localdomain", "domain", "svc", "cluster", "consul", "docker",
}

const (
	badHost     = "The host is not a valid server name. Use letters, digits, hyphens and dots, like hooks.example.com."
	numericHost = "The host ends in a number but is not a plain IPv4 address. Use the server's name, or four decimal numbers such as 192.0.2.1."
)

// names maps a host in other letters than ASCII to punycode. It leaves the ASCII
// among them to isPlainName: _ and -- are ordinary in the names of servers.
var names = idna.New(idna.MapForLookup(), idna.BidiRule(), idna.StrictDomainName(false), idna.CheckHyphens(false))

// checkHost vets a host without brackets and port. It returns the ASCII name,
// or the address if the host is a plain dotted IPv4 address.
func (c *Client) checkHost(host string) (string, netip.Addr, error) {
	none := netip.Addr{}
	// A trailing dot only says that the name is complete; it is dropped
	// because it would slip past the rules for suffixes.
	host = strings.TrimSuffix(host, ".")
	if host == "" {
		return "", none, refuse(noHost)
	}
	name := host
	if !isPlainName(host) {
		ascii, err := names.ToASCII(host)
		if err != nil || !isASCIIName(ascii) {
			return "", none, refuse(badHost)
		}
		// Mapping can produce what the rules look for (。 becomes a dot, ① a 1),
		// so everything below looks at the result. A dot at its end is a second one.
		name = ascii
	}
	if endsInNumber(name) {
		addr, err := netip.ParseAddr(name)
		// An address in other digits than ASCII is no honest mistake.
		if err != nil || !addr.Is4() || name != host {
			return "", none, refuse(numericHost)
		}
		return name, addr, nil
	}
	if err := c.checkName(name); err != nil {
		return "", none, err
	}
	return name, none, nil
}

// isPlainName reports whether the name is sent as it is: an ASCII name without
// punycode, which is decoded and checked. It spares the hot path the tables.
func isPlainName(s string) bool {
	return isASCIIName(s) && !strings.HasPrefix(s, "xn--") && !strings.Contains(s, ".xn--")
}

// isASCIIName reports whether all is lower case letters, digits, underscores, dots,
// and hyphens inside labels.
func isASCIIName(s string) bool {
	for i := 0; i < len(s); i++ {
		switch b := s[i]; {
		case 'a' <= b && b <= 'z', '0' <= b && b <= '9', b == '_':
		case b == '.':
			if i > 0 && s[i-1] == '-' {
				return false
			}
		case b == '-':
			if i == 0 || s[i-1] == '.' || i == len(s)-1 {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// endsInNumber is the check of the same name in the WHATWG URL standard: what
// any parser could take for an IPv4 address (2130706433, 127.1, 0x7f.1).
func endsInNumber(name string) bool {
	last := name[strings.LastIndexByte(name, '.')+1:]
	if hex, ok := strings.CutPrefix(last, "0x"); ok {
		return strings.Trim(hex, "0123456789abcdef") == ""
	}
	return last != "" && strings.Trim(last, "0123456789") == ""
}

// checkName applies the rules for names to an ASCII name. An inner one may stand
// where the operator allowed networks; its addresses are then checked at the dial.
func (c *Client) checkName(name string) error {
	if len(name) > 253 {
		return refuse("The host is longer than 253 characters. Check the URL.")
	}
	for label := range strings.SplitSeq(name, ".") {
		if label == "" {
			return refuse("The host has an empty part between, before or after its dots. Check the URL.")
		}
		if len(label) > 63 {
			return refuse("A part of the host is longer than 63 characters. Check the URL.")
		}
	}
	suffix, inner := innerName(name)
	switch {
	case !inner || c.guard.allows():
		return nil
	case suffix == "":
		return refuse("The host is a single word, which only a private network can resolve. " + publicName)
	}
	return refuse("The host ends in ." + suffix + ", which is reserved for private use. " + publicName)
}

const publicName = "Use a public name such as hooks.example.com, or ask the operator to allow the server's network with --allow-targets."

// innerName reports whether only a private network can resolve the name: a single
// word, for which suffix is empty, or one that ends in a reserved suffix.
func innerName(name string) (suffix string, inner bool) {
	dot := strings.LastIndexByte(name, '.')
	if dot < 0 {
		return "", true
	}
	for _, s := range reservedSuffixes {
		if name[dot+1:] == s {
			return s, true
		}
	}
	return "", false
}
