// Package deliveries has the logs, and the page of one delivery.
package deliveries

import (
	"time"

	"hookline/models"
	"hookline/views/layout"
)

// RowProps is one row of a log.
type RowProps struct {
	CSRF         string
	Next         string // where a retrigger without a script leads back to; "" for the delivery
	Now          time.Time
	Delivery     models.Delivery
	Wide         bool   // with the webhook
	WebhookName  string // "" when it was deleted
	WebhookHost  string
	RateLimit    float64 // that it waits for, per second; 0 when it waits for none
	MaxAttempts  int     // by the webhook's retry policy, as it is now
	CanRetrigger bool
	CanCancel    bool
}

// ShowProps is the page of one delivery.
type ShowProps struct {
	Page        layout.Page
	Delivery    models.Delivery
	WebhookName string // "" when the webhook was deleted
	WebhookHost string
	OccurredAt  time.Time // of the event
	MaxAttempts int
	Attempts    []models.Attempt // oldest first; only the selected one needs its request and response
	Selected    int              // the number of the attempt to show; 0 for the newest
	// Held says that the webhook is switched off, so that what is pending waits.
	Held bool
	// RateLimit is what it waits for, per second; 0 when it does not.
	RateLimit    float64
	CanRetrigger bool
	CanCancel    bool
	// FilterFault is why it was made although the webhook's filter could not tell
	// whether the event is wanted; "" otherwise.
	FilterFault string
	// Drawer says that it is shown beside a log, not as a page.
	Drawer bool
}
