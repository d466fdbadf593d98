// Package deliveries has the page of one delivery, and its row in a log.
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
	MaxAttempts  int // by the webhook's retry policy, as it is now
	CanRetrigger bool
	// Live makes the row ask link.DeliveryRow for itself until the delivery has
	// ended, or waits for longer than a minute. Set it in the answer to a
	// retrigger, and in the answers of that route.
	Live bool
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
	Held         bool
	CanRetrigger bool
	CanCancel    bool
}
