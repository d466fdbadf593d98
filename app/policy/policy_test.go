package policy_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/policy"
	"hookline/models"
)

// The golden matrix: every action for every kind of actor, spelled out. A new
// action fails here until its row is written.
var golden = map[policy.Action]struct {
	owner, manager, member bool           // everywhere
	view, edit             bool           // on a webhook granted so, for any role
	scopes                 []models.Scope // any one of them is enough; admin always is
	noToken                bool           // not even the scope admin
}{
	policy.ReadWebhooks:    {owner: true, view: true, edit: true, scopes: []models.Scope{models.WebhooksRead, models.WebhooksWrite}},
	policy.ChangeWebhooks:  {owner: true, edit: true, scopes: []models.Scope{models.WebhooksWrite}},
	policy.TestWebhooks:    {owner: true, edit: true, scopes: []models.Scope{models.WebhooksWrite}},
	policy.ReadDeliveries:  {owner: true, view: true, edit: true, scopes: []models.Scope{models.DeliveriesRead}},
	policy.WriteDeliveries: {owner: true, edit: true, scopes: []models.Scope{models.DeliveriesWrite}},
	policy.CreateWebhooks:  {owner: true, scopes: []models.Scope{models.WebhooksWrite}},
	policy.DeleteWebhooks:  {owner: true, scopes: []models.Scope{models.WebhooksWrite}},
	policy.ManageGrants:    {owner: true},
	policy.MoveSecrets:     {owner: true},
	policy.PickWebhooks:    {owner: true, manager: true},
	policy.PublishEvents:   {owner: true, scopes: []models.Scope{models.EventsWrite}},
	policy.ReadEvents:      {owner: true, scopes: []models.Scope{models.EventsRead}},
	policy.ReadEventTypes:  {owner: true, manager: true, member: true, scopes: []models.Scope{models.EventsRead, models.EventsWrite, models.WebhooksRead, models.WebhooksWrite}},
	policy.WriteEventTypes: {owner: true},
	policy.ManageTokens:    {owner: true},
	policy.ManagePeople:    {owner: true},
	policy.ManageSettings:  {owner: true},
	policy.ReadAudit:       {owner: true},

	policy.ManageConnections: {owner: true},
	policy.ReadStats:         {owner: true, manager: true, member: true, scopes: []models.Scope{models.WebhooksRead, models.WebhooksWrite, models.DeliveriesRead}},
	policy.UseCapture:        {owner: true, manager: true, member: true, scopes: []models.Scope{models.WebhooksWrite}},
	policy.SignedIn:          {owner: true, manager: true, member: true, noToken: true},

	policy.ReadParticipants:  {owner: true, manager: true, scopes: []models.Scope{models.ParticipantsRead, models.ParticipantsWrite}},
	policy.WriteParticipants: {owner: true, manager: true, scopes: []models.Scope{models.ParticipantsWrite}},
	policy.ReadMetrics:       {scopes: []models.Scope{models.MetricsRead}},
}

func user(r models.Role) models.Actor { return models.Actor{User: &models.User{Role: r}} }

// D2: a manager who picks a webhook for a step sees neither its settings nor its
// secrets.
func TestD2_AManagerPicksWithoutReading(t *testing.T) {
	manager := user(models.Manager)
	require.NoError(t, policy.Check(manager, policy.PickWebhooks))
	for _, action := range []policy.Action{policy.ReadWebhooks, policy.ChangeWebhooks, policy.TestWebhooks, policy.MoveSecrets} {
		require.Equal(t, models.Denied, models.CodeOf(policy.Check(manager, action)), action)
	}
	require.Equal(t, models.Denied, models.CodeOf(policy.Check(user(models.Member), policy.PickWebhooks)))
}

func TestD2_Z8_Matrix(t *testing.T) {
	for _, action := range policy.Actions {
		if action == policy.Public {
			require.True(t, policy.Can(models.Actor{}, action))
			continue
		}
		row, ok := golden[action]
		require.True(t, ok, "%s has no row", action)
		for role, everywhere := range map[models.Role]bool{
			models.Owner: row.owner, models.Manager: row.manager, models.Member: row.member,
		} {
			a := user(role)
			require.Equal(t, everywhere, policy.Can(a, action), "%s %s", role, action)
			require.Equal(t, everywhere, policy.CanOn(a, action, models.NoGrant), "%s %s", role, action)
			require.Equal(t, everywhere || row.view, policy.CanOn(a, action, models.ViewGrant), "%s %s viewing", role, action)
			require.Equal(t, everywhere || row.edit, policy.CanOn(a, action, models.EditGrant), "%s %s editing", role, action)
			require.Equal(t, everywhere || row.edit || row.view, policy.Might(a, action), "%s might %s", role, action)
		}
		for _, a := range []models.Actor{user("boss"), {}} {
			require.False(t, policy.CanOn(a, action, models.EditGrant), "nobody %s", action)
		}
		for _, scope := range models.Scopes {
			token := models.Actor{Token: &models.Token{Scopes: []models.Scope{scope}}}
			want := slices.Contains(row.scopes, scope) || (scope == models.Admin && !row.noToken)
			require.Equal(t, want, policy.CanOn(token, action, models.EditGrant), "%s %s", scope, action)
		}
	}
	require.Len(t, golden, len(policy.Actions)-1)
}

// W4: a token that may write webhooks sees only its own, unless it is an admin's.
func TestW4_OwnOnly(t *testing.T) {
	token := func(scopes ...models.Scope) models.Actor {
		return models.Actor{Token: &models.Token{ID: "tok_1", Scopes: scopes}}
	}
	require.Equal(t, "tok_1", policy.OwnOnly(token(models.WebhooksWrite, models.WebhooksRead)))
	require.Empty(t, policy.OwnOnly(token(models.WebhooksRead)))
	require.Empty(t, policy.OwnOnly(token(models.WebhooksWrite, models.Admin)))
	require.Empty(t, policy.OwnOnly(user(models.Owner)))
}
