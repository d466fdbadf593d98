package service_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"hookline/app/apptest"
	"hookline/app/service"
	"hookline/app/store"
	"hookline/models"
)

func newID(prefix string) string { return models.FormatID(prefix, uuid.Must(uuid.NewV7())) }

// person is a user without the cost of a password.
func person(t *testing.T, e *apptest.Engine, name string, role models.Role) models.User {
	t.Helper()
	u := models.User{ID: newID(models.UserPrefix), Name: name, Email: strings.ToLower(strings.Fields(name)[0]) + "@example.com", Role: role}
	require.NoError(t, e.Store.CreateUser(t.Context(), u))
	return u
}

func team(t *testing.T, e *apptest.Engine, name string, members ...models.User) models.Team {
	t.Helper()
	tm := models.Team{ID: newID(models.TeamPrefix), Name: name}
	for _, u := range members {
		tm.Members = append(tm.Members, u.ID)
	}
	require.NoError(t, e.Store.CreateTeam(t.Context(), tm))
	return tm
}

// Z8: give, give again, change, revoke; each counts at once and is audited, with
// what it was before.
func TestZ8_GiveChangeRevoke(t *testing.T) {
	e := apptest.NewEngine(t, apptest.Options{})
	w := e.AddWebhook(t, target, nil)
	pat := person(t, e, "Pat Miller", models.Member)
	owner := models.Actor{User: &models.User{ID: newID(models.UserPrefix), Name: "Olga", Role: models.Owner}}
	can := func(level models.Level) {
		t.Helper()
		require.Equal(t, level, e.Store.Config().Access.Level(pat.ID, w.ID))
	}
	_, err := e.Grants.Give(t.Context(), owner, w.ID, pat.ID, models.ViewGrant)
	require.NoError(t, err)
	can(models.ViewGrant)
	_, err = e.Grants.Give(t.Context(), owner, w.ID, pat.ID, models.EditGrant)
	require.NoError(t, err)
	can(models.EditGrant)
	_, err = e.Grants.Give(t.Context(), owner, w.ID, pat.ID, models.EditGrant)
	require.NoError(t, err, "the same again changes nothing")
	shared, err := e.Grants.List(t.Context(), owner, w.ID)
	require.NoError(t, err)
	require.Len(t, shared.Grants, 1)
	require.Equal(t, "Pat Miller", shared.Grants[0].Holder.Name)
	_, err = e.Grants.SetLevel(t.Context(), owner, w.ID, pat.ID, models.ViewGrant)
	require.NoError(t, err)
	can(models.ViewGrant)
	_, err = e.Grants.Revoke(t.Context(), owner, w.ID, pat.ID)
	require.NoError(t, err)
	can(models.NoGrant)
	for _, err := range []error{
		second(e.Grants.Revoke(t.Context(), owner, w.ID, pat.ID)),
		second(e.Grants.SetLevel(t.Context(), owner, w.ID, pat.ID, models.EditGrant)),
		second(e.Grants.Give(t.Context(), owner, w.ID, newID(models.UserPrefix), models.EditGrant)),
		second(e.Grants.Give(t.Context(), owner, w.ID, newID(models.TeamPrefix), models.EditGrant)),
		second(e.Grants.Give(t.Context(), owner, w.ID, "usr_x", models.EditGrant)),
		second(e.Grants.Give(t.Context(), owner, newID(models.WebhookPrefix), pat.ID, models.EditGrant)),
	} {
		require.Equal(t, models.NotFound, models.CodeOf(err), "%v", err)
	}
	require.Contains(t, fields(t, second(e.Grants.Give(t.Context(), owner, w.ID, pat.ID, "boss"))), "level")

	log, err := e.Store.Audits(t.Context(), models.AuditFilter{SubjectID: w.ID, Action: "grant"}, store.Page{Limit: 9})
	require.NoError(t, err)
	require.Len(t, log, 4)
	require.Equal(t, []models.Change{{Field: "user Pat Miller <pat@example.com>", Before: "view"}}, log[0].Changes)
	require.Equal(t, []models.Change{{Field: "user Pat Miller <pat@example.com>", Before: "edit", After: "view"}}, log[1].Changes)
	require.Equal(t, "grant.given", log[3].Action)
}

func second[T any](_ T, err error) error { return err }

