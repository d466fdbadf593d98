package egress

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// secret stands for what a receiver or the inner network put into an error; it
// must reach no sentence.
const secret = "10.9.8.7 s3cret"

func dialError(err error) error {
	return &net.OpError{Op: "dial", Net: "tcp", Addr: &net.TCPAddr{IP: net.IPv4(10, 9, 8, 7), Port: 1}, Err: os.NewSyscallError("connect", err)}
}

// Which sentence a person reads for each fault. This table is the reference.
func TestSentences(t *testing.T) {
	record := tls.RecordHeaderError{Msg: secret, RecordHeader: [5]byte{'H', 'T', 'T', 'P', '/'}}
	for _, c := range []struct {
		err    error
		phase  phase
		kind   Kind
		reason string
	}{
		{&lookupError{&net.DNSError{Err: "no such host", Server: secret, IsNotFound: true}}, phaseResolve, KindNetwork, "Could not find a server named x.example (DNS)."},
		{&lookupError{&net.DNSError{Err: "server misbehaving", Server: secret, IsTemporary: true}}, phaseResolve, KindNetwork, "Looking up x.example failed for now (DNS)."},
		{&lookupError{errors.New(secret)}, phaseResolve, KindNetwork, "Looking up x.example failed for now (DNS)."},
		{dialError(syscall.ECONNREFUSED), phaseConnect, KindNetwork, "The receiver refused the connection; nothing listens on that port."},
		{dialError(syscall.EHOSTUNREACH), phaseConnect, KindNetwork, "There is no network route to the receiver."},
		{dialError(syscall.ENETUNREACH), phaseConnect, KindNetwork, "There is no network route to the receiver."},
		{dialError(syscall.EMFILE), phaseConnect, KindNetwork, "Hookline ran out of a local resource (files, ports or memory) while connecting."},
		{dialError(syscall.EPERM), phaseConnect, KindNetwork, "The connection to the receiver failed."},
		{dialError(syscall.ETIMEDOUT), phaseConnect, KindTimeout, "The network gave up waiting for the receiver."},
		{dialError(context.DeadlineExceeded), phaseConnect, KindTimeout, "No connection to the receiver could be made within 10 s."},
		{syscall.ECONNRESET, phaseWait, KindNetwork, "The receiver reset the connection."},
		{syscall.EPIPE, phaseSend, KindNetwork, "The receiver reset the connection."},
		{io.EOF, phaseWait, KindNetwork, "The receiver closed the connection without an answer."},
		{io.ErrUnexpectedEOF, phaseHeaders, KindNetwork, "The receiver closed the connection without an answer."},
		{errors.New("http: server closed idle connection"), phaseWait, KindNetwork, "The receiver closed the connection without an answer."},
		{errReplays, phaseHeaders, KindNetwork, "The receiver keeps sending answers nobody asked for, or drops connections it offered to keep open."},
		{fmt.Errorf("malformed HTTP response %q", secret), phaseHeaders, KindNetwork, "The receiver's answer is not valid HTTP."},
		{fmt.Errorf("net/http: server response headers exceeded 65536 bytes; aborted"), phaseHeaders, KindNetwork, "The headers of the receiver's answer are longer than 64 KiB."},
		{io.ErrUnexpectedEOF, phaseBody, KindNetwork, "The receiver's answer broke off, or broke the rules of HTTP, in the middle of the body."},
		{errors.New("invalid byte in chunk length " + secret), phaseBody, KindNetwork, "The receiver's answer broke off, or broke the rules of HTTP, in the middle of the body."},
		{fmt.Errorf("net/http: invalid header field value for %q", secret), phaseNone, KindBlocked, "The request has a header or method that HTTP does not allow. Correct the webhook's headers."},
		{&tlsFailure{&tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}}, phaseHandshake, KindTLS, "The receiver's certificate is not signed by an authority that is trusted here (self-signed, or an intermediate certificate is missing)."},
		{&tlsFailure{&tls.CertificateVerificationError{Err: x509.HostnameError{Certificate: &x509.Certificate{}, Host: secret}}}, phaseHandshake, KindTLS, "The receiver's certificate is for another name than the one in the URL."},
		{&tlsFailure{x509.CertificateInvalidError{Reason: x509.Expired}}, phaseHandshake, KindTLS, "The receiver's certificate has expired or is not valid yet."},
		{&tlsFailure{x509.CertificateInvalidError{Reason: x509.IncompatibleUsage}}, phaseHandshake, KindTLS, "The receiver's certificate is not acceptable for a server."},
		{&tlsFailure{record}, phaseHandshake, KindTLS, "The receiver answers in plain http on this port; it does not speak https there."},
		{&tlsFailure{tls.RecordHeaderError{Msg: secret}}, phaseHandshake, KindTLS, "The receiver does not speak TLS on this port."},
		{&tlsFailure{errors.New("remote error: tls: protocol version not supported")}, phaseHandshake, KindTLS, "The receiver offers only TLS versions that are no longer safe (1.2 or later is needed)."},
		{&tlsFailure{errors.New("remote error: tls: handshake failure " + secret)}, phaseHandshake, KindTLS, "The receiver and Hookline could not agree on a TLS connection."},
		{&net.OpError{Op: "remote error", Err: errors.New("tls: certificate required")}, phaseWait, KindTLS, "The receiver and Hookline could not agree on a TLS connection."},
		{&tlsFailure{io.EOF}, phaseHandshake, KindNetwork, "The receiver closed the connection during the TLS handshake."},
		{&tlsFailure{syscall.ECONNRESET}, phaseHandshake, KindNetwork, "The receiver reset the connection."},
		{dialError(&TargetError{blockedAddress}), phaseConnect, KindBlocked, blockedAddress},
		{errClosed, phaseConnect, KindCancelled, cancelled},
		{errors.New(secret), phaseConnect, KindNetwork, "The connection to the receiver failed."},
	} {
		ex := &exchange{Context: t.Context()}
		ex.reached(c.phase)
		res := ex.failure(c.err, 10*time.Second, parse(t, "https://x.example:8443/"))
		require.Equal(t, c.kind, res.Kind, c.err)
		require.Equal(t, c.reason, res.Reason, c.err)
		require.NotContains(t, res.Reason, "10.9.8.7")
	}
}

