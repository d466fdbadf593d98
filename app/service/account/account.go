// Package account is the room of the people and programs that use the workspace:
// users, teams, invitations, sessions, passwords and API tokens. Pages and API reach
// it through app/service, which hands its use cases on.
package account

import (
	"time"

	"hookline/app/ratelimit"
	"hookline/app/secret"
	"hookline/app/store"
	"hookline/models"
)

// Deps are the parts that the use cases stand on.
type Deps struct {
	Store *store.Store
	Box   *secret.Box
	Mail  Mailer // nil: no mail server is configured
	Links Links  // nil: links are paths alone
	Now   func() time.Time
	// SiteDomain is offered at setup: the host of the public address.
	SiteDomain string
}

// deps are Deps as the use cases hold them: out of reach of pages and API.
type deps struct {
	store      *store.Store
	box        *secret.Box
	mail       Mailer
	links      Links
	now        func() time.Time
	siteDomain string
}

// Room is the use cases of accounts, one field a noun.
type Room struct {
	Accounts    *Accounts
	Invitations *Invitations
	People      *People
	Teams       *Teams
	Tokens      *Tokens
}

// New wires the use cases.
func New(in Deps) Room {
	if in.Links == nil {
		in.Links = noLinks{}
	}
	d := deps{store: in.Store, box: in.Box, mail: in.Mail, links: in.Links, now: in.Now, siteDomain: in.SiteDomain}
	guesses := ratelimit.New(d.now)
	return Room{
		Accounts: newAccounts(d, guesses), Invitations: &Invitations{deps: d, guesses: guesses},
		People: &People{d}, Teams: &Teams{d}, Tokens: &Tokens{deps: d},
	}
}

// entry makes the audit entry of a change that is about to be stored.
func (d deps) entry(actor models.Actor, action, subjectID, subject string, before, after []models.Field) models.Audit {
	return models.NewAudit(store.NewID(models.AuditPrefix), d.now(), actor, action, subjectID, subject, before, after)
}
