package models

import "time"

// Outcome sorts what came of one attempt.
type Outcome string

const (
	Success     Outcome = "success"
	HTTPError   Outcome = "http_error"
	Timeout     Outcome = "timeout"
	Network     Outcome = "network"
	TLS         Outcome = "tls"
	BlockedURL  Outcome = "blocked"
	RenderError Outcome = "render_error"
	AuthError   Outcome = "auth_error"
)

// Last is the state of a delivery after its last attempt ended so.
func (o Outcome) Last() DeliveryState {
	switch o {
	case Success:
		return Succeeded
	case BlockedURL:
		return Blocked
	}
	return Failed
}

// HeaderLine is one header as it went over the wire, secrets masked.
type HeaderLine struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Attempt is one HTTP exchange made for a delivery, as the log keeps it.
type Attempt struct {
	Number         int // 1 for the first
	WebhookVersion int64
	StartedAt      time.Time
	Duration       time.Duration
	Outcome        Outcome
	Status         int    // 0 when there was no response
	Error          string // a plain sentence; empty on success
	Cause          Cause  // names it for programs
	Timing         Timing
	// Missing are the expressions that named a field which was not there, and so
	// rendered empty (H5).
	Missing  []string
	Request  LoggedRequest
	Response LoggedResponse
	// BodiesGone says that retention has removed the bodies; the rest stays.
	BodiesGone bool
}

// LoggedRequest is the request as sent, secrets masked.
type LoggedRequest struct {
	Method    string
	URL       string
	Headers   []HeaderLine
	Body      []byte // at most KeptRequestBody bytes
	Truncated bool
}

// MarkedRequest is a request of a preview, with the tokens of Marks where something
// was missing.
type MarkedRequest struct {
	LoggedRequest
	Marks []Mark
}

// Mark is a token that stands where the expression Name found nothing.
type Mark struct{ Token, Name string }

// LoggedResponse is what came back. Zero when nothing did.
type LoggedResponse struct {
	Headers   []HeaderLine
	Body      []byte // at most 16 KiB
	Truncated bool
}

// KeptRequestBody is how much of a request body the log keeps. The event itself
// is kept whole, so nothing is lost by cutting here.
const KeptRequestBody = 64 << 10
