package egress

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/textproto"
	"net/url"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Sentences of the failures. They name what happened and never quote: an error
// of net/http contains bytes that the receiver chose, one of net the address
// that a name resolved to.
const (
	cancelled      = "The attempt was stopped before it was finished, because Hookline is shutting down or the caller gave up."
	notHTTP        = "The receiver's answer is not valid HTTP."
	headersTooLong = "The headers of the receiver's answer are longer than 64 KiB."
	bodyBroken     = "The receiver's answer broke off, or broke the rules of HTTP, in the middle of the body."
	closedEarly    = "The receiver closed the connection without an answer."
	unsolicited    = "The receiver keeps sending answers nobody asked for, or drops connections it offered to keep open."
	connReset      = "The receiver reset the connection."
	connRefused    = "The receiver refused the connection; nothing listens on that port."
	unreachable    = "There is no network route to the receiver."
	kernelTimeout  = "The network gave up waiting for the receiver."
	localLimit     = "Hookline ran out of a local resource (files, ports or memory) while connecting."
	connFailed     = "The connection to the receiver failed."
	badRequest     = "The request has a header or method that HTTP does not allow. Correct the webhook's headers."

	tlsUntrusted = "The receiver's certificate is not signed by an authority that is trusted here (self-signed, or an intermediate certificate is missing)."
	tlsWrongName = "The receiver's certificate is for another name than the one in the URL."
	tlsNoSAN     = "The receiver's certificate has no subject alternative name (SAN): it names its server in the common name only, which no longer counts."
	tlsWeakHash  = "The receiver's certificate, or one that it is signed by, has a SHA-1 or MD5 signature, which can be forged."
	tlsExpired   = "The receiver's certificate has expired or is not valid yet."
	tlsInvalid   = "The receiver's certificate is not acceptable for a server."
	tlsPlainHTTP = "The receiver answers in plain http on this port; it does not speak https there."
	tlsNotTLS    = "The receiver does not speak TLS on this port."
	tlsVersion   = "The receiver offers only TLS versions that are no longer safe (1.2 or later is needed)."
	tlsFailed    = "The receiver and Hookline could not agree on a TLS connection."
	tlsClosed    = "The receiver closed the connection during the TLS handshake."
)

// failure turns an error of the transport or of reading the body into a Result.
func (ex *exchange) failure(err error, timeout time.Duration, u *url.URL) Result {
	if target, ok := errors.AsType[*TargetError](err); ok {
		return Result{Kind: KindBlocked, Reason: target.Reason}
	}
	// Whose end came first decides before the error does: when a context ends,
	// the error is only what the closing connection happened to say.
	ours := errors.Is(context.Cause(ex.Context), errDeadline)
	switch {
	case !ours && ex.Context.Err() != nil, errors.Is(err, errClosed):
		return Result{Kind: KindCancelled, Reason: cancelled}
	case ours, errors.Is(err, context.DeadlineExceeded):
		return Result{Kind: KindTimeout, Cause: lateCauses[ex.phase()], Reason: tooLate(ex.phase(), timeout)}
	}
	kind, reason := classify(err, ex.phase(), u.Hostname())
	return Result{Kind: kind, Cause: causeOf(err, reason, ex.phase()), Reason: reason}
}

// tooLate says what the time was spent on.
func tooLate(p phase, timeout time.Duration) string {
	within := " within " + seconds(timeout) + "."
	switch p {
	case phaseResolve:
		return "The name of the receiver could not be looked up" + within
	case phaseConnect:
		return "No connection to the receiver could be made" + within
	case phaseHandshake:
		return "The receiver did not finish the TLS handshake" + within
	case phaseSend:
		return "The receiver did not take the whole request" + within
	case phaseHeaders:
		return "The receiver began to answer but did not finish its headers" + within
	case phaseBody:
		return "The receiver did not finish its response body" + within
	}
	return "The receiver did not answer" + within
}

// seconds writes a timeout as people do: 10 s, 1.5 s, 300 ms.
func seconds(d time.Duration) string {
	if d < time.Second {
		return strconv.FormatInt(d.Milliseconds(), 10) + " ms"
	}
	return strconv.FormatFloat(d.Round(100*time.Millisecond).Seconds(), 'f', -1, 64) + " s"
}

