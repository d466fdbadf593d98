package deliver

import (
	"net/http"
	"net/url"
	"strconv"

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
	ownLines      = 9 // headers of ours, at most, but for those of
	standardLines = 3
)

// message is one request, ready to go. The body is made once: the same bytes
// are signed, sent and logged.
type message struct {
	url      *url.URL
	shownURL string
	header   http.Header
	lines    []models.HeaderLine // header for the log, in the order it was set
	body     []byte
	token    string
	missing  []string // see models.Attempt.Missing
	// secrets are those of this attempt alone.
	secrets mask
}

// message renders and signs the request for one attempt. With a fault it holds
// what was made until then, for the log.
func (p *prepared) message(in *Input, sign signer) (message, *fault) {
	return p.render(newRendering(in), sign)
}

func (p *prepared) render(r *rendering, sign signer) (message, *fault) {
	m := message{url: p.url, shownURL: p.shownURL}
	var bodyType string
	f := p.fillURL(r, &m)
	if f == nil && p.format != nil {
		m.body, bodyType, f = p.format(r)
	}
	h := newHeaders(p.mostLines())
	if f == nil {
		f = p.setCustom(&h, r)
	}
	if m.missing = r.missed(); f != nil {
		return m, f
	}
	p.identify(&h, r, bodyType)
	s := sign(m.body, r.id)
	h.prove(s, r.id)
	m.header, m.lines, m.token = h.header, h.lines, s.token
	return m, nil
}

// setCustom sets the person's headers, and our name unless they gave one.
func (p *prepared) setCustom(h *headers, r *rendering) *fault {
	agent := false
	for _, c := range p.custom {
		value, shown := c.value, c.shown
		if c.filled != nil {
			var f *fault
			if value, f = c.filled.header(r); f != nil {
				return f
			}
			shown = p.secrets.text(value)
		}
		h.set(c.name, value, shown)
		agent = agent || c.name == userAgent
	}
	if !agent {
		h.set(userAgent, ourAgent, ourAgent)
	}
	return nil
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
func (p *prepared) identify(h *headers, r *rendering, bodyType string) {
	in := r.in
	if bodyType != "" {
		h.set(contentType, bodyType, bodyType)
	}
	h.set(idempotency, r.id, r.id)
	h.set(p.names.delivery, r.id, r.id)
	h.set(p.names.event, in.Event.Type, in.Event.Type)
	h.set(p.names.eventID, in.Event.ID, in.Event.ID)
	hops := strconv.Itoa(in.Event.Hops + 1)
	h.set(p.names.hops, hops, hops)
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
// A single array holds all values, so that not each of them costs an allocation.
func (h *headers) set(name, value, shown string) {
	n := len(h.values)
	h.values = append(h.values, value)
	h.header[name] = h.values[n : n+1 : n+1]
	h.lines = append(h.lines, models.HeaderLine{Name: name, Value: shown})
}
