package service_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/apptest"
	"hookline/app/service"
	"hookline/models"
)

const target = "http://127.0.0.1:8999/hook"

func fields(t *testing.T, err error) map[string]string {
	t.Helper()
	require.Equal(t, models.Invalid, models.CodeOf(err), "%v", err)
	var e *models.Error
	require.ErrorAs(t, err, &e)
	got := map[string]string{}
	for _, f := range e.Fields {
		got[f.Field] = f.Message
	}
	return got
}

func headers(list ...models.HeaderSettings) func(*service.WebhookDraft) {
	return func(d *service.WebhookDraft) { d.Settings.Headers = list }
}

// D4: a secret value is kept by ***, changed by re-entering, and never turns
// plain by itself.
func TestSecretHeaders(t *testing.T) {
	e := apptest.NewEngine(t, apptest.Options{})
	hook := e.AddWebhook(t, target, func(d *service.WebhookDraft) {
		d.Settings.Headers = []models.HeaderSettings{{Name: "Authorization", Value: "Bearer first", Secret: true}, {Name: "X-Plain", Value: "v"}}
	})
	require.Empty(t, hook.Headers[0].Value)
	update := func(in func(*service.WebhookDraft)) (models.Webhook, error) {
		saved, err := e.Webhooks.Edit(t.Context(), apptest.System, hook.ID, in)
		return saved.Webhook, err
	}
	kept, err := update(headers(models.HeaderSettings{Name: "authorization", Value: models.Mask, Secret: true}))
	require.NoError(t, err)
	require.Equal(t, hook.Headers[0].Sealed, kept.Headers[0].Sealed)
	require.Len(t, kept.Headers, 1, "a header left out is removed")

	changed, err := update(headers(models.HeaderSettings{Name: "Authorization", Value: "Bearer second", Secret: true}))
	require.NoError(t, err)
	require.NotEqual(t, kept.Headers[0].Sealed, changed.Headers[0].Sealed)

	_, err = update(headers(models.HeaderSettings{Name: "Authorization", Value: models.Mask}))
	require.Contains(t, fields(t, err)["headers.0.value"], "Enter the value again")
	_, err = update(headers(models.HeaderSettings{Name: "X-Renamed", Value: models.Mask, Secret: true}))
	require.Contains(t, fields(t, err)["headers.0.value"], "Enter the secret value")
	_, err = update(headers(models.HeaderSettings{Name: "X-New", Secret: true}))
	require.Contains(t, fields(t, err)["headers.0.value"], "Enter the secret value")

	plain, err := update(headers(models.HeaderSettings{Name: "Authorization", Value: "Bearer public"}))
	require.NoError(t, err, "with the value entered again it may turn plain")
	require.Equal(t, "Bearer public", plain.Headers[0].Value)
	require.Empty(t, plain.Headers[0].Sealed)
}

// Z2: the key has at least 8 characters; without one Hookline makes it and says
// it once.
func TestSigningKey(t *testing.T) {
	e := apptest.NewEngine(t, apptest.Options{})
	name, url, short, long := "Receiver", target, "1234567", "12345678"
	saved, err := e.Webhooks.Create(t.Context(), apptest.System, apptest.Draft(name, url))
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(saved.NewKey), 32)
	_, err = e.Webhooks.Create(t.Context(), apptest.System, apptest.Draft(name, url, func(d *service.WebhookDraft) {
		d.Settings.Signing.Secret = &short
	}))
	require.Contains(t, fields(t, err), "signing.secret")
	given, err := e.Webhooks.Create(t.Context(), apptest.System, apptest.Draft(name, url, func(d *service.WebhookDraft) {
		d.Settings.Signing.Secret = &long
	}))
	require.NoError(t, err)
	require.Empty(t, given.NewKey, "a key that was given is not repeated")
}

