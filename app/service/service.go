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

// Deps are the parts that the use cases stand on. Queue may be nil: the command
// line has none.
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
}

// deps are Deps as the use cases hold them: out of reach of pages and API.
type deps struct {
	store      *store.Store
	box        *secret.Box
	sender     *deliver.Sender
	targets    Targets
	queue      Queue
	live       *Live
	capture    *capture.Bin
	mail       Mailer
	links      Links
	now        func() time.Time
	siteDomain string
	outgoing   []netip.Prefix

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
func New(in Deps) *Service {
	d := newDeps(in)
	guesses := newThrottle(d.now)
	return &Service{
		Accounts:    newAccounts(d, guesses),
		Invitations: &Invitations{deps: d, guesses: guesses},
		People:      &People{deps: d},
		Teams:       &Teams{deps: d},
		Bulk:        newBulk(d),
		Captures:    &Captures{deps: d, replays: newThrottle(d.now)},
		Audit:       &AuditLog{deps: d},
		Deliveries:  &Deliveries{deps: d},
		Events:      &Events{deps: d},
		EventTypes:  &EventTypes{deps: d},
		Grants:      &Grants{deps: d},
		Presets:     &Presets{deps: d},

		Participants: &Participants{deps: d},
		Connections:  &OAuthConnections{deps: d},

		Stats:    &Stats{deps: d},
		Settings: &Settings{deps: d},
		Tokens:   &Tokens{deps: d},
		Webhooks: &Webhooks{deps: d},
		System:   &System{deps: d},
		Live:     d.live,
	}
}

// newDeps fills in the parts that were left out.
func newDeps(in Deps) deps {
	if in.Now == nil {
		in.Now = func() time.Time { return time.Now().UTC() }
	}
	if in.Queue == nil {
		in.Queue = noQueue{}
	}
	if in.Live == nil {
		in.Live = NewLive()
	}
	if in.Capture == nil {
		in.Capture = capture.New(capture.Options{Store: in.Store, Now: in.Now, Told: func(id string) { in.Live.Tell(id) }})
	}
	if in.Links == nil {
		in.Links = noLinks{}
	}
	return deps{
		store: in.Store, box: in.Box, sender: in.Sender, targets: in.Targets, queue: in.Queue, live: in.Live, capture: in.Capture,
		mail: in.Mail, links: in.Links, now: in.Now, siteDomain: in.SiteDomain, outgoing: in.Outgoing,
		schemas: new(schema.Cache), filters: new(filters), questions: newThrottle(in.Now),
		tests: newTestPace(in.Now), tries: newTryPace(in.Now), turns: newTurns(),
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
