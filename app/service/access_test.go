package service_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/apptest"
	"hookline/app/service"
	"hookline/app/store"
	"hookline/models"
)

// Z8: what a grant opens, on its webhook alone, and that it counts from one
// request to the next.
func TestZ8_GrantsOpenOneWebhook(t *testing.T) {
	e := apptest.NewEngine(t, apptest.Options{})
	shared, other := e.AddWebhook(t, target, nil), e.AddWebhook(t, target, nil)
	pat, err := e.Accounts.Add(t.Context(), "pat@example.com", "Pat", models.Member, "correct horse battery")
	require.NoError(t, err)
	actor := models.Actor{User: &pat}
	grant := models.Grant{ID: "grt_1", WebhookID: shared.ID, UserID: pat.ID, CreatedAt: shared.CreatedAt}
	_, err = e.Events.Publish(t.Context(), apptest.System, service.NewEvent{Type: "release.published", Data: json.RawMessage(`{}`)})
	require.NoError(t, err)
	all, err := e.Deliveries.List(t.Context(), apptest.System, models.DeliveryFilter{}, models.PageRequest{})
	require.NoError(t, err)
	require.Len(t, all.Items, 2)

	try := func(id string) (get, edit, remove, retrigger models.Code) {
		_, err := e.Webhooks.Get(t.Context(), actor, id)
		get = models.CodeOf(err)
		_, err = e.Webhooks.SetEnabled(t.Context(), actor, id, false)
		edit = models.CodeOf(err)
		remove = models.CodeOf(e.Webhooks.Delete(t.Context(), actor, id))
		d, err := e.Store.Deliveries(t.Context(), models.DeliveryFilter{WebhookID: id}, store.Page{Limit: 1})
		require.NoError(t, err)
		_, err = e.Deliveries.Retrigger(t.Context(), actor, d[0].ID)
		return get, edit, remove, models.CodeOf(err)
	}
	check := func(id string, get, edit, retrigger models.Code) {
		t.Helper()
		g, w, r, again := try(id)
		require.Equal(t, []models.Code{get, edit, models.Denied, retrigger}, []models.Code{g, w, r, again})
	}
	check(shared.ID, models.NotFound, models.NotFound, models.NotFound)
	grant.Level = models.ViewGrant
	require.NoError(t, e.Store.SaveGrant(t.Context(), grant))
	check(shared.ID, "", models.Denied, models.Denied)
	grant.Level = models.EditGrant
	require.NoError(t, e.Store.SaveGrant(t.Context(), grant))
	check(shared.ID, "", "", "")
	check(other.ID, models.NotFound, models.NotFound, models.NotFound)

	list, err := e.Deliveries.List(t.Context(), actor, models.DeliveryFilter{}, models.PageRequest{})
	require.NoError(t, err)
	require.Len(t, list.Items, 1)
	require.NoError(t, e.Store.DeleteGrant(t.Context(), shared.ID, grant.ID))
	check(shared.ID, models.NotFound, models.NotFound, models.NotFound)
}

// B10: a change is in the audit log with who and what, and without secrets.
func TestB10_ChangesAreAudited(t *testing.T) {
	e := apptest.NewEngine(t, apptest.Options{})
	name, url, key := "Orders", target, "a very secret key"
	saved, err := e.Webhooks.Create(t.Context(), apptest.System, apptest.Draft(name, url, func(d *service.WebhookDraft) {
		d.Settings.Signing.Secret = &key
		d.Settings.Headers = []models.HeaderSettings{{Name: "X-Api-Key", Value: "hunter2hunter2", Secret: true}}
	}))
	require.NoError(t, err)
	newKey, newName := "another secret key", "Orders 2"
	_, err = e.Webhooks.Edit(t.Context(), apptest.System, saved.Webhook.ID, func(d *service.WebhookDraft) {
		d.Settings.Name = newName
		d.Settings.Signing.Secret = &newKey
	})
	require.NoError(t, err)
	require.NoError(t, e.Webhooks.Delete(t.Context(), apptest.System, saved.Webhook.ID))

	log, err := e.Store.Audits(t.Context(), models.AuditFilter{SubjectID: saved.Webhook.ID}, store.Page{Limit: 10})
	require.NoError(t, err)
	require.Len(t, log, 3)
	require.Equal(t, "webhook.deleted", log[0].Action)
	require.Equal(t, "webhook.created", log[2].Action)
	require.Equal(t, []models.Change{
		{Field: "name", Before: "Orders", After: "Orders 2"}, {Field: "signing.secret", Before: "***", After: "***"},
	}, log[1].Changes)
	text, err := json.Marshal(log)
	require.NoError(t, err)
	for _, secret := range []string{key, newKey, "hunter2"} {
		require.NotContains(t, string(text), secret)
	}
}
