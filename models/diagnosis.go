package models

import (
	"fmt"
	"strings"
)

// Cause names for programs why an attempt failed, beyond its outcome: what the
// target guard's client calls it, e.g. connection_refused. "" when there is no
// more to say than the outcome and the status do.
type Cause string

// Causes that arise before anything is sent.
const (
	CauseNotBuilt Cause = "request_not_built"
	CauseSealed   Cause = "secret_unreadable"
	CauseNoKey    Cause = "no_signing_key"
	// Of a template that cannot be read, or failed over the data; one that came to
	// too much; a header that cannot be sent; a URL that was refused once it was
	// filled in.
	CauseTemplate  Cause = "template_failed"
	CauseTooLong   Cause = "template_too_long"
	CauseHeader    Cause = "header_refused"
	CauseURLFilled Cause = "filled_url_refused"
	// CauseTestMoved is of a test that cannot go again to where it went.
	CauseTestMoved Cause = "test_not_repeatable"
	// CauseCaptureGone is of a webhook to a capture endpoint of this installation.
	CauseCaptureGone Cause = "capture_gone"
)

// Diagnosis says in plain words what happened, and what to do next (W6).
type Diagnosis struct {
	What   string // the second half of a sentence: "the receiver answered 401"
	Advice string // one or two sentences
}

// Title is What as a sentence of its own.
func (d Diagnosis) Title() string {
	if d.What == "" {
		return ""
	}
	return strings.ToUpper(d.What[:1]) + d.What[1:] + "."
}

// Diagnose explains an attempt that did not succeed. A cause that it does not
// know, as old attempts have none, is explained by outcome and status.
func Diagnose(o Outcome, status int, cause Cause) Diagnosis {
	if d, known := byTokenCause[cause]; known {
		return d
	}
	if o == HTTPError {
		return diagnoseStatus(status)
	}
	if d, known := byCause[cause]; known {
		return d
	}
	if d, known := byOutcome[o]; known {
		return d
	}
	return Diagnosis{"it did not succeed", "Retrigger it; if it fails again, look at the request and the answer in its log."}
}

// Diagnosis explains the last attempt, which had that cause.
func (d Delivery) Diagnosis(cause Cause) Diagnosis {
	said := Diagnose(d.Last.Outcome, d.Last.Status, cause)
	if d.Test {
		return said.OfTest()
	}
	return said
}

// Explained reports whether a cause has words of its own.
func (c Cause) Explained() bool {
	_, known := byCause[c]
	_, ofToken := byTokenCause[c]
	return known || ofToken
}

const (
	waitsItself   = "Hookline tries again as the retry preset says; once it works, retrigger what has failed for good."
	answerFirst   = "Let the receiver answer 2xx first and do its work afterwards, or raise the webhook's timeout (30 s at most)."
	theirNetwork  = "Check that the receiver is up and that nothing between it and this server, such as a firewall or proxy, drops the connection. " + waitsItself
	fillIn        = "Check the webhook's URL, headers and body: a value in them could not be filled in. The error names it."
	askForCert    = "Ask whoever runs the receiver to mend its certificate."
	allowedByHand = "Requests go to public addresses only. Correct the webhook's URL. If the address is meant, the operator can let it through by starting the server with --allow-targets (a network such as 10.1.0.0/16) or, for plain http, --allow-http."
)

var byOutcome = map[Outcome]Diagnosis{
	Timeout:     {"the receiver did not answer in time", answerFirst},
	Network:     {"the connection to the receiver failed", "Check that the host name is right, and that the receiver is up and reachable from this server."},
	TLS:         {"no secure connection to the receiver could be made", "Check the receiver's certificate: its name, its expiry date and its chain."},
	BlockedURL:  {"the target guard refused the address", allowedByHand},
	RenderError: {"the request could not be built", fillIn},
	AuthError:   {"no credentials could be had for it", "Check the webhook's credentials, and enter them again if they have changed."},
}

