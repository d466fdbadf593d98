package deliver

import (
	"maps"
	"net/http"
	"slices"
	"time"

	"hookline/app/egress"
	"hookline/models"
)

// attempt is the log's record of an exchange.
func (p *prepared) attempt(in *Input, m *message, res egress.Result) models.Attempt {
	res = readable(res)
	what, sentence := outcome(res)
	a := p.record(in, res.Started, what, sentence)
	if what == models.BlockedURL {
		// Nothing but the guard's sentence: how long a refusal took, or what
		// answered, would tell about the network behind the guard. The guard
		// gives no cause; a capture URL that is gone has one.
		a.Cause = models.Cause(res.Cause)
		return a
	}
	a.Duration, a.Status, a.Cause = res.Duration, res.Status, models.Cause(res.Cause)
	a.Timing = models.Timing{
		DNS: res.Timing.Lookup, Connect: res.Timing.Connect, TLS: res.Timing.Handshake,
		Wait: res.Timing.Wait, Body: res.Timing.Body, Reused: res.Timing.Reused,
	}
	a.Request, a.Missing = p.loggedRequest(m), m.missing
	a.Response = p.secrets.with(m.secrets).including(m.token, res).response(res)
	return a
}

// unsent is the log's record of an attempt that never reached the client; m is
// what was made of the request.
func (p *prepared) unsent(in *Input, started time.Time, m *message, f *fault) models.Attempt {
	a := p.record(in, started, f.outcome, f.sentence)
	a.Cause, a.Missing = f.cause, m.missing
	if m.shownURL != "" {
		a.Request.URL = m.shownURL
	}
	return a
}

// tokenless is the log's record of an attempt for which no access token could be
// had. What a refused token URL took would tell about the network behind the guard.
func (p *prepared) tokenless(in *Input, started time.Time, took time.Duration, m *message, f *fault) models.Attempt {
	a := p.unsent(in, started, m, f)
	if f.outcome != models.BlockedURL {
		a.Duration = took
	}
	return a
}

// record has what every record has. Its request is the method and the URL
// alone, since no more is certain to have been made.
func (p *prepared) record(in *Input, started time.Time, what models.Outcome, sentence string) models.Attempt {
	return models.Attempt{
		Number:         in.Delivery.Attempts + 1,
		WebhookVersion: p.version,
		StartedAt:      started.UTC(),
		Outcome:        what,
		Error:          p.secrets.text(sentence),
		Request:        models.LoggedRequest{Method: p.method, URL: p.shownURL},
	}
}

func (p *prepared) loggedRequest(m *message) models.LoggedRequest {
	kept := m.body[:min(len(m.body), models.KeptRequestBody)]
	return models.LoggedRequest{
		Method: p.method, URL: m.shownURL, Headers: m.lines,
		Body: kept, Truncated: len(kept) < len(m.body),
	}
}

// response is the log's form of what came back.
func (m mask) response(res egress.Result) models.LoggedResponse {
	// A body that broke off may end in the middle of a secret, as one that was
	// cut may.
	partial := res.Truncated || res.Reason != ""
	return models.LoggedResponse{
		Headers: m.headers(res.Header), Body: m.body(res.Body, partial), Truncated: res.Truncated,
	}
}

func (m mask) headers(h http.Header) []models.HeaderLine {
	if len(h) == 0 {
		return nil
	}
	lines := make([]models.HeaderLine, 0, len(h))
	for _, name := range slices.Sorted(maps.Keys(h)) {
		for _, value := range h[name] {
			lines = append(lines, models.HeaderLine{Name: m.text(name), Value: m.text(value)})
		}
	}
	return lines
}
