package deliver

import (
	"net/http"

	"hookline/models"
)

// Names of the headers that are the same in every workspace.
const (
	contentType   = "Content-Type"
	idempotency   = "Idempotency-Key"
	userAgent     = "User-Agent"
	tokenHeader   = "x-webhook-secret" // in the spelling of the document (Z2)
	hmacSignature = "X-Hmac-Signature"

	// Of Standard Webhooks, in the spelling of its specification (B1).
	standardID        = "webhook-id"
	standardTimestamp = "webhook-timestamp"
	standardSignature = "webhook-signature"

	ourAgent      = "Hookline/1"
	ownLines      = 8 // headers of ours, at most, but for those of
	standardLines = 3
)

// message is one request, ready to go. The body is made once: the same bytes
// are signed, sent and logged.
type message struct {
	header http.Header
	lines  []models.HeaderLine // header for the log, in the order it was set
	body   []byte
	token  string
	// secrets are those of this attempt alone.
	secrets mask
}

// message renders and signs the request for one attempt.
func (p *prepared) message(in Input, sign signer) (message, *fault) {
	var body []byte
	var bodyType string
	if p.format != nil {
		var f *fault
		if body, bodyType, f = p.format(in); f != nil {
			return message{}, f
		}
	}
	h := newHeaders(p.mostLines())
	agent := false
	for _, c := range p.custom {
		h.set(c.name, c.value, c.shown)
		agent = agent || c.name == userAgent
	}
	if !agent {
		h.set(userAgent, ourAgent, ourAgent)
	}
	p.identify(&h, in, bodyType)
	s := sign(body, in.Delivery.ID)
	h.prove(s, in.Delivery.ID)
	return message{header: h.header, lines: h.lines, body: body, token: s.token}, nil
}

func (p *prepared) mostLines() int {
	if p.signing.Standard {
		return len(p.custom) + ownLines + standardLines
	}
	return len(p.custom) + ownLines // no more: a larger map costs the others time
}

// prove sets the signatures. The token is masked in the log: a receiver that
// does not compare its hash of the body lets whoever has it pass for us for five
// minutes. The others are shown, for they help to find out why a receiver says
// no, and prove nothing but this very body, which the log has anyway.
func (h *headers) prove(s signatures, deliveryID string) {
	if s.token != "" {
		h.set(tokenHeader, s.token, models.Mask)
	}
	if s.hmac != "" {
		h.set(hmacSignature, s.hmac, s.hmac)
	}
	if s.standard != "" {
		h.set(standardID, deliveryID, deliveryID)
		h.set(standardTimestamp, s.timestamp, s.timestamp)
		h.set(standardSignature, s.standard, s.standard)
	}
}

// identify sets what tells receivers which delivery this is (D7, W7). It runs
// after the custom headers, which therefore cannot override it.
func (p *prepared) identify(h *headers, in Input, bodyType string) {
	if bodyType != "" {
		h.set(contentType, bodyType, bodyType)
	}
	h.set(idempotency, in.Delivery.ID, in.Delivery.ID)
	h.set(p.names.delivery, in.Delivery.ID, in.Delivery.ID)
	h.set(p.names.event, in.Event.Type, in.Event.Type)
	h.set(p.names.eventID, in.Event.ID, in.Event.ID)
}

// headers are written once for the wire and once for the log.
type headers struct {
	header http.Header
	values []string
	lines  []models.HeaderLine
}

func newHeaders(most int) headers {
	return headers{
		header: make(http.Header, most),
		values: make([]string, 0, most),
		lines:  make([]models.HeaderLine, 0, most),
	}
}

// set puts the name into the map as it stands; Header.Set would change its case.
// One array holds all values, so that not each of them costs an allocation.
func (h *headers) set(name, value, shown string) {
	n := len(h.values)
	h.values = append(h.values, value)
	h.header[name] = h.values[n : n+1 : n+1]
	h.lines = append(h.lines, models.HeaderLine{Name: name, Value: shown})
}