var byCause = map[Cause]Diagnosis{
	"dns_not_found":      {"there is no server of that name", "Check the host name in the webhook's URL for typing errors. If the name is new, its DNS entry may not have spread yet."},
	"dns_failed":         {"the name of the receiver could not be looked up for now", "The name servers of the receiver or of this machine have a fault. " + waitsItself},
	"connection_refused": {"the receiver refused the connection", "Nothing listens on that port: the receiver is down, or the URL has the wrong port. " + waitsItself},
	"connection_reset":   {"the receiver broke the connection off", theirNetwork},
	"connection_closed":  {"the receiver closed the connection without an answer", "The receiver, or a proxy before it, gave up on the request. Its own log says why. " + waitsItself},
	"connection_failed":  {"the connection to the receiver failed", theirNetwork},
	"unreachable":        {"there is no network route to the receiver", "Check the address behind the host name, and the routes and firewall of this server."},
	"local_limit":        {"this server ran out of a local resource while connecting", "Raise the limit of open files for Hookline, or lower --workers. " + waitsItself},
	"unsolicited_answer": {"the receiver sends answers that nobody asked for", "Its HTTP server mixes up connections. Ask whoever runs it to look into keep-alive handling."},
	"not_http":           {"the receiver's answer is not HTTP", "Check the port in the webhook's URL: something else than a web server listens there."},
	"headers_too_long":   {"the headers of the receiver's answer are too long", "They may have 64 KiB. Ask whoever runs the receiver to send fewer, cookies above all."},
	"body_broken":        {"the receiver's answer broke off in the middle", "The receiver, or a proxy before it, failed after it had begun to answer. It may have handled the event: the delivery id lets it tell a repeat."},
	"bad_request":        {"the request has a header that HTTP does not allow", "Correct the webhook's headers."},

	"tls_untrusted":      {"the receiver's certificate is not trusted", "It is self-signed, or an intermediate certificate is missing. Install the full chain on the receiver, from an authority that browsers trust."},
	"tls_wrong_name":     {"the receiver's certificate is for another name", "Use the name that the certificate is for in the webhook's URL, or get a certificate for this one."},
	"tls_no_san":         {"the receiver's certificate has no subject alternative name (SAN)", "Get a certificate that has the name in the webhook's URL among its subject alternative names; the common name alone does not count."},
	"tls_weak_signature": {"the receiver's certificate has a SHA-1 or MD5 signature", "Get a certificate that is signed with SHA-256 or better, and so are those above it in its chain."},
	"tls_expired":        {"the receiver's certificate has expired or is not valid yet", askForCert + " If it is valid, check the clock of this server."},
	"tls_invalid":        {"the receiver's certificate is not acceptable", askForCert},
	"tls_plain_http":     {"the receiver speaks plain http on this port", "Use the port where it speaks https, usually 443."},
	"tls_not_tls":        {"the receiver does not speak TLS on this port", "Use the port where it speaks https, usually 443."},
	"tls_version":        {"the receiver offers only old TLS versions", "It needs TLS 1.2 or later: ask whoever runs it to switch that on."},
	"tls_failed":         {"the receiver and Hookline could not agree on a secure connection", "The receiver may ask for a client certificate, or for ciphers that are no longer safe. Its own log says which."},
	"tls_closed":         {"the receiver closed the connection during the TLS handshake", "Check that it serves https for this host name. " + waitsItself},

	"timeout_dns":     {"the name of the receiver could not be looked up in time", "The name servers are slow. " + waitsItself},
	"timeout_connect": {"no connection to the receiver could be made in time", "A firewall may drop the packets, or the receiver is down. Check that it can be reached from this server."},
	"timeout_tls":     {"the receiver did not finish the TLS handshake in time", "It is overloaded, or what listens there does not speak TLS."},
	"timeout_send":    {"the receiver did not take the whole request in time", "It reads too slowly. Send it less data, or raise the webhook's timeout (30 s at most)."},
	"timeout_answer":  {"the receiver did not answer in time", answerFirst},
	"timeout_headers": {"the receiver began to answer but did not finish its headers in time", answerFirst},
	"timeout_body":    {"the receiver did not finish its answer in time", "It may have handled the event: the delivery id lets it tell a repeat. " + answerFirst},

	CauseCaptureGone: {"the capture URL is no longer valid", "Its endpoint was deleted, or its URL rotated. Copy the new URL from the Capture page into the webhook, then retrigger."},

	CauseTestMoved: {"the test was not sent, since it cannot go again to where it went", "The error says why. Send another with Test hook on the webhook's page."},
	CauseNotBuilt:  {"the request could not be built", fillIn},
	CauseTemplate:  {"a template of the webhook could not be filled in", "The error names it. Correct the template on the webhook's form, where the preview shows what it makes of this event; then retrigger."},
	CauseTooLong:   {"a template of the webhook came to more than 1 MiB", "Send less of the event: name the fields that the receiver needs instead of whole lists and objects. Then retrigger."},
	CauseHeader:    {"a header of the webhook came to hold what no header can", "The error names it. Headers hold one line of plain ASCII: put the value into the body instead, or write {{#urlEncode}} around it. Then retrigger."},
	CauseURLFilled: {"the URL was refused once its values were filled in", "The error says why. Long values belong into the body: remove them from the webhook's URL and parameters, then retrigger."},
	CauseNoKey:     {"the webhook signs its requests but has no signing key", "Set a key on the webhook's form, or switch signing off there."},
	CauseSealed:    {"a secret of the webhook could not be opened", "Enter it again on the webhook's form. If all secrets fail, the server was started with another master key: put the right one back."},
}

