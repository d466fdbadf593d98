package policy_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/policy"
	"hookline/models"
)

// The golden matrix: every action for every kind of actor, spelled out. A new
// action fails here until its row is written.
var golden = map[policy.Action]struct {
	owner, manager, member, nobody bool
	scopes                         []models.Scope // any one of them is enough; admin always is
}{
	policy.ReadWebhooks:    {owner: true, scopes: []models.Scope{models.WebhooksRead, models.WebhooksWrite}},
	policy.WriteWebhooks:   {owner: true, scopes: []models.Scope{models.WebhooksWrite}},
	policy.PublishEvents:   {owner: true, scopes: []models.Scope{models.EventsWrite}},
	policy.ReadEvents:      {owner: true, scopes: []models.Scope{models.EventsRead}},
	policy.ReadEventTypes:  {owner: true, manager: true, scopes: []models.Scope{models.EventsRead, models.EventsWrite, models.WebhooksRead, models.WebhooksWrite}},
	policy.WriteEventTypes: {owner: true},
	policy.ReadDeliveries:  {owner: true, scopes: []models.Scope{models.DeliveriesRead}},
	policy.WriteDeliveries: {owner: true, scopes: []models.Scope{models.DeliveriesWrite}},
	policy.ManageTokens:    {owner: true},
	policy.SignedIn:        {owner: true, manager: true, member: true},
}

func TestMatrix(t *testing.T) {
	user := func(r models.Role) models.Actor { return models.Actor{User: &models.User{Role: r}} }
	for _, action := range policy.Actions {
		if action == policy.Public {
			require.True(t, policy.Can(models.Actor{}, action))
			continue
		}
		row, ok := golden[action]
		require.True(t, ok, "%s has no row", action)
		require.Equal(t, row.owner, policy.Can(user(models.Owner), action), "owner %s", action)
		require.Equal(t, row.manager, policy.Can(user(models.Manager), action), "manager %s", action)
		require.Equal(t, row.member, policy.Can(user(models.Member), action), "member %s", action)
		require.False(t, policy.Can(user("boss"), action), "unknown role %s", action)
		require.Equal(t, row.nobody, policy.Can(models.Actor{}, action), "nobody %s", action)
		for _, scope := range models.Scopes {
			want := action != policy.SignedIn && scope == models.Admin
			for _, s := range row.scopes {
				want = want || s == scope
			}
			token := models.Actor{Token: &models.Token{Scopes: []models.Scope{scope}}}
			require.Equal(t, want, policy.Can(token, action), "%s %s", scope, action)
		}
	}
	require.Len(t, golden, len(policy.Actions)-1)
}

// W4: a token that may write webhooks sees only its own, unless it is an admin's.
func TestOwnOnly(t *testing.T) {
	token := func(scopes ...models.Scope) models.Actor {
		return models.Actor{Token: &models.Token{ID: "tok_1", Scopes: scopes}}
	}
	require.Equal(t, "tok_1", policy.OwnOnly(token(models.WebhooksWrite, models.WebhooksRead)))
	require.Empty(t, policy.OwnOnly(token(models.WebhooksRead)))
	require.Empty(t, policy.OwnOnly(token(models.WebhooksWrite, models.Admin)))
	require.Empty(t, policy.OwnOnly(models.Actor{User: &models.User{Role: models.Owner}}))
}
