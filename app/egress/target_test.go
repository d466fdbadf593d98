package egress

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// D10: the guard table through the real client. Every spelling that some parser
// or resolver takes for this machine is refused as blocked, and the listener on
// this machine sees nothing.
func TestTripwireLiterals_D10(t *testing.T) {
	wire := newTripwire(t)
	c := newClient(t, Config{AllowHTTP: true})
	for _, host := range []string{
		"127.0.0.1", "127.0.0.1.", "127.1", "127.0.1", "0", "0.0.0.0", "2130706433", "0x7f000001", "0x7f.1", "017700000001", "0177.0.0.1",
		"127.000.000.001", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]",
		"localhost", "localhost.", "LOCALHOST", "a.localhost", "localhost.localdomain", "①②⑦.⓪.⓪.①", "127。0。0。1", "１２７.０.０.１", "ⓛocalhost",
	} {
		for _, scheme := range []string{"http", "https"} {
			u := &url.URL{Scheme: scheme, Host: host + ":" + wire.port(), Path: "/"}
			res := c.Do(t.Context(), Request{Method: "POST", URL: u, Body: []byte("{}")})
			require.Equal(t, KindBlocked, res.Kind, u.String())
			require.NotEmpty(t, res.Reason)
			require.Zero(t, res.Status)
			require.Empty(t, res.Body)
		}
	}
	wire.untouched(t)
}

// D10: a name that resolves to an inner address, alone or among public ones.
// The sentence is the same for all, so that it maps no inner network.
func TestTripwireNames_D10(t *testing.T) {
	wire := newTripwire(t)
	for _, list := range [][]string{
		{"127.0.0.1"}, {"::1"}, {"::ffff:127.0.0.1"}, {"10.0.0.1"}, {"169.254.169.254"}, {"168.63.129.16"}, {"fd00:ec2::254"},
		{"100.100.100.200"}, {"0.0.0.0"}, {"224.0.0.1"}, {"64:ff9b::7f00:1"}, {"2002:7f00:1::"}, {"2001:0:7f00:1::"},
		{"93.184.216.34", "127.0.0.1"}, {"127.0.0.1", "93.184.216.34"}, {"2606:4700::1111", "::1"},
	} {
		c := newClient(t, Config{AllowHTTP: true, Resolve: answers(list...)})
		c.dialer.Control = func(_, address string, _ syscall.RawConn) error {
			t.Errorf("%v: %s was dialled, though one answer is bad", list, address)
			return &TargetError{blockedAddress}
		}
		res := get(t, c, "http://hooks.example.com:"+wire.port()+"/")
		require.Equal(t, KindBlocked, res.Kind, "%v", list)
		require.Equal(t, blockedAddress, res.Reason)
	}
	wire.untouched(t)
}

// Names that the rules refuse are not even looked up.
func TestRefusedNamesAreNotResolved_D10(t *testing.T) {
	c := newClient(t, Config{AllowHTTP: true, Resolve: func(context.Context, string) ([]netip.Addr, error) {
		t.Error("resolved")
		return nil, nil
	}})
	for _, host := range []string{"localhost", "printer.local", "metadata.google.internal", "intranet", "127.1", "①②⑦.⓪.⓪.①"} {
		require.Equal(t, KindBlocked, get(t, c, "http://"+host+"/").Kind, host)
	}
}

// D10: where the operator allowed networks, the names of a private network pass, and
// lead into those networks only: not to the other addresses that a public name may
// have, and not when a single address lies elsewhere.
func TestInnerNames_D10(t *testing.T) {
	wire := newTripwire(t)
	srv := serveHTTP(t, func(http.ResponseWriter, *http.Request) {})
	_, port, err := net.SplitHostPort(srv.Listener.Addr().String())
	require.NoError(t, err)
	hosts := []string{"db", "localhost", "my_service", "a--b", "Grafana", "printer.local", "api.internal", "nas.lan", "api.default.svc", "a.localhost", "x.home.arpa", "a.corp", "db."}
	for _, host := range hosts {
		c := newClient(t, Config{AllowHTTP: true, AllowTargets: prefixes("127.0.0.0/8"), Resolve: answers("127.0.0.1", "127.0.0.1")})
		u, err := c.CheckURL("http://" + host + ":" + port + "/")
		require.NoError(t, err, host)
		require.Equal(t, KindResponse, c.Do(t.Context(), Request{Method: "GET", URL: u}).Kind, host)
		_, err = newClient(t, Config{AllowHTTP: true}).CheckURL("http://" + host + ":" + port + "/")
		require.ErrorContains(t, err, "--allow-targets", host)

		for _, list := range [][]string{{"93.184.216.34"}, {"127.0.0.1", "93.184.216.34"}, {"10.0.0.1"}, {"169.254.169.254", "127.0.0.1"}, {"::1"}, {"2606:4700::1111"}} {
			c := newClient(t, Config{AllowHTTP: true, AllowTargets: prefixes("127.0.0.0/8"), Resolve: answers(list...)})
			c.dialer.Control = func(string, string, syscall.RawConn) error {
				t.Errorf("%s %v: dialled", host, list)
				return &TargetError{blockedAddress}
			}
			res := get(t, c, "http://"+host+":"+wire.port()+"/")
			require.Equal(t, KindBlocked, res.Kind, "%s %v", host, list)
			require.Equal(t, outsideAllowed, res.Reason)
			require.Zero(t, res.Timing)
		}
	}
	wire.untouched(t)
}

