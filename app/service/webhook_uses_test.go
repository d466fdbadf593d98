package service_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/app/apptest"
	"hookline/app/service"
	"hookline/models"
)

// I10: before a webhook is changed or deleted one sees whom it concerns, as far
// as one may know of them.
func TestI10_UsedBy(t *testing.T) {
	e := apptest.NewEngine(t, apptest.Options{})
	_, token, err := e.Tokens.Create(t.Context(), apptest.System, "Deploys", []models.Scope{models.Admin}, time.Time{})
	require.NoError(t, err)
	program := models.Actor{Token: &token}
	name, url := "Mine", "https://example.com/hooks"
	subs := models.Subscriptions{Types: []string{"form.submitted", "release.published"}}
	saved, err := e.Webhooks.Create(t.Context(), program, apptest.Draft(name, url, func(d *service.WebhookDraft) {
		d.Settings.Subscriptions = subs
	}))
	require.NoError(t, err)
	hook := saved.Webhook

	pat := person(t, e, "Pat Miller", models.Member)
	ops := team(t, e, "Operations", pat)
	for holder, level := range map[string]models.Level{pat.ID: models.ViewGrant, ops.ID: models.EditGrant} {
		_, err := e.Grants.Give(t.Context(), apptest.System, hook.ID, holder, level)
		require.NoError(t, err)
	}

	events := service.Use{Kind: service.UseEvents, Count: 2}
	uses, err := e.Webhooks.UsedBy(t.Context(), apptest.System, hook.ID)
	require.NoError(t, err)
	require.Equal(t, []service.Use{
		events, {Kind: service.UseToken, ID: token.ID, Name: "Deploys"},
		{Kind: service.UseTeam, ID: ops.ID, Name: "Operations", Level: models.EditGrant},
		{Kind: service.UseUser, ID: pat.ID, Name: "Pat Miller", Level: models.ViewGrant},
	}, uses)
	uses, err = e.Webhooks.UsedBy(t.Context(), models.Actor{User: &pat}, hook.ID)
	require.NoError(t, err)
	require.Equal(t, []service.Use{events}, uses, "who may only look does not learn of tokens and people")

	none := models.Subscriptions{}
	_, err = e.Webhooks.Edit(t.Context(), apptest.System, hook.ID, func(d *service.WebhookDraft) { d.Settings.Subscriptions = none })
	require.NoError(t, err)
	require.NoError(t, e.Tokens.Revoke(t.Context(), apptest.System, token.ID))
	uses, err = e.Webhooks.UsedBy(t.Context(), apptest.System, hook.ID)
	require.NoError(t, err)
	require.Len(t, uses, 2, "the people are left")
	_, err = e.Webhooks.UsedBy(t.Context(), models.Actor{User: &models.User{ID: "usr_x", Role: models.Member}}, hook.ID)
	require.Error(t, err)
}
