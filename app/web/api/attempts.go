package api

import (
	"encoding/base64"
	"time"
	"unicode/utf8"

	"hookline/models"
)

// attempt is one exchange as the log keeps it.
type attempt struct {
	Number     int             `json:"number" doc:"1 for the first."`
	StartedAt  time.Time       `json:"started_at"`
	DurationMS int64           `json:"duration_ms"`
	Outcome    models.Outcome  `json:"outcome" enum:"success,http_error,timeout,network,tls,blocked,render_error,auth_error"`
	Status     *int            `json:"status" doc:"null when there was no response."`
	Error      *string         `json:"error" doc:"null on success."`
	Cause      *string         `json:"cause" doc:"The error for programs, e.g. connection_refused; null when there is no more to say than outcome and status do."`
	Version    int64           `json:"webhook_version" doc:"Which version of the webhook's settings was used."`
	Timing     *attemptTiming  `json:"timing" doc:"What the time was spent on; null when nothing was measured."`
	Missing    []string        `json:"missing" nullable:"false" doc:"Expressions that named a field which was not there; they rendered empty."`
	Request    attemptRequest  `json:"request"`
	Response   attemptResponse `json:"response"`
}

// attemptTiming is in milliseconds. What did not happen is 0.
type attemptTiming struct {
	DNS     float64 `json:"dns_ms"`
	Connect float64 `json:"connect_ms"`
	TLS     float64 `json:"tls_ms"`
	Wait    float64 `json:"first_byte_ms" doc:"From having a connection to the first byte of the answer."`
	Body    float64 `json:"body_ms"`
	Reused  bool    `json:"reused" doc:"A connection kept from an earlier attempt."`
}

func timingOf(t models.Timing) *attemptTiming {
	if !t.Known() {
		return nil
	}
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	return &attemptTiming{DNS: ms(t.DNS), Connect: ms(t.Connect), TLS: ms(t.TLS), Wait: ms(t.Wait), Body: ms(t.Body), Reused: t.Reused}
}

// diagnosis is what happened and what to do next, in plain words (W6).
type diagnosis struct {
	Title  string `json:"title"`
	Advice string `json:"advice"`
}

// diagnosisOf explains the last attempt; nil when there is none, or it
// succeeded.
func diagnosisOf(d models.Delivery, attempts []models.Attempt) *diagnosis {
	if d.Last.At.IsZero() || d.Last.Outcome == models.Success {
		return nil
	}
	var cause models.Cause
	if len(attempts) > 0 {
		cause = d.LastOf(attempts).Cause
	}
	said := d.Diagnosis(cause)
	return &diagnosis{Title: said.Title(), Advice: said.Advice}
}

type attemptRequest struct {
	Method  string              `json:"method"`
	URL     string              `json:"url"`
	Headers []models.HeaderLine `json:"headers" nullable:"false"`
	WireBody
}

// attemptResponse is empty when none came.
type attemptResponse struct {
	Headers []models.HeaderLine `json:"headers" nullable:"false"`
	WireBody
}

// WireBody is a body as it went over the wire. Like all embedded types here, it
// is exported because huma does not look into others.
type WireBody struct {
	Body      string `json:"body"`
	Encoding  string `json:"encoding,omitzero" enum:"base64" doc:"There when body is not UTF-8: it is in Base64 then."`
	Truncated bool   `json:"truncated" doc:"The log keeps the beginning of a long body."`
}

func bodyOf(raw []byte, truncated bool) WireBody {
	if truncated {
		raw = wholeRunes(raw)
	}
	if !utf8.Valid(raw) {
		return WireBody{Body: base64.StdEncoding.EncodeToString(raw), Encoding: "base64", Truncated: truncated}
	}
	return WireBody{Body: string(raw), Truncated: truncated}
}

// wholeRunes drops the part of a character that cutting left at the end, which
// would make a text look like binary data.
func wholeRunes(raw []byte) []byte {
	for cut := 1; cut < utf8.UTFMax && cut <= len(raw); cut++ {
		if last := raw[len(raw)-cut:]; utf8.RuneStart(last[0]) {
			if !utf8.FullRune(last) {
				return raw[:len(raw)-cut]
			}
			break
		}
	}
	return raw
}

func attemptOf(a models.Attempt) attempt {
	return attempt{
		Number: a.Number, StartedAt: a.StartedAt, DurationMS: a.Duration.Milliseconds(), Outcome: a.Outcome,
		Status: optional(a.Status), Error: optional(a.Error), Cause: optional(string(a.Cause)), Version: a.WebhookVersion,
		Timing: timingOf(a.Timing), Missing: append([]string{}, a.Missing...),
		Request: attemptRequest{
			Method: a.Request.Method, URL: a.Request.URL, Headers: a.Request.Headers, WireBody: bodyOf(a.Request.Body, a.Request.Truncated),
		},
		Response: attemptResponse{Headers: a.Response.Headers, WireBody: bodyOf(a.Response.Body, a.Response.Truncated)},
	}
}
