// Package policy decides who may do what. The rules are data; the service
// enforces them for pages and API alike, and views are told the answers.
package policy

import (
	"slices"

	"hookline/models"
)

// Action is something an actor may ask for.
type Action string

const (
	ReadWebhooks    Action = "webhooks.read"
	WriteWebhooks   Action = "webhooks.write" // create, change, switch, duplicate, delete, test
	PublishEvents   Action = "events.publish"
	ReadEvents      Action = "events.read"
	ReadEventTypes  Action = "event_types.read"
	WriteEventTypes Action = "event_types.write"
	ReadDeliveries  Action = "deliveries.read"
	WriteDeliveries Action = "deliveries.write" // retrigger, cancel
	ManageTokens    Action = "tokens.manage"
	// Public needs no actor: sign-in, setup, health.
	Public Action = "public"
	// SignedIn is what every user may do with their own session.
	SignedIn Action = "signed_in"
)

// Actions lists all, for the golden matrix.
var Actions = []Action{
	ReadWebhooks, WriteWebhooks, PublishEvents, ReadEvents, ReadEventTypes, WriteEventTypes,
	ReadDeliveries, WriteDeliveries, ManageTokens, Public, SignedIn,
}

// roles: what each role may do (D2, Z1). Managers and members will be granted
// single webhooks; by themselves they see none.
var roles = map[models.Role][]Action{
	models.Owner: {
		ReadWebhooks, WriteWebhooks, PublishEvents, ReadEvents, ReadEventTypes, WriteEventTypes,
		ReadDeliveries, WriteDeliveries, ManageTokens, SignedIn,
	},
	models.Manager: {ReadEventTypes, SignedIn},
	models.Member:  {SignedIn},
}

// scopes: any of them allows a token the action; the scope admin allows all.
var scopes = map[Action][]models.Scope{
	ReadWebhooks:    {models.WebhooksRead, models.WebhooksWrite},
	WriteWebhooks:   {models.WebhooksWrite},
	PublishEvents:   {models.EventsWrite},
	ReadEvents:      {models.EventsRead},
	ReadEventTypes:  {models.EventsRead, models.EventsWrite, models.WebhooksRead, models.WebhooksWrite},
	WriteEventTypes: {},
	ReadDeliveries:  {models.DeliveriesRead},
	WriteDeliveries: {models.DeliveriesWrite},
	ManageTokens:    {},
}

// Can reports whether the actor may do this at all. Which objects it then sees
// is OwnOnly's question.
func Can(actor models.Actor, action Action) bool {
	switch {
	case action == Public || actor.System:
		return true
	case actor.User != nil:
		return slices.Contains(roles[actor.User.Role], action)
	case actor.Token != nil:
		needed, known := scopes[action]
		return known && (actor.Token.Has(models.Admin) || slices.ContainsFunc(needed, actor.Token.Has))
	}
	return false
}

// OwnOnly returns the id of the token when the actor may see and change only the
// webhooks that it made itself (W4): a token that may write webhooks but is not
// an admin's. Otherwise it returns "".
func OwnOnly(actor models.Actor) string {
	if t := actor.Token; t != nil && t.Has(models.WebhooksWrite) && !t.Has(models.Admin) {
		return t.ID
	}
	return ""
}

// Check is Can as an error: Unauthenticated for nobody, Denied otherwise.
func Check(actor models.Actor, action Action) error {
	switch {
	case Can(actor, action):
		return nil
	case actor.User == nil && actor.Token == nil:
		return models.Errorf(models.Unauthenticated, "Sign in, or send an API token.")
	case actor.Token != nil:
		return models.Errorf(models.Denied, "This token lacks the scope for it.")
	}
	return models.Errorf(models.Denied, "Your role does not allow this. Ask an owner of the workspace.")
}
