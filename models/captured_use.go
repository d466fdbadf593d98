package models

import "time"

// SignatureCheck is what a receiver finds when it checks a signature.
type SignatureCheck string

const (
	SignatureAbsent SignatureCheck = ""
	SignatureValid  SignatureCheck = "valid"
	SignatureWrong  SignatureCheck = "wrong"
)

// CaptureOrigin says which delivery of this installation a captured request is.
type CaptureOrigin struct {
	DeliveryID  string
	WebhookID   string
	WebhookName string // "" when the webhook was deleted
	HMAC        SignatureCheck
	Token       SignatureCheck
	Standard    SignatureCheck
}

// Replay is what came of sending a captured request once more. It is shown and kept
// nowhere: it is no delivery, since there is no event behind it.
type Replay struct {
	URL       string
	Problem   string // a sentence; "" when there was an answer
	Status    int
	Duration  time.Duration
	Headers   []HeaderLine
	Body      []byte
	Truncated bool
}