func diagnoseStatus(status int) Diagnosis {
	if status >= 300 && status < 400 {
		return Diagnosis{
			fmt.Sprintf("the receiver answered %d, a redirect", status),
			"Redirects are not followed. Enter the address it points to (the header Location of the answer) as the webhook's URL.",
		}
	}
	return Diagnosis{fmt.Sprintf("the receiver answered %d", status), statusAdvice(status)}
}

// adviceFor a status of its own; the rest goes by class.
var adviceFor = map[int]string{
	400: "The receiver could not read the request. Its answer often says what it expects; check the body format.",
	401: "The receiver did not accept the credentials. Check the webhook's authentication, secret headers and signing key; a new value counts for retries too.",
	402: "The account at the receiver has a payment due.",
	403: "The receiver knows the credentials but does not allow this, or a firewall before it refuses us. Check the rights of the credentials, and that this server's outgoing addresses are on its allow-list.",
	404: "Nothing listens at this path. Check the webhook's URL.",
	405: "The path exists, but not for this method. Check the webhook's method.",
	406: "The receiver cannot answer in a form that we accept. Check the header Accept, if the webhook sets one.",
	408: "The receiver took too long by its own clock. Retrigger when it is less busy.",
	409: "The receiver says that this conflicts with what it has, often because it handled the event already. If so, nothing needs to be done.",
	410: "The receiver says that this address no longer exists. Enter its new URL on the webhook, then switch it on again.",
	411: "The receiver wants a length before it reads. Ask whoever runs it, or a proxy before it, to accept Content-Length.",
	413: "The body is larger than the receiver accepts. Send it less data, or raise its limit.",
	415: "The receiver does not accept this content type. Choose another body format.",
	422: "The receiver understood the request but not what is in it. Its answer often names the field.",
	425: "The receiver does not want early requests. Retrigger it.",
	429: "The receiver is asked too often. Choose a retry preset with longer pauses, or raise its limit; Durable heeds Retry-After.",
	431: "The headers are longer than the receiver accepts. Remove some of the webhook's headers.",
	451: "The receiver may not take this for legal reasons.",
	500: "The receiver failed while it handled the request. Its own log says why. " + waitsItself,
	501: "The receiver does not know this method. Check the webhook's method.",
	502: "A proxy before the receiver cannot reach it: it is down or restarting. " + waitsItself,
	503: "The receiver is overloaded or down for maintenance. " + waitsItself,
	504: "A proxy before the receiver got no answer from it in time. " + waitsItself,
	507: "The receiver has no room left. " + waitsItself,
}

func statusAdvice(status int) string {
	if advice := adviceFor[status]; advice != "" {
		return advice
	}
	switch {
	case status >= 400 && status < 500:
		return "The receiver did not accept the request. Its answer often says why."
	case status >= 500:
		return "The fault is on the receiver's side. " + waitsItself
	}
	return "Only a status from 200 to 299 counts as delivered."
}

// OfTest is the same for a test, which is never tried again by itself.
func (d Diagnosis) OfTest() Diagnosis {
	d.Advice = strings.Replace(d.Advice, waitsItself, "A test is not tried again: send another once the receiver works.", 1)
	return d
}
