// Package service decides: policy, then validation, then sealing, then one
// transaction. Pages, API and command line all come through here, so no rule
// lives in a handler.
package service

import (
	"net/netip"
	"net/url"
	"time"

	"github.com/google/uuid"

	"hookline/app/capture"
	"hookline/app/deliver"
	"hookline/app/schema"
	"hookline/app/secret"
	"hookline/app/store"
	"hookline/models"
)

// Queue takes deliveries over in memory. *jobs.Runner is one.
type Queue interface {
	// Reserve promises a place, and names the claim to store the delivery under.
	Reserve(webhookID string, eventBytes int) (claimID string, lease time.Time, ok bool)
	// Offer hands over what was reserved and is now stored.
	Offer(work []models.Work)
	// Withdraw gives a reservation back.
	Withdraw(webhookID string, eventBytes int)
	// Forget drops a delivery that was cancelled and still waits.
	Forget(deliveryID string)
	// Wake says that the table has something due.
	Wake()
	// Lane is what it has in memory for a webhook.
	Lane(webhookID string) models.Lane
	// Waits reports whether a delivery is in memory and not on the wire yet.
	Waits(deliveryID string) bool
}

// Targets checks URLs against the target guard. *egress.Client is one.
type Targets interface {
	CheckURL(raw string) (*url.URL, error)
}

// Deps are what the use cases need. Queue may be nil: the command line has none.
type Deps struct {
	Store   *store.Store
	Box     *secret.Box
	Sender  *deliver.Sender
	Targets Targets
	Queue   Queue
	Live    *Live        // nil: a new one
	Capture *capture.Bin // nil: one without a public address
	Mail    Mailer       // nil: no mail server is configured
	Links   Links        // nil: links are paths alone
	Now     func() time.Time
	// SiteDomain is offered at setup: the host of the public address.
	SiteDomain string
	// Outgoing are the addresses that requests come from, as the operator says (W8).
	Outgoing []netip.Prefix

	schemas   *schema.Cache
	filters   *filters
	questions *throttle // to endpoints that must confirm
	tests     *pace     // of webhooks and of OAuth connections
	tries     *pace     // of previews and of filter tries
	turns     *turns    // of previews and of filter tries
}

// Service is all use cases, one field a noun.
type Service struct {
	Accounts    *Accounts
	Invitations *Invitations
	People      *People
	Teams       *Teams
	Bulk        *Bulk
	Captures    *Captures
	Audit       *AuditLog
	Deliveries  *Deliveries
	Events      *Events
	EventTypes  *EventTypes
	Grants      *Grants
	Presets     *Presets

	Participants *Participants
	Connections  *OAuthConnections

	Stats    *Stats
	Settings *Settings
	Tokens   *Tokens
	Webhooks *Webhooks
	System   *System
	Live     *Live
}

// New wires the use cases.
func New(d Deps) *Service {
	if d.Now == nil {
		d.Now = func() time.Time { return time.Now().UTC() }
	}
	if d.Queue == nil {
		d.Queue = noQueue{}
	}
	if d.Live == nil {
		d.Live = NewLive()
	}
	d.schemas, d.filters, d.questions, d.tests = new(schema.Cache), new(filters), newThrottle(d.Now), newTestPace(d.Now)
	d.tries, d.turns = newTryPace(d.Now), newTurns()
	if d.Capture == nil {
		d.Capture = capture.New(capture.Options{Store: d.Store, Now: d.Now, Told: func(id string) { d.Live.Tell(id) }})
	}
	if d.Links == nil {
		d.Links = noLinks{}
	}
	guesses := newThrottle(d.Now)
	return &Service{
		Accounts:    newAccounts(d, guesses),
		Invitations: &Invitations{Deps: d, guesses: guesses},
		People:      &People{Deps: d},
		Teams:       &Teams{Deps: d},
		Bulk:        newBulk(d),
		Captures:    &Captures{Deps: d, replays: newThrottle(d.Now)},
		Audit:       &AuditLog{Deps: d},
		Deliveries:  &Deliveries{Deps: d},
		Events:      &Events{Deps: d},
		EventTypes:  &EventTypes{Deps: d},
		Grants:      &Grants{Deps: d},
		Presets:     &Presets{Deps: d},

		Participants: &Participants{Deps: d},
		Connections:  &OAuthConnections{Deps: d},

		Stats:    &Stats{Deps: d},
		Settings: &Settings{Deps: d},
		Tokens:   &Tokens{Deps: d},
		Webhooks: &Webhooks{Deps: d},
		System:   &System{Deps: d},
		Live:     d.Live,
	}
}

// newID makes a public id that sorts by time.
func newID(prefix string) string {
	return models.FormatID(prefix, uuid.Must(uuid.NewV7()))
}

// noQueue leaves everything to the table.
type noQueue struct{}

func (noQueue) Reserve(string, int) (string, time.Time, bool) { return "", time.Time{}, false }
func (noQueue) Offer([]models.Work)                           {}
func (noQueue) Withdraw(string, int)                          {}
func (noQueue) Forget(string)                                 {}
func (noQueue) Wake()                                         {}
func (noQueue) Lane(string) models.Lane                       { return models.Lane{} }
func (noQueue) Waits(string) bool                             { return false }
