package hostile

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"strings"
	"time"
)

// ok is the script of a receiver that has nothing wrong but its certificate.
func ok(p *peer) {
	for p.request() && p.say(emptyOK) {
	}
}

// overTLS serves a raw script under an https URL: the handshake never comes.
func overTLS(run script) func(TB) string {
	start := plain(run)
	return func(tb TB) string {
		tb.Helper()
		return "https" + strings.TrimPrefix(start(tb), "http")
	}
}

// handshakes are faults of TLS and of certificates.
func handshakes() []Receiver {
	return []Receiver{
		{Name: "plain http on the TLS port", Start: overTLS(func(p *peer) {
			p.say("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
			p.linger()
		}), Want: TLS, Reason: "plain http"},
		{Name: "TLS garbage", Start: overTLS(func(p *peer) {
			p.say("\x01\x02\x03 this is no TLS record")
			p.linger()
		}), Want: TLS, Reason: "does not speak TLS"},
		{Name: "TLS handshake stalls", Start: overTLS((*peer).hang), Want: Timeout, Reason: "TLS handshake", Stalls: true},
		{Name: "TLS handshake drips", Start: overTLS(func(p *peer) {
			p.say("\x16\x03\x03\x40\x00")
			p.drip("\x02")
		}), Want: Timeout, Reason: "TLS handshake", Stalls: true},
		{Name: "closes in the TLS handshake", Start: overTLS(func(p *peer) {
			io.ReadFull(p.in, make([]byte, 5))
			p.linger()
		}), Want: Network, Reason: "during the TLS handshake"},
		{Name: "self-signed certificate", Start: secure(func() *tls.Config {
			return withCert(leaf{ip: true, selfSigned: true})
		}, ok), Want: TLS, Reason: "not signed by an authority"},
		{Name: "certificate for another name", Start: secure(func() *tls.Config {
			return withCert(leaf{name: "elsewhere.example"})
		}, ok), Want: TLS, Reason: "another name"},
		{Name: "certificate without SAN", Start: secure(func() *tls.Config {
			return withCert(leaf{noSAN: true})
		}, ok), Want: TLS, Reason: "subject alternative name"},
		{Name: "certificate with a SHA-1 signature", Start: secure(func() *tls.Config {
			return withCert(leaf{ip: true, algorithm: x509.ECDSAWithSHA1})
		}, ok), Want: TLS, Reason: "SHA-1"},
		{Name: "expired certificate", Start: secure(func() *tls.Config {
			return withCert(leaf{ip: true, end: -time.Hour})
		}, ok), Want: TLS, Reason: "expired"},
		{Name: "certificate for clients only", Start: secure(func() *tls.Config {
			return withCert(leaf{ip: true, clientOnly: true})
		}, ok), Want: TLS, Reason: "not acceptable"},
		{Name: "TLS 1.0 only", Start: secure(func() *tls.Config {
			cfg := withCert(leaf{ip: true})
			cfg.MinVersion, cfg.MaxVersion = tls.VersionTLS10, tls.VersionTLS10
			return cfg
		}, ok), Want: TLS, Reason: "TLS versions"},
		{Name: "demands a client certificate", Start: secure(func() *tls.Config {
			cfg := withCert(leaf{ip: true})
			cfg.ClientAuth = tls.RequireAnyClientCert
			return cfg
		}, ok), Want: TLS, Reason: "could not agree"},
		KeyUpdates(),
		{Name: "https in order", Start: secure(func() *tls.Config {
			return withCert(leaf{ip: true})
		}, ok), Want: Response, Status: 200, Calls: 4},
	}
}
