package config

import (
	"errors"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// howToEscape ends every complaint about a postgres:// address. The address
// itself is in none of them: where it cannot be read, any part of it may belong to
// the password.
const howToEscape = "in the user name and the password write @ as %40, / as %2F, # as %23, ? as %3F, : as %3A, % as %25"

// checkPostgres refuses an address that can be read in two ways. A password with
// an odd character in it would else be taken for a host, looked up in the DNS, and
// shown in the log.
func checkPostgres(address string) error {
	_, rest, ok := strings.Cut(address, "://")
	if !ok {
		return errors.New("--database names no host: write postgres://user:password@host/name")
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	authority, path := rest[:end], rest[end:]
	if !plain(address) || strings.Contains(path, "#") || strings.Count(authority, "@") > 1 ||
		(authority != "" && strings.Contains(path, "@")) {
		return errors.New("--database cannot be read: it looks as if its password has a character that must be escaped; " + howToEscape)
	}
	login, hosts, found := strings.Cut(authority, "@")
	if !found {
		login, hosts = "", authority
	}
	if !escaped(login) {
		return errors.New("--database has a % that begins no escape; " + howToEscape)
	}
	query, err := checkQuery(path)
	if err != nil {
		return err
	}
	if hosts == "" && query.Get("host") == "" {
		return errors.New("--database names no host: write postgres://user:password@host/name, or postgres:///name?host=/var/run/postgresql for a socket")
	}
	return checkHosts(hosts)
}

// plain reports whether the text has no spaces and control characters, which no
// address has.
func plain(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r == 0x7f })
}

// escaped reports whether every % begins an escape, and what they spell is text.
func escaped(text string) bool {
	clear, err := url.PathUnescape(text)
	return err == nil && utf8.ValidString(clear)
}

// checkQuery reads what stands behind the host: /name?setting=value&…
func checkQuery(path string) (url.Values, error) {
	name, raw, _ := strings.Cut(path, "?")
	query, err := url.ParseQuery(raw)
	if err != nil || !escaped(name) || strings.Contains(strings.TrimPrefix(name, "/"), "/") {
		return nil, errors.New("--database has a name or a setting that cannot be read: write postgres://user:password@host/name?setting=value; " + howToEscape)
	}
	for _, setting := range strings.Split(raw, "&") {
		if raw != "" && strings.Count(setting, "=") != 1 {
			return nil, errors.New("--database has a setting without a value, or with two: write ?setting=value&other=value; " + howToEscape)
		}
	}
	return query, nil
}

// checkHosts reads host[:port], several of them separated by commas.
func checkHosts(hosts string) error {
	for host := range strings.SplitSeq(hosts, ",") {
		name, port := host, ""
		if i := strings.LastIndexByte(host, ':'); i > strings.LastIndexByte(host, ']') {
			name, port = host[:i], host[i+1:]
		}
		number, err := strconv.ParseUint(port, 10, 16)
		if port != "" && (err != nil || number == 0) || !hostLike(name) {
			return errors.New("--database has a host or a port that cannot be one: write postgres://user:password@host:5432/name; " + howToEscape)
		}
	}
	return nil
}

// hostLike accepts names, addresses, and the folder of a socket with its slashes
// escaped.
func hostLike(name string) bool {
	if strings.HasPrefix(name, "[") {
		_, err := netip.ParseAddr(strings.Trim(name, "[]"))
		return err == nil
	}
	if folder, err := url.PathUnescape(name); err != nil || strings.HasPrefix(folder, "/") {
		return err == nil && plain(folder)
	}
	return !strings.ContainsFunc(name, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-._", r)
	})
}