// Every fault at once, each with the field and the mend; nothing is stored.
func TestFaultsComeTogether(t *testing.T) {
	e := apptest.NewEngine(t, apptest.Options{})
	name, url, method := " ", "http://169.254.169.254/latest", "TRACE"
	_, err := e.Webhooks.Create(t.Context(), apptest.System, apptest.Draft(name, url, func(d *service.WebhookDraft) {
		d.Settings.Method = method
		d.Settings.Headers = []models.HeaderSettings{
			{Name: "Host", Value: "x"}, {Name: "X Y", Value: "v"}, {Name: "A", Value: "a\r\nB: c"}, {Name: "a", Value: "again"},
			{Name: "X-Hookline-Delivery-Id", Value: "mine"}, {Name: "X-Secret", Value: "a\nb", Secret: true},
		}
		d.Settings.Subscriptions = models.Subscriptions{Types: []string{"no.such"}, Categories: []string{"nothing"}}
	}))
	got := fields(t, err)
	for _, field := range []string{
		"name", "url", "method", "headers.0.name", "headers.1.name", "headers.2.value", "headers.3.name", "headers.4.name", "headers.5.value",
		"subscriptions.types", "subscriptions.categories",
	} {
		require.Contains(t, got, field)
	}
	list, err := e.Webhooks.List(t.Context(), apptest.System, "", models.PageRequest{})
	require.NoError(t, err)
	require.Empty(t, list.Items)
}

// I10: a duplicate has no credentials, a key of its own, and is switched off.
func TestDuplicate(t *testing.T) {
	e := apptest.NewEngine(t, apptest.Options{})
	hook := e.AddWebhook(t, target, func(d *service.WebhookDraft) {
		long := strings.Repeat("ä", 100)
		d.Settings.Name = long
		d.Settings.Headers = []models.HeaderSettings{{Name: "X-Key", Value: "secret-value", Secret: true}, {Name: "X-Plain", Value: "v"}}
		d.Settings.Subscriptions = models.Subscriptions{Categories: []string{"releases"}}
	})
	saved, err := e.Webhooks.Duplicate(t.Context(), apptest.System, hook.ID)
	require.NoError(t, err)
	w := saved.Webhook
	require.False(t, w.Enabled)
	require.NotEmpty(t, saved.NewKey)
	require.NotEqual(t, hook.Signing.Key, w.Signing.Key)
	require.Equal(t, []models.Header{{Name: "X-Plain", Value: "v"}}, w.Headers)
	require.Equal(t, hook.Subscriptions, w.Subscriptions)
	require.True(t, strings.HasSuffix(w.Name, "(copy)"))
}

// D2, W4: who may at all, and who sees only what is theirs.
func TestWhoMaySeeWebhooks(t *testing.T) {
	e := apptest.NewEngine(t, apptest.Options{})
	theirs := e.AddWebhook(t, target, nil)
	_, tok, err := e.Tokens.Create(t.Context(), apptest.System, "integration", []models.Scope{models.WebhooksWrite, models.DeliveriesRead}, theirs.CreatedAt.AddDate(1, 0, 0))
	require.NoError(t, err)
	limited := models.Actor{Token: &tok}
	name, url := "Mine", target
	mine, err := e.Webhooks.Create(t.Context(), limited, apptest.Draft(name, url))
	require.NoError(t, err)

	_, err = e.Webhooks.Get(t.Context(), limited, mine.Webhook.ID)
	require.NoError(t, err)
	_, err = e.Webhooks.Get(t.Context(), limited, theirs.ID)
	require.Equal(t, models.NotFound, models.CodeOf(err))
	require.Equal(t, models.NotFound, models.CodeOf(e.Webhooks.Delete(t.Context(), limited, theirs.ID)))
	list, err := e.Webhooks.List(t.Context(), limited, "", models.PageRequest{})
	require.NoError(t, err)
	require.Len(t, list.Items, 1)

	for _, role := range []models.Role{models.Manager, models.Member} {
		user := models.Actor{User: &models.User{Role: role}}
		list, err := e.Webhooks.List(t.Context(), user, "", models.PageRequest{})
		require.NoError(t, err)
		require.Empty(t, list.Items, role)
		_, err = e.Webhooks.Get(t.Context(), user, theirs.ID)
		require.Equal(t, models.NotFound, models.CodeOf(err), role)
		_, err = e.Webhooks.Create(t.Context(), user, apptest.Draft(name, url))
		require.Equal(t, models.Denied, models.CodeOf(err), role)
	}
	_, err = e.Webhooks.List(t.Context(), models.Actor{}, "", models.PageRequest{})
	require.Equal(t, models.Unauthenticated, models.CodeOf(err))
}