// The phase that took the time is named, and times are written as people read them.
func TestTimeoutSentences_D8(t *testing.T) {
	for p, want := range map[phase]string{
		phaseNone:      "The receiver did not answer within 10 s.",
		phaseResolve:   "The name of the receiver could not be looked up within 10 s.",
		phaseConnect:   "No connection to the receiver could be made within 10 s.",
		phaseHandshake: "The receiver did not finish the TLS handshake within 10 s.",
		phaseSend:      "The receiver did not take the whole request within 10 s.",
		phaseWait:      "The receiver did not answer within 10 s.",
		phaseHeaders:   "The receiver began to answer but did not finish its headers within 10 s.",
		phaseBody:      "The receiver did not finish its response body within 10 s.",
	} {
		require.Equal(t, want, tooLate(p, 10*time.Second))
	}
	for d, want := range map[time.Duration]string{
		time.Second: "1 s", 1500 * time.Millisecond: "1.5 s", 30 * time.Second: "30 s", 300 * time.Millisecond: "300 ms", 90 * time.Second: "90 s",
	} {
		require.Equal(t, want, seconds(d))
	}
}

// A lookup that hangs ends with the deadline and says so.
func TestTimeoutWhileResolving_D8(t *testing.T) {
	c := newClient(t, Config{AllowHTTP: true, Resolve: func(ctx context.Context, _ string) ([]netip.Addr, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}})
	res := c.Do(t.Context(), Request{Method: "GET", URL: parse(t, "http://slow.example.com/"), Timeout: 50 * time.Millisecond})
	require.Equal(t, KindTimeout, res.Kind)
	require.Equal(t, "The name of the receiver could not be looked up within 50 ms.", res.Reason)
}

// A name without an address is reported with the name and nothing else.
func TestNameNotFound(t *testing.T) {
	for _, resolve := range []func(context.Context, string) ([]netip.Addr, error){
		answers(),
		func(context.Context, string) ([]netip.Addr, error) {
			return nil, &net.DNSError{Err: "no such host", Server: secret, IsNotFound: true}
		},
	} {
		c := newClient(t, Config{Resolve: resolve})
		res := get(t, c, "https://x.example/")
		require.Equal(t, KindNetwork, res.Kind)
		require.Equal(t, "Could not find a server named x.example (DNS).", res.Reason)
	}
}

// Reasons are sentences: they end with a full stop and quote no error.
func TestSentencesReadLikeSentences(t *testing.T) {
	for _, s := range []string{cancelled, notHTTP, headersTooLong, bodyBroken, closedEarly, connReset, connRefused, unreachable, kernelTimeout, unsolicited,
		localLimit, connFailed, badRequest, tlsUntrusted, tlsWrongName, tlsNoSAN, tlsWeakHash, tlsExpired, tlsInvalid, tlsPlainHTTP, tlsNotTLS, tlsVersion, tlsFailed, tlsClosed} {
		require.True(t, strings.HasSuffix(s, "."), s)
		require.NotContains(t, s, "net/http", s)
	}
}
