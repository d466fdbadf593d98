package egress

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Z5: an attempt knows what it spent its time on. No test of how long: only of
// what happened, and that the parts are parts of the whole.
func TestZ5_Timing(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("hello")) }))
	defer srv.Close()
	c := New(Config{AllowHTTP: true, AllowTargets: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	defer c.Close()
	send := func() Result {
		t.Helper()
		res := c.Do(t.Context(), Request{Method: "POST", URL: parse(t, srv.URL), Body: []byte("{}")})
		require.Equal(t, KindResponse, res.Kind)
		parts := res.Timing.Lookup + res.Timing.Connect + res.Timing.Handshake + res.Timing.Wait + res.Timing.Body
		require.LessOrEqual(t, parts, res.Duration)
		return res
	}
	first := send().Timing
	require.False(t, first.Reused)
	require.Zero(t, first.Lookup, "a literal address is not looked up")
	require.Positive(t, first.Connect)
	require.Zero(t, first.Handshake)
	require.Positive(t, first.Wait)
	again := send().Timing
	require.True(t, again.Reused)
	require.Zero(t, again.Connect)
	require.Positive(t, again.Wait)
}

// No time shows a target behind the guard.
func TestZ5_NoTimingOfWhatIsBlocked(t *testing.T) {
	c := New(Config{AllowHTTP: true})
	defer c.Close()
	res := c.Do(t.Context(), Request{Method: "POST", URL: parse(t, "http://127.0.0.1:9/")})
	require.Equal(t, KindBlocked, res.Kind)
	require.Zero(t, res.Timing)
	require.Empty(t, res.Cause)
}

func TestTimingOfAnUnfinishedDial(t *testing.T) {
	var m marks
	m.at[phaseResolve].Store(int64(1 * time.Millisecond))
	m.at[phaseConnect].Store(int64(3 * time.Millisecond))
	require.Equal(t, Timing{Lookup: 2 * time.Millisecond, Connect: 7 * time.Millisecond}, m.timing(10*time.Millisecond))
}

// W6: each sentence has a name for programs.
func TestW6_EverySentenceHasACause(t *testing.T) {
	for _, sentence := range []string{
		notHTTP, headersTooLong, bodyBroken, closedEarly, unsolicited, connReset, connRefused, unreachable, localLimit,
		connFailed, badRequest, tlsUntrusted, tlsWrongName, tlsNoSAN, tlsWeakHash, tlsExpired, tlsInvalid, tlsPlainHTTP, tlsNotTLS, tlsVersion, tlsFailed, tlsClosed,
	} {
		require.NotEmpty(t, causes[sentence], sentence)
	}
	for p := phaseNone; p <= phaseBody; p++ {
		require.NotEmpty(t, lateCauses[p])
	}
	require.Equal(t, 22, len(causes), "a new sentence is listed above")
	require.Equal(t, "timeout_connect", causeOf(dialError(syscall.ETIMEDOUT), kernelTimeout, phaseConnect))
	require.Equal(t, "timeout_answer", causeOf(syscall.ETIMEDOUT, kernelTimeout, phaseWait))
	require.Subset(t, Causes(), []string{causeNoName, "timeout_body", "tls_expired"})
}
