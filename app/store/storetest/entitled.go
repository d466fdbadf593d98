package storetest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/store"
	"hookline/models"
)

// Z8: who can do something with a webhook, and whom a type-ahead finds.
func testEntitled(t *testing.T, s *suite) {
	w, other := s.webhook(t), s.webhook(t)
	add := func(email, name string, role models.Role, disabled bool) models.User {
		u := s.user(email)
		u.Name, u.Role, u.Disabled = name, role, disabled
		require.NoError(t, s.CreateUser(s.ctx, u))
		return u
	}
	owner := add("olga@example.com", "Olga", models.Owner, false)
	pat := add("pat@example.com", "Pat 100%", models.Member, false)
	kim := add("kim@example.com", "Åsa Kim", models.Manager, false)
	gone := add("gone@example.com", "Gone Pat", models.Member, true)
	add("apat@example.com", "Zoe", models.Member, false)
	team := models.Team{ID: newID(models.TeamPrefix), Name: "Logistics", Members: []string{kim.ID, gone.ID}, CreatedAt: s.clock.At, UpdatedAt: s.clock.At}
	require.NoError(t, s.CreateTeam(s.ctx, team))
	grant := func(g models.Grant) models.Grant {
		g.ID, g.Level, g.CreatedAt = newID(models.GrantPrefix), models.ViewGrant, s.clock.At
		require.NoError(t, s.SaveGrant(s.ctx, g))
		return g
	}
	toPat := grant(models.Grant{WebhookID: w.ID, UserID: pat.ID})
	grant(models.Grant{WebhookID: w.ID, TeamID: team.ID})
	grant(models.Grant{WebhookID: w.ID, UserID: gone.ID})

	names := func(users []models.User, err error) []string {
		require.NoError(t, err)
		list := []string{}
		for _, u := range users {
			list = append(list, u.Name)
		}
		return list
	}
	require.Equal(t, []string{"Åsa Kim", "Pat 100%", "Olga"}, names(s.EntitledUsers(s.ctx, w.ID, store.Page{Limit: 9})))
	require.Equal(t, []string{"Olga"}, names(s.EntitledUsers(s.ctx, other.ID, store.Page{Limit: 9})))
	require.Equal(t, []string{"Olga"}, names(s.EntitledUsers(s.ctx, w.ID, store.Page{Limit: 9, Before: pat.ID})))
	require.Equal(t, []string{"Åsa Kim", "Pat 100%"}, names(s.EntitledUsers(s.ctx, w.ID, store.Page{Limit: 2, After: owner.ID})))

	require.Equal(t, []string{"Pat 100%", "Zoe"}, names(s.SearchUsers(s.ctx, "PAT", 9)), "who begins with it first; who is disabled not at all")
	require.Equal(t, []string{"Pat 100%"}, names(s.SearchUsers(s.ctx, "0%", 9)))
	require.Equal(t, []string{"Åsa Kim"}, names(s.SearchUsers(s.ctx, "Åsa", 9)))
	require.Len(t, names(s.SearchUsers(s.ctx, "", 2)), 2)
	require.Empty(t, names(s.SearchUsers(s.ctx, "_", 9)))
	require.Equal(t, []string{"Olga", "Pat 100%"}, names(s.UsersByID(s.ctx, []string{pat.ID, owner.ID, newID(models.UserPrefix)})))
	require.Empty(t, names(s.UsersByID(s.ctx, nil)))

	require.NoError(t, s.SetGrantLevel(s.ctx, w.ID, toPat.ID, models.EditGrant))
	require.Equal(t, models.EditGrant, s.Config().Access.Level(pat.ID, w.ID))
	require.Equal(t, models.NotFound, models.CodeOf(s.SetGrantLevel(s.ctx, other.ID, toPat.ID, models.EditGrant)))
	require.NoError(t, s.DeleteGrant(s.ctx, w.ID, toPat.ID))
	require.Equal(t, models.NotFound, models.CodeOf(s.SetGrantLevel(s.ctx, w.ID, toPat.ID, models.EditGrant)), "what was revoked does not come back")
}