// D2, Z8: permissions stay with owners, an editor's own webhook included.
func TestZ8_OnlyOwnersGrant(t *testing.T) {
	e := apptest.NewEngine(t, apptest.Options{})
	w := e.AddWebhook(t, target, nil)
	pat := person(t, e, "Pat", models.Manager)
	_, err := e.Grants.Give(t.Context(), apptest.System, w.ID, pat.ID, models.EditGrant)
	require.NoError(t, err)
	token := models.Actor{Token: &models.Token{ID: newID(models.TokenPrefix), Scopes: []models.Scope{models.WebhooksWrite}}}
	for _, actor := range []models.Actor{{User: &pat}, token} {
		for _, err := range []error{
			second(e.Grants.Give(t.Context(), actor, w.ID, pat.ID, models.EditGrant)), second(e.Grants.Revoke(t.Context(), actor, w.ID, pat.ID)),
			second(e.Grants.SetLevel(t.Context(), actor, w.ID, pat.ID, models.ViewGrant)), second(e.Grants.List(t.Context(), actor, w.ID)),
			second(e.Grants.Suggest(t.Context(), actor, w.ID, "p")), second(e.Grants.Entitled(t.Context(), actor, w.ID, models.PageRequest{})),
			second(e.Grants.Overview(t.Context(), actor, "", models.PageRequest{})),
		} {
			require.Equal(t, models.Denied, models.CodeOf(err), "%v", err)
		}
	}
}

// Z8: why can this person do this?
func TestZ8_EntitledSaysWhy(t *testing.T) {
	e := apptest.NewEngine(t, apptest.Options{})
	w := e.AddWebhook(t, target, nil)
	person(t, e, "Olga", models.Owner)
	pat, kim, zoe := person(t, e, "Pat", models.Member), person(t, e, "Kim", models.Manager), person(t, e, "Zoe", models.Member)
	logistics := team(t, e, "Logistics", pat, kim)
	team(t, e, "Nobody's", zoe)
	give := func(id string, l models.Level) {
		_, err := e.Grants.Give(t.Context(), apptest.System, w.ID, id, l)
		require.NoError(t, err)
	}
	give(pat.ID, models.ViewGrant)
	give(logistics.ID, models.EditGrant)
	people, err := e.Grants.Entitled(t.Context(), apptest.System, w.ID, models.PageRequest{})
	require.NoError(t, err)
	byTeam := models.Reason{Kind: models.ByTeam, Level: models.EditGrant, TeamID: logistics.ID, Team: "Logistics"}
	type why struct {
		name    string
		level   models.Level
		reasons []models.Reason
	}
	var got []why
	for _, p := range people.Items {
		got = append(got, why{p.User.Name, p.Level, p.Reasons})
	}
	require.Equal(t, []why{
		{"Olga", models.NoGrant, []models.Reason{{Kind: models.ByRole}}},
		{"Kim", models.EditGrant, []models.Reason{byTeam}},
		{"Pat", models.EditGrant, []models.Reason{{Kind: models.ByGrant, Level: models.ViewGrant}, byTeam}},
	}, got)
}

// Z8: the type-ahead is bounded, leaves nobody out but who cannot sign in, and
// says what they have.
func TestZ8_Suggest(t *testing.T) {
	e := apptest.NewEngine(t, apptest.Options{})
	w := e.AddWebhook(t, target, nil)
	olga := person(t, e, "Olga Pattern", models.Owner)
	pat := person(t, e, "Pat", models.Member)
	tm := team(t, e, "Patrol", pat)
	for _, id := range []string{tm.ID, olga.ID} {
		_, err := e.Grants.Give(t.Context(), apptest.System, w.ID, id, models.EditGrant)
		require.NoError(t, err)
	}
	list, err := e.Grants.Suggest(t.Context(), apptest.System, w.ID, " pat")
	require.NoError(t, err)
	require.Len(t, list, 3)
	require.Equal(t, models.TeamHolder(tm), list[0].Holder)
	require.Equal(t, models.EditGrant, list[0].Level)
	require.Equal(t, "Pat", list[1].Holder.Name)
	require.Equal(t, models.ByTeam, list[1].Reasons[0].Kind)
	require.Len(t, list[2].Reasons, 2, "an owner, and by a grant")
	for range 9 {
		team(t, e, "Patrol "+newID("x"))
		u := models.User{ID: newID(models.UserPrefix), Name: "Pat", Email: newID("x") + "@example.com", Role: models.Member}
		require.NoError(t, e.Store.CreateUser(t.Context(), u))
	}
	list, err = e.Grants.Suggest(t.Context(), apptest.System, w.ID, "pat")
	require.NoError(t, err)
	require.Len(t, list, service.MaxSuggestions)
	require.False(t, list[7].Holder.Team, "both kinds have room")

	zoe := person(t, e, "Zoe", models.Member)
	find := func(text string) (string, int) {
		h, others, err := e.Grants.Find(t.Context(), apptest.System, w.ID, text, zoe.ID)
		require.NoError(t, err)
		if h == nil {
			return "", len(others)
		}
		return h.ID, len(others)
	}
	id, _ := find("PAT@example.com ")
	require.Equal(t, pat.ID, id)
	id, _ = find("patrol")
	require.Equal(t, tm.ID, id)
	id, _ = find("olga pattern")
	require.Equal(t, olga.ID, id)
	id, others := find("Pat")
	require.Empty(t, id, "ten are called so")
	require.Equal(t, service.MaxSuggestions, others)
	id, _ = find("Zoe")
	require.Equal(t, zoe.ID, id)
	_, others = find("nobody at all")
	require.Zero(t, others)
}

