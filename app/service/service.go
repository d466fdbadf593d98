// Package service decides: policy, then validation, then sealing, then one
// transaction. Pages, API and command line all come through here, so no rule
// lives in a handler.
package service

import (
	"net/netip"
	"net/url"
	"time"

	"hookline/app/capture"
	"hookline/app/deliver"
	"hookline/app/ratelimit"
	"hookline/app/schema"
	"hookline/app/secret"
	"hookline/app/service/account"
	"hookline/app/store"
	"hookline/models"
)

// Queue holds deliveries in memory. *jobs.Runner is one. The store reserves places and
// offers deliveries; the use cases wake it, drop from it and ask it.
type Queue interface {
	store.Queue
	// Drop removes a delivery that was cancelled and still waits.
	Drop(deliveryID string)
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
	Live    *Live          // nil: a new one
	Capture *capture.Bin   // nil: one without a public address
	Mail    account.Mailer // nil: no mail server is configured
	Links   account.Links  // nil: links are paths alone
	Now     func() time.Time
	// SiteDomain is offered at setup: the host of the public address.
	SiteDomain string
	// Outgoing are the addresses that requests come from, as the operator says (W8).
	Outgoing []netip.Prefix
}

// deps are Deps as the use cases hold them: out of reach of pages and API.
type deps struct {
	store    *store.Store
	box      *secret.Box
	sender   *deliver.Sender
	targets  Targets
	queue    Queue
	live     *Live
	capture  *capture.Bin
	now      func() time.Time
	outgoing []netip.Prefix

	schemas   *schema.Cache
	filters   *filters
	changes   *contention        // of participants
	questions *ratelimit.Buckets // to endpoints that must confirm
	tests     *actorLimit        // of webhooks and of OAuth connections
	tries     *actorLimit        // of previews and of filter tries
	previews  *semaphore         // and of filter tries
}

// Service is all use cases, one field a noun.
type Service struct {
	Accounts    *account.Accounts
	Invitations *account.Invitations
	People      *account.People
	Teams       *account.Teams
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
	Tokens   *account.Tokens
	Webhooks *Webhooks
	System   *System
	Live     *Live
}

// New wires the use cases.
func New(in Deps) *Service {
	d := newDeps(in)
	accounts := account.New(account.Deps{Store: in.Store, Box: in.Box, Mail: in.Mail, Links: in.Links, Now: d.now, SiteDomain: in.SiteDomain})
	deliveries, grants, participants := &Deliveries{deps: d}, &Grants{deps: d}, &Participants{deps: d}
	webhooks := &Webhooks{deps: d, deliveries: deliveries, grants: grants, participants: participants}
	return &Service{
		Accounts:    accounts.Accounts,
		Invitations: accounts.Invitations,
		People:      accounts.People,
		Teams:       accounts.Teams,
		Bulk:        newBulk(d),
		Captures:    &Captures{deps: d, webhooks: webhooks, replays: ratelimit.New(d.now)},
		Audit:       &AuditLog{deps: d},
		Deliveries:  deliveries,
		Events:      &Events{deps: d},
		EventTypes:  &EventTypes{deps: d},
		Grants:      grants,
		Presets:     &Presets{deps: d},

		Participants: participants,
		Connections:  &OAuthConnections{deps: d},

		Stats:    &Stats{deps: d},
		Settings: &Settings{deps: d},
		Tokens:   accounts.Tokens,
		Webhooks: webhooks,
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
	return deps{
		store: in.Store, box: in.Box, sender: in.Sender, targets: in.Targets, queue: in.Queue, live: in.Live, capture: in.Capture,
		now: in.Now, outgoing: in.Outgoing,
		schemas: new(schema.Cache), filters: new(filters), changes: new(contention), questions: ratelimit.New(in.Now),
		tests: newTestLimit(in.Now), tries: newTryLimit(in.Now), previews: newSemaphore(),
	}
}

// entry makes the audit entry of a change that is about to be stored.
func (d deps) entry(actor models.Actor, action, subjectID, subject string, before, after []models.Field) models.Audit {
	return models.NewAudit(store.NewID(models.AuditPrefix), d.now(), actor, action, subjectID, subject, before, after)
}

// noQueue leaves everything to the table.
type noQueue struct{}

func (noQueue) Reserve(string, int) (string, time.Time, bool) { return "", time.Time{}, false }
func (noQueue) Offer([]models.Work)                           {}
func (noQueue) Release(string, int)                           {}
func (noQueue) Drop(string)                                   {}
func (noQueue) Wake()                                         {}
func (noQueue) Lane(string) models.Lane                       { return models.Lane{} }
func (noQueue) Waits(string) bool                             { return false }
