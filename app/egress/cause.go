package egress

import (
	"errors"
	"net"
)

// causes name the sentences for programs, but for kernelTimeout, which goes by
// the phase. A test holds that each sentence has one, and package deliver that
// each has an explanation.
var causes = map[string]string{
	notHTTP:        "not_http",
	headersTooLong: "headers_too_long",
	bodyBroken:     "body_broken",
	closedEarly:    "connection_closed",
	unsolicited:    "unsolicited_answer",
	connReset:      "connection_reset",
	connRefused:    "connection_refused",
	unreachable:    "unreachable",
	localLimit:     "local_limit",
	connFailed:     "connection_failed",
	badRequest:     "bad_request",
	tlsUntrusted:   "tls_untrusted",
	tlsWrongName:   "tls_wrong_name",
	tlsNoSAN:       "tls_no_san",
	tlsWeakHash:    "tls_weak_signature",
	tlsExpired:     "tls_expired",
	tlsInvalid:     "tls_invalid",
	tlsPlainHTTP:   "tls_plain_http",
	tlsNotTLS:      "tls_not_tls",
	tlsVersion:     "tls_version",
	tlsFailed:      "tls_failed",
	tlsClosed:      "tls_closed",
}

// lateCauses name what the time was spent on when the deadline struck.
var lateCauses = map[phase]string{
	phaseNone:      "timeout_answer",
	phaseResolve:   "timeout_dns",
	phaseConnect:   "timeout_connect",
	phaseHandshake: "timeout_tls",
	phaseSend:      "timeout_send",
	phaseWait:      "timeout_answer",
	phaseHeaders:   "timeout_headers",
	phaseBody:      "timeout_body",
}

const (
	causeNoName   = "dns_not_found"
	causeNoLookup = "dns_failed"
)

// causeOf names an error that classify gave this sentence in this phase.
func causeOf(err error, sentence string, p phase) string {
	if look, ok := errors.AsType[*lookupError](err); ok {
		if dns, ok := errors.AsType[*net.DNSError](look); ok && dns.IsNotFound {
			return causeNoName
		}
		return causeNoLookup
	}
	if sentence == kernelTimeout {
		return lateCauses[p] // the network gives up while it connects, and later too
	}
	return causes[sentence]
}

// Causes lists every name that Result.Cause may have, in no order.
func Causes() []string {
	names := []string{causeNoName, causeNoLookup}
	for _, name := range causes {
		names = append(names, name)
	}
	for _, name := range lateCauses {
		names = append(names, name)
	}
	return names
}
