package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/app/store"
	"hookline/models"
)

// Z8: what a team or user was granted is part of the configuration, and goes
// with the team, the membership and the webhook.
func testGrants(t *testing.T, s *suite) {
	w := s.webhook(t)
	pat, kim := s.user("pat@example.com"), s.user("kim@example.com")
	require.NoError(t, s.CreateUser(s.ctx, pat))
	require.NoError(t, s.CreateUser(s.ctx, kim))
	team := models.Team{ID: newID(models.TeamPrefix), Name: "Logistics", Members: []string{pat.ID, kim.ID}, CreatedAt: s.clock.At, UpdatedAt: s.clock.At}
	require.NoError(t, s.CreateTeam(s.ctx, team))
	twin := team
	twin.ID = newID(models.TeamPrefix)
	require.Equal(t, models.Conflict, models.CodeOf(s.CreateTeam(s.ctx, twin)))

	level := func(u models.User) models.Level { return s.Config().Access.Level(u.ID, w.ID) }
	toTeam := models.Grant{ID: newID(models.GrantPrefix), WebhookID: w.ID, TeamID: team.ID, Level: models.ViewGrant, CreatedAt: s.clock.At}
	toPat := models.Grant{ID: newID(models.GrantPrefix), WebhookID: w.ID, UserID: pat.ID, Level: models.ViewGrant, CreatedAt: s.clock.At}
	require.NoError(t, s.SaveGrant(s.ctx, toTeam))
	require.NoError(t, s.SaveGrant(s.ctx, toPat))
	require.Equal(t, models.ViewGrant, level(kim))
	again := toPat
	again.ID, again.Level = newID(models.GrantPrefix), models.EditGrant
	require.NoError(t, s.SaveGrant(s.ctx, again), "in place of the first")
	require.Len(t, s.Config().Access.Grants, 2)
	require.Equal(t, models.EditGrant, level(pat), "the stronger of the two")

	require.Equal(t, models.NotFound, models.CodeOf(s.DeleteGrant(s.ctx, newID(models.WebhookPrefix), toPat.ID)))
	require.NoError(t, s.DeleteGrant(s.ctx, w.ID, toPat.ID))
	require.Equal(t, models.ViewGrant, level(pat))
	team.Members = []string{kim.ID}
	require.NoError(t, s.SaveTeam(s.ctx, team))
	require.Equal(t, models.NoGrant, level(pat))
	require.NoError(t, s.DeleteTeam(s.ctx, team.ID))
	require.Equal(t, models.NoGrant, level(kim))
	require.Empty(t, s.Config().Access.Grants)
	require.Equal(t, models.NotFound, models.CodeOf(s.DeleteTeam(s.ctx, team.ID)))

	require.NoError(t, s.SaveGrant(s.ctx, toPat))
	require.NoError(t, s.DeleteWebhook(s.ctx, w.ID))
	require.Empty(t, s.Config().Access.Grants)
}

// B10: an entry is there exactly when its change is.
func testAudit(t *testing.T, s *suite) {
	entry := func(action, actor string) models.Audit {
		return models.Audit{
			ID: newID(models.AuditPrefix), At: s.clock.At, ActorKind: models.UserActor, ActorID: actor, ActorName: "Pat 100%", Action: action,
			SubjectID: "sub_1", Subject: "Orders", Changes: []models.Change{{Field: "name", Before: "a", After: "b"}},
		}
	}
	u := s.user("pat@example.com")
	require.NoError(t, s.CreateUser(s.ctx, u, entry("user.created", "usr_a")))
	require.Error(t, s.CreateUser(s.ctx, u, entry("user.created", "usr_a")), "refused, and so not in the log")
	s.clock.At = s.clock.At.Add(time.Hour)
	require.NoError(t, s.SaveSettings(s.ctx, models.Settings{SiteName: "x"}, entry("settings.updated", "usr_b")))

	list := func(f models.AuditFilter) []string {
		found, err := s.Audits(s.ctx, f, store.Page{Limit: 10})
		require.NoError(t, err)
		actions := []string{}
		for _, a := range found {
			require.Equal(t, []models.Change{{Field: "name", Before: "a", After: "b"}}, a.Changes)
			actions = append(actions, a.Action)
		}
		return actions
	}
	both := []string{"settings.updated", "user.created"}
	require.Equal(t, both, list(models.AuditFilter{}))
	require.Equal(t, both[1:], list(models.AuditFilter{ActorID: "usr_a"}))
	require.Equal(t, both[1:], list(models.AuditFilter{Action: "user"}))
	require.Empty(t, list(models.AuditFilter{Action: "use"}))
	require.Equal(t, both[:1], list(models.AuditFilter{Since: s.clock.At}))
	require.Equal(t, both[1:], list(models.AuditFilter{Until: s.clock.At}))
	require.Equal(t, both, list(models.AuditFilter{SubjectID: "sub_1", Search: "100%"}))
	require.Empty(t, list(models.AuditFilter{Search: "1_0"}))
}
