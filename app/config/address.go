package config

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
)

func checkListen(flag, listen string) error {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return fmt.Errorf("%s must be HOST:PORT, for example 127.0.0.1:8080 or [::1]:8080, not %q", flag, listen)
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || strconv.FormatUint(n, 10) != port {
		return fmt.Errorf("%s needs a port number from 0 to 65535, not %q", flag, port)
	}
	if strings.ContainsAny(host, "/ ") {
		return fmt.Errorf("%s must be HOST:PORT without http:// and path, not %q", flag, listen)
	}
	return nil
}

// sameAddress reports whether two servers that listen so would be in each other's
// way. Port 0 is another one each time.
func sameAddress(a, b string) bool {
	hostA, portA, errA := net.SplitHostPort(a)
	hostB, portB, errB := net.SplitHostPort(b)
	if errA != nil || errB != nil || portA != portB || portA == "0" {
		return false
	}
	return isEveryInterface(hostA) || isEveryInterface(hostB) || strings.EqualFold(loopbackName(hostA), loopbackName(hostB))
}

// isEveryInterface: 0.0.0.0, :: or no host.
func isEveryInterface(host string) bool {
	ip := net.ParseIP(host)
	return host == "" || (ip != nil && ip.IsUnspecified())
}

func loopbackName(host string) string {
	if host == "localhost" {
		return "127.0.0.1"
	}
	return host
}

// BaseURLOf is the address under which a browser on the same machine reaches a
// server that listens there: every interface (0.0.0.0, ::, no host) is called
// localhost, since those are no names to put into a link.
func BaseURLOf(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return "http://" + listen
	}
	if isEveryInterface(host) {
		host = "localhost"
	}
	if port == "80" {
		return strings.TrimSuffix("http://"+net.JoinHostPort(host, port), ":80")
	}
	return "http://" + net.JoinHostPort(host, port)
}

// cleanBaseURL returns scheme and host alone: every link is made by appending a
// path to it.
func cleanBaseURL(raw string) (string, error) {
	u, err := url.Parse(raw)
	switch {
	case err != nil || u.Host == "" || u.Hostname() == "":
		return "", fmt.Errorf("--base-url must be like https://hooks.example.com, not %q", raw)
	case u.Scheme != "http" && u.Scheme != "https":
		return "", fmt.Errorf("--base-url must begin with https:// or http://, not %q", raw)
	case u.User != nil:
		return "", errors.New("--base-url must not have a user name or password")
	case strings.Trim(u.Path, "/") != "":
		return "", fmt.Errorf("--base-url must not have a path (%q): Hookline needs a host of its own", u.Path)
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return "", fmt.Errorf("--base-url must not have a query or fragment, as %q has", raw)
	}
	return u.Scheme + "://" + strings.ToLower(u.Host), nil
}