// withoutSecrets removes what a webhook keeps sealed.
func withoutSecrets(d *service.WebhookDraft) {
	d.Settings.Headers, d.Settings.Signing.JWT, d.Settings.Signing.HMAC = nil, false, false
}

// Z8, D4: an editor, who may change the URL but not see the secrets, cannot have
// them sent to a host of their own; an owner may move a webhook as it is.
func TestZ8_D4_SecretsStayWithTheirHost(t *testing.T) {
	e := apptest.NewEngine(t, apptest.Options{})
	hook := e.AddWebhook(t, "http://127.0.0.1:8999/hook", func(d *service.WebhookDraft) {
		d.Settings.Headers = []models.HeaderSettings{{Name: "Authorization", Value: "Bearer first", Secret: true}, {Name: "X-Plain", Value: "v"}}
	})
	pat := person(t, e, "Pat", models.Member)
	_, err := e.Grants.Give(t.Context(), apptest.System, hook.ID, pat.ID, models.EditGrant)
	require.NoError(t, err)
	editor := models.Actor{User: &pat}
	change := func(actor models.Actor, url string, edits ...func(*service.WebhookDraft)) error {
		_, err := e.Webhooks.Edit(t.Context(), actor, hook.ID, func(d *service.WebhookDraft) {
			d.Settings.URL = url
			for _, edit := range edits {
				edit(d)
			}
		})
		return err
	}
	kept := headers(models.HeaderSettings{Name: "Authorization", Value: models.Mask, Secret: true})
	method := func(d *service.WebhookDraft) { d.Settings.Method = "PUT" }
	body := func(d *service.WebhookDraft) { d.Settings.Body = models.Body{Format: models.BodySite} }

	require.NoError(t, change(editor, "http://127.0.0.1:8999/other?path=1"), "the same host")
	for _, url := range []string{"http://127.0.0.1:9000/hook", "https://127.0.0.1:8999/hook", "http://127.0.0.2:8999/hook"} {
		for _, edit := range []func(*service.WebhookDraft){func(*service.WebhookDraft) {}, kept, method, body} {
			faults := fields(t, change(editor, url, edit))
			require.Contains(t, faults["headers.0.value"], "only owners", url)
			require.Contains(t, faults["signing.secret"], "only owners", url)
		}
	}
	require.Equal(t, hook.Headers, e.Store.Config().Webhook(hook.ID).Headers)
	_, err = e.Webhooks.Duplicate(t.Context(), editor, hook.ID)
	require.Equal(t, models.Denied, models.CodeOf(err))
	again := headers(models.HeaderSettings{Name: "Authorization", Value: "Bearer theirs", Secret: true})
	require.Equal(t, []string{"signing.secret"}, keys(fields(t, change(editor, "http://127.0.0.1:9000/", again))))
	key := func(d *service.WebhookDraft) { d.Settings.Signing.Secret = ptr("a key of the editor's") }
	require.NoError(t, change(editor, "http://127.0.0.1:9000/", again, key), "entered again")

	// B1: nor by going back to the key that was used before.
	rotate := func() {
		_, err := e.Webhooks.Edit(t.Context(), apptest.System, hook.ID, newKeyFor(time.Hour))
		require.NoError(t, err)
		require.NotEmpty(t, e.Store.Config().Webhook(hook.ID).Signing.OldKey)
	}
	rotate()
	overlap := func(d *service.WebhookDraft) { d.KeyOverlap = time.Hour }
	require.NoError(t, change(editor, "http://127.0.0.1:9005/", again, key, overlap))
	_, err = e.Webhooks.RestoreKey(t.Context(), editor, hook.ID)
	require.Equal(t, models.Conflict, models.CodeOf(err), "%v", err)
	rotate()

	require.NoError(t, change(editor, "http://127.0.0.1:9001/", withoutSecrets))
	require.Empty(t, e.Store.Config().Webhook(hook.ID).Signing.OldKey)
	require.Empty(t, e.Store.Config().Webhook(hook.ID).Signing.Key, "or the next save would sign with it")

	require.NoError(t, change(apptest.System, "http://127.0.0.1:9002/", again, key, overlap))
	require.NoError(t, change(models.Actor{User: &models.User{ID: newID(models.UserPrefix), Role: models.Owner}}, "http://127.0.0.1:9003/"))
	require.NotEmpty(t, e.Store.Config().Webhook(hook.ID).Headers[0].Sealed)
	own := models.Actor{Token: &models.Token{ID: newID(models.TokenPrefix), Scopes: []models.Scope{models.Admin}}}
	require.NoError(t, change(own, "http://127.0.0.1:9004/"))
}

func ptr[T any](v T) *T { return &v }

func keys(m map[string]string) (list []string) {
	for k := range m {
		list = append(list, k)
	}
	return list
}
