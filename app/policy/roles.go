package policy

import "hookline/models"

// Action is something an actor may ask for.
type Action string

// Actions on a single webhook, which can be granted.
const (
	ReadWebhooks    Action = "webhooks.read"
	ChangeWebhooks  Action = "webhooks.change" // the form, the status toggle
	TestWebhooks    Action = "webhooks.test"
	ReadDeliveries  Action = "deliveries.read"
	WriteDeliveries Action = "deliveries.write" // retrigger, cancel
)

// Actions in the workspace.
const (
	CreateWebhooks Action = "webhooks.create" // duplicate too
	DeleteWebhooks Action = "webhooks.delete"
	ManageGrants   Action = "grants.manage"
	// MoveSecrets is to send a webhook's stored secrets to another host without
	// knowing them.
	MoveSecrets Action = "webhooks.move_secrets"
	// PickWebhooks is to choose a webhook by its name for a step of a track. It shows
	// no setting and no secret; ReadWebhooks does that.
	PickWebhooks    Action = "webhooks.pick"
	PublishEvents   Action = "events.publish"
	ReadEvents      Action = "events.read"
	ReadEventTypes  Action = "event_types.read"
	WriteEventTypes Action = "event_types.write"
	ManageTokens    Action = "tokens.manage"
	ManagePeople    Action = "people.manage" // users, invitations, teams
	ManageSettings  Action = "settings.manage"
	ReadAudit       Action = "audit.read"
	// ManageConnections is to see, make and change the OAuth connections.
	ManageConnections Action = "oauth_connections.manage"
	// ReadStats is for everybody: it tells of the webhooks that one may read.
	ReadStats Action = "stats.read"
	// UseCapture is to have capture endpoints of one's own; whose they are decides
	// the rest.
	UseCapture Action = "capture.use"
	// ReadParticipants and WriteParticipants are for those who build tracks: owners
	// and managers. Participants are people with personal data, so members, who only
	// use what is shared with them, see none.
	ReadParticipants  Action = "participants.read"
	WriteParticipants Action = "participants.write"
	// ReadMetrics is for the tokens of monitoring; no page shows metrics.
	ReadMetrics Action = "metrics.read"
	// SignedIn is what every user may do with their own account.
	SignedIn Action = "signed_in"
	// Public needs no actor: sign-in, setup, health.
	Public Action = "public"
)

// Actions lists all, for the golden matrix.
var Actions = []Action{
	ReadWebhooks, ChangeWebhooks, TestWebhooks, ReadDeliveries, WriteDeliveries,
	CreateWebhooks, DeleteWebhooks, ManageGrants, MoveSecrets, PickWebhooks, PublishEvents, ReadEvents, ReadEventTypes, WriteEventTypes,
	ManageTokens, ManagePeople, ManageSettings, ManageConnections, ReadAudit, ReadStats, UseCapture, ReadParticipants, WriteParticipants, ReadMetrics, SignedIn, Public,
}

// roles: what each role may do everywhere (D2, Z1). Managers and members see no
// webhook but those that were granted to them.
var roles = map[models.Role][]Action{
	models.Owner: {
		ReadWebhooks, ChangeWebhooks, TestWebhooks, ReadDeliveries, WriteDeliveries,
		CreateWebhooks, DeleteWebhooks, ManageGrants, MoveSecrets, PickWebhooks, PublishEvents, ReadEvents, ReadEventTypes, WriteEventTypes,
		ManageTokens, ManagePeople, ManageSettings, ManageConnections, ReadAudit, ReadStats, UseCapture, ReadParticipants, WriteParticipants, SignedIn,
	},
	models.Manager: {PickWebhooks, ReadEventTypes, ReadStats, UseCapture, ReadParticipants, WriteParticipants, SignedIn},
	models.Member:  {ReadEventTypes, ReadStats, UseCapture, SignedIn},
}

// grants: what each level adds on its webhook (Z8), whatever the role.
var grants = map[models.Level][]Action{
	models.ViewGrant: {ReadWebhooks, ReadDeliveries},
	models.EditGrant: {ReadWebhooks, ReadDeliveries, ChangeWebhooks, TestWebhooks, WriteDeliveries},
}

// scopes: any of them allows a token the action; the scope admin allows all that
// is listed here.
var scopes = map[Action][]models.Scope{
	ReadWebhooks:    {models.WebhooksRead, models.WebhooksWrite},
	ChangeWebhooks:  {models.WebhooksWrite},
	TestWebhooks:    {models.WebhooksWrite},
	ReadDeliveries:  {models.DeliveriesRead},
	WriteDeliveries: {models.DeliveriesWrite},
	CreateWebhooks:  {models.WebhooksWrite},
	DeleteWebhooks:  {models.WebhooksWrite},
	ManageGrants:    {},
	MoveSecrets:     {},
	PickWebhooks:    {},
	PublishEvents:   {models.EventsWrite},
	ReadEvents:      {models.EventsRead},
	ReadEventTypes:  {models.EventsRead, models.EventsWrite, models.WebhooksRead, models.WebhooksWrite},
	WriteEventTypes: {},
	ManageTokens:    {},
	ManagePeople:    {},
	ManageSettings:  {},
	ReadAudit:       {},

	ManageConnections: {},
	ReadStats:         {models.WebhooksRead, models.WebhooksWrite, models.DeliveriesRead},
	UseCapture:        {models.WebhooksWrite},

	ReadParticipants:  {models.ParticipantsRead, models.ParticipantsWrite},
	WriteParticipants: {models.ParticipantsWrite},
	ReadMetrics:       {models.MetricsRead},
}
