package web_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// ask sends a path as it stands, which Go's client would tidy up.
func (s *site) ask(path string) int {
	s.t.Helper()
	conn, err := net.Dial("tcp", s.Listener.Addr().String())
	require.NoError(s.t, err)
	defer func() { _ = conn.Close() }()
	_, err = fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: desk\r\nConnection: close\r\n\r\n", path)
	require.NoError(s.t, err)
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(s.t, err)
	defer func() { _ = answer.Body.Close() }()
	return answer.StatusCode
}

// Promise 6: however somebody misspells a path that holds a secret, the secret does not
// get into the log.
func TestSecretsInPathsAreNotLogged(t *testing.T) {
	s := newSite(t)
	const secret = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwZx-_47zbQ0e"
	encoded := ""
	for _, b := range []byte(secret) {
		encoded += fmt.Sprintf("%%%02X", b)
	}
	for _, path := range []string{
		"/capture/in/" + secret, "/capture//in/" + secret, "//capture/in/" + secret, "/capture/in//" + secret, "/capture/./in/" + secret,
		"/Capture/In/" + secret, "/CAPTURE/IN/" + secret, "/capture/in/" + secret[:30], "/capture//in/" + secret[:30], "/capture/x/../in/" + secret,
		"/capture%2Fin%2F" + secret[:30], "/c%61pture/in/" + secret, "/capture%252Fin/" + secret[:30], "/capture%5Cin%5c" + secret[:30], `/capture\in\` + secret[:30],
		"/capture//in/" + encoded, "/capture//in/" + strings.ReplaceAll(encoded, "%", "%25"), "/capture//in/" + strings.ReplaceAll(encoded, "%", "%2525") + "%25zz",
		"/capture//in/" + strings.ReplaceAll(encoded, "%", "%"+strings.Repeat("25", 50)),
		"/" + secret, "/capture/" + secret, "/captures/in/" + secret, "/capture/in%20/" + secret, "/x/" + secret + "/capture/in/y", "/hooks/capture/in/" + secret[:30],
		"/invite/" + secret, "//invite/" + secret[:30], "/Reset/" + secret[:30], "/reset//" + secret, "/r%65set%2f" + secret[:30], "/webhooks/" + secret + "?" + secret,
	} {
		seen := len(s.log.String())
		require.NotEqual(t, http.StatusInternalServerError, s.ask(path), path)
		log := s.log.String()[seen:]
		for range 60 {
			if plain, err := url.PathUnescape(log); err == nil {
				log = plain
			}
		}
		require.NotContains(t, strings.ToLower(log), strings.ToLower(secret[8:24]), path)
	}
}

// A path without a secret stands in the log as it came.
func TestOtherPathsAreLogged(t *testing.T) {
	s := newSite(t)
	for _, path := range []string{"/webhooks/wh_01kf2j8x5vd0qz3m7c9r4t6y8b/logs", "/capture/cap_01kf2j8x5vd0qz3m7c9r4t6y8b", "/Events//x.y"} {
		s.ask(path)
		require.Contains(t, s.log.String(), "path="+path+" ")
	}
}
