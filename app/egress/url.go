package egress

import (
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxURL is the longest URL that is sent, in bytes; common servers take no more.
const maxURL = 8 << 10

// TargetError says why a target is refused, in a sentence for the person who
// set it.
type TargetError struct{ Reason string }

func (e *TargetError) Error() string { return e.Reason }

func refuse(reason string) error { return &TargetError{reason} }

// CheckURL applies every rule that can be decided from the text of a URL; it
// resolves no name. It returns the URL in the form in which it is sent: scheme and
// host in lower case, host in ASCII (punycode), no trailing dot, no default port;
// path and query as they are spelled, but for what is illegal in them, which is
// percent-encoded.
//
// The error is a *TargetError. A URL whose host is a literal address is refused
// here if the guard would refuse the address. Names of private networks pass where
// AllowTargets names a network; what they resolve to is checked by Do.
func (c *Client) CheckURL(raw string) (*url.URL, error) {
	if err := checkText(raw); err != nil {
		return nil, err
	}
	encoded := EncodeURL(raw)
	if len(encoded) > maxURL {
		return nil, refuse(tooLong)
	}
	u, err := url.Parse(encoded)
	if err != nil {
		return nil, refuse("This is not a valid URL. Write it like https://hooks.example.com/path.")
	}
	return c.normalise(u)
}

// checkText looks at what a parser would hide: url.Parse drops an empty
// fragment and an empty port, and decodes percent signs in the host.
func checkText(raw string) error {
	switch {
	case raw == "":
		return refuse("The URL is empty. Write it like https://hooks.example.com/path.")
	case len(raw) > maxURL:
		return refuse(tooLong)
	case !utf8.ValidString(raw):
		return refuse("The URL is not valid UTF-8 text. Type it again, or percent-encode the odd characters.")
	case hasForbiddenByte(raw):
		return refuse("The URL contains a space, a control character or a backslash. Remove it, or percent-encode it (a space is %20).")
	case strings.Contains(raw, "#"):
		return refuse("The URL has a fragment (the part from #), which is never sent. Remove it, or write %23 for a literal #.")
	}
	scheme, rest, ok := strings.Cut(raw, "://")
	if !ok || scheme == "" || strings.ContainsAny(scheme, "/?") {
		return refuse("The URL must begin with https://, followed by the name of the server.")
	}
	authority := raw[len(raw)-len(rest) : pathStart(raw)]
	switch {
	case authority == "":
		return refuse(noHost)
	case strings.Contains(authority, "@"):
		return refuse(userinfo)
	case strings.Contains(authority, "%"):
		return refuse("The host contains a percent sign (an encoded character or an IPv6 zone). Write the plain name or address.")
	case strings.HasSuffix(authority, ":"):
		return refuse("The port is missing after the colon. Remove the colon, or add a port such as :8443.")
	}
	return nil
}

const (
	tooLong  = "The URL is longer than 8192 characters as it is sent. Send long values in the body instead."
	noHost   = "The URL has no host. Write it like https://hooks.example.com/path."
	userinfo = "The URL contains a user name or password before @. Remove it and use the authentication settings instead."
)

// normalise applies the rules to a parsed URL and returns it in the form in
// which it is sent. u itself is returned if it already has that form, which is
// the case on every send after CheckURL; else a changed copy.
func (c *Client) normalise(u *url.URL) (*url.URL, error) {
	switch {
	case u.Opaque != "" || u.Host == "":
		return nil, refuse(noHost)
	case u.Scheme == "http" && !c.allowHTTP:
		return nil, refuse("Plain http is refused, because anyone on the way could read and change it. " +
			"Use an https URL; for development the operator can start the server with --allow-http.")
	case u.Scheme != "https" && u.Scheme != "http":
		return nil, refuse("The URL must begin with https://. Other schemes cannot be sent to.")
	case u.User != nil:
		return nil, refuse(userinfo)
	case u.Fragment != "" || u.RawFragment != "":
		return nil, refuse("The URL has a fragment (the part from #), which is never sent. Remove it.")
	case u.Path != "" && u.Path[0] != '/':
		return nil, refuse("The path of the URL must begin with a slash.")
	case u.RawPath != "" && !isSpelling(u.RawPath, u.Path):
		return nil, refuse("The path of the URL would be sent in another spelling. Percent-encode what is not a letter, a digit or a sign such as - . _ ~ in it.")
	case !isLegal(u.RawQuery) && (hasForbiddenByte(u.RawQuery) || strings.Contains(u.RawQuery, "#")):
		return nil, refuse("The query of the URL contains a space, a control character, a backslash or a #. Percent-encode it.")
	}
	host, err := c.checkAuthority(u)
	if err != nil {
		return nil, err
	}
	query := EncodeIllegal(u.RawQuery)
	if host == u.Host && query == u.RawQuery {
		return u, nil
	}
	sent := *u
	sent.Host, sent.RawQuery = host, query
	return &sent, nil
}

// checkAuthority vets host and port and returns them as they are sent.
func (c *Client) checkAuthority(u *url.URL) (string, error) {
	host, port, hasPort := splitPort(u.Host)
	var addr netip.Addr
	var err error
	if inner, bracketed := strings.CutPrefix(host, "["); bracketed {
		addr, err = literalV6(strings.TrimSuffix(inner, "]"))
	} else {
		host, addr, err = c.checkHost(host)
	}
	if err != nil {
		return "", err
	}
	if addr.IsValid() {
		if err := c.guard.check(addr); err != nil {
			return "", err
		}
	}
	var room [300]byte // of the stack: on the hot path nothing has to be allocated
	sent := appendHost(room[:0], host, addr)
	if hasPort {
		if err := checkPort(port); err != nil {
			return "", err
		}
		if (u.Scheme != "https" || port != "443") && (u.Scheme != "http" || port != "80") {
			sent = append(append(sent, ':'), port...)
		}
	}
	if string(sent) == u.Host {
		return u.Host, nil
	}
	return string(sent), nil
}

// appendHost writes an address in its shortest form, or else the name.
func appendHost(b []byte, name string, addr netip.Addr) []byte {
	switch {
	case addr.Is4():
		return addr.AppendTo(b)
	case addr.Is6():
		return append(addr.AppendTo(append(b, '[')), ']')
	}
	return append(b, name...)
}

// splitPort cuts at the last colon outside of brackets.
func splitPort(hostport string) (host, port string, ok bool) {
	i := strings.LastIndexByte(hostport, ':')
	if i < 0 || strings.IndexByte(hostport[i:], ']') >= 0 {
		return hostport, "", false
	}
	return hostport[:i], hostport[i+1:], true
}

func literalV6(s string) (netip.Addr, error) {
	a, err := netip.ParseAddr(s)
	if err != nil || a.Is4() || a.Zone() != "" {
		return netip.Addr{}, refuse("The address in square brackets is not a plain IPv6 address. Write it like [2001:db8::1], without a zone.")
	}
	return plainAddr(a), nil
}

func checkPort(port string) error {
	n, err := strconv.ParseUint(port, 10, 16)
	switch {
	case err != nil || (port[0] == '0' && port != "0"): // a leading zero is octal to some parsers
		return refuse("The port is not a number from 1 to 65535 in plain digits. Correct it, or leave it out.")
	case badPorts[uint16(n)]:
		return refuse("Port " + port + " belongs to another service than HTTP and is refused. Use 443 or another port for HTTP.")
	}
	return nil
}

// hasForbiddenByte reports a space, a control character or a backslash. URL
// parsers disagree about all three.
func hasForbiddenByte(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] <= ' ' || s[i] == 0x7f || s[i] == '\\' {
			return true
		}
	}
	return false
}