// A public name behaves as it does without the operator's networks.
func TestPublicNamesAreAsBefore_D10(t *testing.T) {
	srv := serveHTTP(t, func(http.ResponseWriter, *http.Request) {})
	_, port, err := net.SplitHostPort(srv.Listener.Addr().String())
	require.NoError(t, err)
	for list, want := range map[string]string{"127.0.0.1": "", "10.0.0.1": blockedAddress, "127.0.0.1 10.0.0.1": blockedAddress} {
		c := newClient(t, Config{AllowHTTP: true, AllowTargets: loopback, Resolve: answers(strings.Fields(list)...)})
		res := get(t, c, "http://hooks.example.com:"+port+"/")
		require.Equal(t, want, res.Reason, list)
	}
}

// Go's own resolver finds the names of this machine, without a dot behind them.
func TestInnerNamesAreLookedUpHere_D10(t *testing.T) {
	addrs, err := lookup(t.Context(), "localhost")
	require.NoError(t, err)
	require.NotEmpty(t, addrs)
	for _, a := range addrs {
		require.True(t, a.IsLoopback(), a)
	}
}

// The trap behind the URL rules: net/http maps these hosts to 127.0.0.1 on its
// own. Sent past the rules, they must still fail at the dial.
func TestUnicodeHostAtDial_D10(t *testing.T) {
	wire := newTripwire(t)
	c := newClient(t, Config{AllowHTTP: true})
	for _, host := range []string{"①②⑦.⓪.⓪.①", "127。0。0。1", "１２７.０.０.１", "127.0.0.1"} {
		for _, scheme := range []string{"http", "https"} {
			req := &http.Request{Method: "GET", Header: http.Header{}, URL: &url.URL{Scheme: scheme, Host: host + ":" + wire.port()}}
			resp, err := c.transport.RoundTrip(req.WithContext(t.Context()))
			if err == nil {
				resp.Body.Close()
			}
			var target *TargetError
			require.ErrorAs(t, err, &target, host)
		}
	}
	wire.untouched(t)
}

// D10: DNS rebinding. The name is looked up once for each connection and what
// was vetted is what is dialled; a later answer is vetted anew.
func TestRebinding_D10(t *testing.T) {
	wire := newTripwire(t)
	// 127.0.0.2 plays the public address: it is allowed, 127.0.0.1 is not.
	ln, err := net.Listen("tcp", "127.0.0.2:"+wire.port())
	require.NoError(t, err)
	srv := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Connection", "close") })}
	served := make(chan struct{})
	go func() { defer close(served); srv.Serve(ln) }()
	t.Cleanup(func() { srv.Close(); <-served })

	var lookups atomic.Int32
	c := newClient(t, Config{AllowHTTP: true, AllowTargets: prefixes("127.0.0.2/32"), Resolve: func(context.Context, string) ([]netip.Addr, error) {
		if lookups.Add(1)%2 == 1 {
			return []netip.Addr{netip.MustParseAddr("127.0.0.2")}, nil
		}
		return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
	}})
	target := "http://rebind.example.com:" + wire.port() + "/"
	for i := range 6 {
		res := get(t, c, target)
		want := []Kind{KindResponse, KindBlocked}[i%2]
		require.Equal(t, want, res.Kind, res.Reason)
		require.EqualValues(t, i+1, lookups.Load(), "one lookup for each connection")
	}
	wire.untouched(t)
}

// The socket's own check holds even if everything before it were wrong.
func TestDialControl_D10(t *testing.T) {
	wire := newTripwire(t)
	c := newClient(t, Config{})
	port := uint16(wire.ln.Addr().(*net.TCPAddr).Port)
	for _, list := range [][]string{{"127.0.0.1"}, {"127.0.0.1", "127.0.0.1"}} {
		addrs, _ := answers(list...)(t.Context(), "")
		_, err := c.dialFirst(t.Context(), addrs, port)
		var target *TargetError
		require.ErrorAs(t, err, &target)
	}
	wire.untouched(t)
}

// promise 7: a redirect is a response like any other. No second request is
// made, to no host, and so the secret headers go nowhere else.
func TestRedirectsAreNotFollowed_D8(t *testing.T) {
	var elsewhere, here atomic.Int32
	other := serveHTTP(t, func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) })
	c := newClient(t, open())
	for _, code := range []int{301, 302, 303, 307, 308} {
		for _, location := range []string{other.URL, "/again", "http://169.254.169.254/latest/meta-data/", "file:///etc/passwd"} {
			here.Store(0)
			first := serveHTTP(t, func(w http.ResponseWriter, _ *http.Request) {
				here.Add(1)
				w.Header().Set("Location", location)
				w.Header().Set("Set-Cookie", "a=b")
				w.WriteHeader(code)
			})
			res := c.Do(t.Context(), Request{Method: "POST", URL: parse(t, first.URL), Body: []byte("{}"), Header: http.Header{"X-Secret": {"s3cret"}}})
			require.Equal(t, KindResponse, res.Kind, res.Reason)
			require.Equal(t, code, res.Status)
			require.Equal(t, location, res.Header.Get("Location"))
			require.EqualValues(t, 1, here.Load())
		}
	}
	require.Zero(t, elsewhere.Load())
}
