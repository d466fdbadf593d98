package models

import (
	"strconv"
	"strings"
	"time"
)

// Limits of capture (B4).
const (
	MaxCaptures         = 10        // endpoints of one user or token
	KeptCaptureBody     = 256 << 10 // bytes of a body that are kept
	MaxCaptureBody      = 1 << 20   // bytes of a body that are read
	KeptCaptured        = 500       // requests of one endpoint, the newest
	KeptCaptureBytes    = 16 << 20  // bytes of one endpoint's requests, the newest
	CaptureAge          = 7 * 24 * time.Hour
	MaxCaptureDelay     = 30 * time.Second
	maxCaptureAnswer    = 16 << 10
	PlainAnswer         = "text/plain"
	JSONAnswer          = "application/json"
	defaultAnswerStatus = 200
)

// Capture is a private address that keeps what is sent to it. It belongs to one
// user or one token, and nobody else sees it.
type Capture struct {
	ID      string
	UserID  string // or
	TokenID string
	Name    string
	Hash    []byte // of the secret in its URL, to find it by
	Secret  Sealed // the secret, since its owner is shown the URL again
	Answer  CaptureAnswer
	// URL is the endpoint's address, for its owner; it is not stored.
	URL string
	// Dropped counts requests that were refused or not kept: too many at a time.
	Dropped   int64
	CreatedAt time.Time
}

// CaptureAnswer is what a sender gets. Type is one of two that no browser runs.
type CaptureAnswer struct {
	Status int
	Delay  time.Duration // whole milliseconds
	Type   string
	Body   string
}

// NewCaptureAnswer is 200 at once, with nothing in it.
func NewCaptureAnswer() CaptureAnswer {
	return CaptureAnswer{Status: defaultAnswerStatus, Type: PlainAnswer}
}

// OwnedBy reports whether the actor is the one who made it.
func (c Capture) OwnedBy(a Actor) bool {
	switch {
	case a.User != nil:
		return c.UserID == a.User.ID
	case a.Token != nil:
		return c.TokenID == a.Token.ID
	}
	return false
}

// Validate checks what its owner sets.
func (c Capture) Validate() FieldErrors {
	var errs FieldErrors
	checkLine(&errs, "name", c.Name, "a name that tells the endpoint from your others", 100)
	a := c.Answer
	if a.Status < 200 || a.Status > 599 {
		errs.Add("answer.status", "Give a status from 200 to 599.")
	}
	if a.Delay < 0 || a.Delay > MaxCaptureDelay {
		errs.Add("answer.delay", "Give a delay from 0 to %d seconds.", MaxCaptureDelay/time.Second)
	}
	if a.Type != PlainAnswer && a.Type != JSONAnswer {
		errs.Add("answer.type", "Choose %s or %s: others could run in a browser.", PlainAnswer, JSONAnswer)
	}
	checkText(&errs, "answer.body", a.Body, maxCaptureAnswer, "\r\n\t")
	return errs
}

// AuditFields lists what its owner sets; the entry's actor is that owner.
func (c Capture) AuditFields() []Field {
	return []Field{
		{Name: "name", Value: c.Name}, SecretField("url", c.Secret),
		{Name: "answer.status", Value: strconv.Itoa(c.Answer.Status)}, {Name: "answer.delay", Value: c.Answer.Delay.String()},
		{Name: "answer.type", Value: c.Answer.Type}, {Name: "answer.body", Value: c.Answer.Body},
	}
}

// Captured is one request as it came.
type Captured struct {
	ID        string
	CaptureID string
	At        time.Time
	Method    string
	Target    string // path and query, as on the request line
	Remote    string // the sender's address; "" for a delivery of this installation
	Headers   []HeaderLine
	Body      []byte // at most KeptCaptureBody
	Size      int64  // of the body as far as it was read
	Truncated bool   // Body is not all of it
}

// Kept is about what a request takes in the database.
func (r Captured) Kept() int64 {
	n := len(r.Body) + len(r.Target) + len(r.Method)
	for _, h := range r.Headers {
		n += len(h.Name) + len(h.Value) + 4
	}
	return int64(n)
}

// Header is the first value of a header, whatever the case of its name.
func (r Captured) Header(name string) string {
	for _, h := range r.Headers {
		if strings.EqualFold(h.Name, name) {
			return h.Value
		}
	}
	return ""
}