// classify names an error that is neither a refusal nor the end of a context.
func classify(err error, p phase, host string) (Kind, string) {
	if look, ok := errors.AsType[*lookupError](err); ok {
		return KindNetwork, lookupReason(look, host)
	}
	if hand, ok := errors.AsType[*tlsFailure](err); ok {
		return handshakeReason(hand.err)
	}
	if op, ok := errors.AsType[*net.OpError](err); ok && (op.Op == "remote error" || op.Op == "local error") {
		return KindTLS, tlsFailed // an alert after the handshake, such as "certificate required"
	}
	if kind, reason, ok := socketReason(err); ok {
		return kind, reason
	}
	return protocolReason(err, p)
}

func lookupReason(err error, host string) string {
	if dns, ok := errors.AsType[*net.DNSError](err); ok && dns.IsNotFound {
		return "Could not find a server named " + host + " (DNS)."
	}
	return "Looking up " + host + " failed for now (DNS)."
}

// socketReason names what the operating system reported.
func socketReason(err error) (Kind, string, bool) {
	errno, ok := errors.AsType[syscall.Errno](err)
	if !ok {
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return KindTimeout, kernelTimeout, true
		}
		return "", "", false
	}
	switch errno {
	case syscall.ECONNREFUSED:
		return KindNetwork, connRefused, true
	case syscall.ECONNRESET, syscall.ECONNABORTED, syscall.EPIPE:
		return KindNetwork, connReset, true
	case syscall.ENETUNREACH, syscall.EHOSTUNREACH, syscall.ENETDOWN, syscall.EHOSTDOWN:
		return KindNetwork, unreachable, true
	case syscall.ETIMEDOUT:
		return KindTimeout, kernelTimeout, true
	case syscall.EMFILE, syscall.ENFILE, syscall.EADDRNOTAVAIL, syscall.ENOBUFS, syscall.ENOMEM:
		return KindNetwork, localLimit, true
	}
	return KindNetwork, connFailed, true
}

// protocolReason names what is left: the receiver closed the connection or
// broke the rules. net/http has no types for most of it, so the phase decides;
// the text is only looked at, never shown.
func protocolReason(err error, p phase) (Kind, string) {
	text := err.Error()
	_, mime := errors.AsType[textproto.ProtocolError](err)
	switch {
	case strings.Contains(text, "net/http: invalid"):
		return KindBlocked, badRequest
	case errors.Is(err, errReplays):
		return KindNetwork, unsolicited
	case p == phaseBody:
		return KindNetwork, bodyBroken
	case strings.Contains(text, "headers exceeded"), strings.Contains(text, "message too large"):
		return KindNetwork, headersTooLong
	case mime:
		return KindNetwork, notHTTP
	case p == phaseHeaders && !isEOF(err):
		return KindNetwork, notHTTP
	case strings.Contains(text, "readLoopPeekFailLocked: %!w"): // it spoke before it was asked
		return KindNetwork, notHTTP
	case isEOF(err), strings.Contains(text, "server closed idle connection"):
		return KindNetwork, closedEarly
	}
	return KindNetwork, connFailed
}

func isEOF(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// handshakeReason names why no TLS connection came about. A receiver that hangs
// up is the network's kind, because another attempt may well succeed; what needs
// a person to mend is TLS's.
func handshakeReason(err error) (Kind, string) {
	if cert, ok := errors.AsType[x509.CertificateInvalidError](err); ok {
		if cert.Reason == x509.Expired {
			return KindTLS, tlsExpired
		}
		return KindTLS, tlsInvalid
	}
	if name, ok := errors.AsType[x509.HostnameError](err); ok {
		if hasCommonNameOnly(name.Certificate) {
			return KindTLS, tlsNoSAN
		}
		return KindTLS, tlsWrongName
	}
	if unknown, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		// The authority that fits by name is known; x509 does not export why the
		// signature was not looked at.
		if strings.Contains(unknown.Error(), "insecure algorithm") {
			return KindTLS, tlsWeakHash
		}
		return KindTLS, tlsUntrusted
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return KindTLS, tlsInvalid
	}
	if record, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		if string(record.RecordHeader[:]) == "HTTP/" {
			return KindTLS, tlsPlainHTTP
		}
		return KindTLS, tlsNotTLS
	}
	if kind, reason, ok := socketReason(err); ok {
		return kind, reason
	}
	if isEOF(err) {
		return KindNetwork, tlsClosed
	}
	if strings.Contains(err.Error(), "protocol version") {
		return KindTLS, tlsVersion
	}
	return KindTLS, tlsFailed
}

func hasCommonNameOnly(c *x509.Certificate) bool {
	return c.Subject.CommonName != "" && len(c.DNSNames) == 0 && len(c.IPAddresses) == 0
}
