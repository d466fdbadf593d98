package service_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/app/apptest"
	"hookline/app/service"
	"hookline/models"
)

// Z5: the test goes out while the webhook is off, through the same sender, and
// is logged as a test.
func TestZ5_TestWhileOff(t *testing.T) {
	e := apptest.NewEngine(t, apptest.Options{})
	r := apptest.NewReceiver(t)
	off := false
	hook := e.AddWebhook(t, r.URL, func(d *service.WebhookDraft) { d.Settings.Enabled = off })
	d, err := e.Webhooks.Test(t.Context(), apptest.System, hook.ID, service.TestInput{EventType: "release.published"})
	require.NoError(t, err)
	require.True(t, d.Delivery.Test)
	require.Equal(t, models.Succeeded, d.Delivery.State)
	require.Len(t, d.Attempts, 1)
	got := r.Got()[0]
	require.NotEmpty(t, got.Header.Get("X-Webhook-Secret"))
	require.Contains(t, string(got.Body), `"siteDomain":"site.example.com"`)
	_, err = e.Webhooks.Test(t.Context(), apptest.System, hook.ID, service.TestInput{EventType: "no.such"})
	require.Contains(t, fields(t, err), "type")
}

func signedWith(key string, got apptest.Received) bool {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write(got.Body)
	return hex.EncodeToString(mac.Sum(nil)) == got.Header.Get("X-Hmac-Signature")
}

// Z5, D4: to another host no stored secret goes; to another path it does. A key
// of the test's own signs wherever it leads, and is stored nowhere.
func TestZ5_D4_SecretsStayWithTheirHost(t *testing.T) {
	e := apptest.NewEngine(t, apptest.Options{})
	there := map[bool]*apptest.Receiver{true: apptest.NewReceiver(t), false: apptest.NewReceiver(t)}
	for _, r := range there {
		r.Answer(func(w http.ResponseWriter, r *http.Request) { _ = r.Header.Write(w) })
	}
	home, away := there[true].URL, there[false].URL
	saved, own := "the-saved-signing-key", "a-key-for-one-test"
	hook := e.AddWebhook(t, home+"/hook", func(d *service.WebhookDraft) {
		d.Settings.Signing.Secret = &saved
		d.Settings.Headers = []models.HeaderSettings{{Name: "X-Api-Key", Value: "canary-header", Secret: true}, {Name: "X-Plain", Value: "v"}}
	})
	before := *e.Store.Config().Webhook(hook.ID)
	for _, tt := range []struct {
		url, secret, key string // key: what signs
		header           string
	}{
		{"", "", saved, "canary-header"},
		{home + "/hook", models.Mask, saved, "canary-header"},
		{home + "/other?a=b", "", saved, "canary-header"},
		{home + "/other", own, own, "canary-header"},
		{away + "/hook", "", "", ""},
		{away + "/hook", models.Mask, "", ""},
		{away + "/hook", own, own, ""},
		{"", own, own, "canary-header"},
	} {
		name := fmt.Sprint(tt.url, tt.secret)
		d, err := e.Webhooks.Test(t.Context(), apptest.System, hook.ID, service.TestInput{URL: tt.url, Secret: tt.secret})
		require.NoError(t, err, name)
		require.Equal(t, models.Succeeded, d.Delivery.State, "%s: %+v", name, d.Attempts)
		all := there[!strings.HasPrefix(tt.url, away)].Got()
		got := all[len(all)-1]
		require.Equal(t, tt.header, got.Header.Get("X-Api-Key"), name)
		require.Equal(t, "v", got.Header.Get("X-Plain"), name)
		require.Equal(t, tt.key != "", got.Header.Get("X-Webhook-Secret") != "", name)
		if tt.key == "" {
			require.Empty(t, got.Header.Get("X-Hmac-Signature"), name)
		} else {
			require.True(t, signedWith(tt.key, got), name)
		}
		logged, err := json.Marshal(d)
		require.NoError(t, err)
		for _, secret := range []string{"canary-header", own, saved} {
			require.NotContains(t, string(logged), secret, name)
		}
	}
	require.Equal(t, before, *e.Store.Config().Webhook(hook.ID), "nothing is stored")
}

// Z5: a webhook that does not sign does so for a test with a key.
func TestZ5_AKeySignsWhereNoneDid(t *testing.T) {
	e := apptest.NewEngine(t, apptest.Options{})
	r := apptest.NewReceiver(t)
	off := false
	hook := e.AddWebhook(t, r.URL, func(d *service.WebhookDraft) { d.Settings.Signing.JWT, d.Settings.Signing.HMAC = off, off })
	for _, key := range []string{"", "a-key-for-one-test"} {
		_, err := e.Webhooks.Test(t.Context(), apptest.System, hook.ID, service.TestInput{Secret: key})
		require.NoError(t, err)
		got := r.Got()[len(r.Got())-1]
		require.Equal(t, key != "", got.Header.Get("X-Hmac-Signature") != "")
	}
	require.True(t, signedWith("a-key-for-one-test", r.Got()[1]))
}

// Z5: faults come together, each beside its field, and nothing is sent.
func TestZ5_FaultsOfATest(t *testing.T) {
	e := apptest.NewEngine(t, apptest.Options{})
	r := apptest.NewReceiver(t)
	hook := e.AddWebhook(t, r.URL, nil)
	_, err := e.Webhooks.Test(t.Context(), apptest.System, hook.ID, service.TestInput{URL: "nonsense", Secret: "short", EventType: "no.such"})
	faults := fields(t, err)
	for _, f := range []string{"url", "secret", "type"} {
		require.Contains(t, faults, f)
	}
	_, err = e.Webhooks.Test(t.Context(), apptest.System, hook.ID, service.TestInput{Secret: strings.Repeat("k", models.MaxSigningKey+1)})
	require.Contains(t, fields(t, err), "secret")
	require.Empty(t, r.Got())
}

// Z5: the events that went to this webhook can be sent again as a test; those of
// another cannot, and their ids are answered like ids that do not exist.
func TestZ5_PastEventsAreTheWebhooksOwn(t *testing.T) {
	e := apptest.NewEngine(t, apptest.Options{})
	r := apptest.NewReceiver(t)
	some := func(name string) func(*service.WebhookDraft) {
		return func(d *service.WebhookDraft) { d.Settings.Subscriptions = models.Subscriptions{Types: []string{name}} }
	}
	mine, theirs := e.AddWebhook(t, r.URL, some("contact.created")), e.AddWebhook(t, target, some("release.published"))
	own := e.PublishOne(t, "contact.created", `{"n": 1.50}`)
	e.AwaitAttempts(t, own.ID, 1)
	foreign := e.PublishOne(t, "release.published", `{"secret":"of theirs"}`)
	test := func(in service.TestInput) error {
		_, err := e.Webhooks.Test(t.Context(), apptest.System, mine.ID, in)
		return err
	}
	require.NoError(t, test(service.TestInput{EventID: own.EventID}))
	require.NoError(t, test(service.TestInput{EventID: own.EventID, EventType: "contact.created", Data: json.RawMessage(`{"mine":true}`)}))
	got := r.Got()
	require.Contains(t, string(got[len(got)-2].Body), `{"n": 1.50}`)
	require.Contains(t, string(got[len(got)-1].Body), `{"mine":true}`)

	for _, id := range []string{foreign.EventID, "evt_gone", "\x00'", strings.Repeat("x", 5000)} {
		require.Contains(t, fields(t, test(service.TestInput{EventID: id}))["event_id"], "No event with this id went to this webhook", id)
		_, err := e.Webhooks.TestPayload(t.Context(), apptest.System, mine.ID, service.TestInput{EventID: id})
		require.Contains(t, fields(t, err), "event_id", id)
	}
	require.Contains(t, fields(t, test(service.TestInput{EventID: own.EventID, EventType: "release.published"}))["event_id"], "is of the type contact.created")

	_, err := e.Deliveries.RetriggerNew(t.Context(), apptest.System, own.ID)
	require.NoError(t, err)
	past, err := e.Webhooks.PastEvents(t.Context(), apptest.System, mine.ID, "")
	require.NoError(t, err)
	require.Len(t, past, 1, "each event once, and no test")
	require.Equal(t, own.EventID, past[0].EventID)
	past, err = e.Webhooks.PastEvents(t.Context(), apptest.System, mine.ID, "release.published")
	require.NoError(t, err)
	require.Empty(t, past)

	stranger := person(t, e, "Pat", models.Member)
	_, err = e.Webhooks.PastEvents(t.Context(), models.Actor{User: &stranger}, theirs.ID, "")
	require.Equal(t, models.NotFound, models.CodeOf(err))
	_, err = e.Webhooks.TestPayload(t.Context(), models.Actor{User: &stranger}, theirs.ID, service.TestInput{EventID: foreign.EventID})
	require.Equal(t, models.NotFound, models.CodeOf(err))
}

// W4: a limited token tests what its endpoint confirmed, and no other URL: that
// would be a way around the confirmation.
func TestW4_Z5_ALimitedTokenTestsWhatWasConfirmed(t *testing.T) {
	r := apptest.NewReceiver(t)
	e := apptest.NewEngine(t, apptest.Options{})
	_, tok, err := e.Tokens.Create(t.Context(), apptest.System, "integration", []models.Scope{models.WebhooksWrite}, time.Now().AddDate(1, 0, 0))
	require.NoError(t, err)
	actor, name := models.Actor{Token: &tok}, "Mine"
	saved, err := e.Webhooks.Create(t.Context(), actor, apptest.Draft(name, r.URL))
	require.NoError(t, err)
	id, sent := saved.Webhook.ID, len(r.Got())
	require.Equal(t, models.PendingConfirmation, saved.Webhook.State)
	_, err = e.Webhooks.Test(t.Context(), actor, id, service.TestInput{})
	require.Equal(t, models.Conflict, models.CodeOf(err))
	require.Len(t, r.Got(), sent)

	r.Answer(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Header.Get("X-Hookline-Confirmation")) })
	w, err := e.Webhooks.SendConfirmation(t.Context(), actor, id)
	require.NoError(t, err)
	require.Equal(t, models.Active, w.State)
	sent = len(r.Got())
	for _, url := range []string{r.URL + "/other", apptest.NewReceiver(t).URL} {
		_, err = e.Webhooks.Test(t.Context(), actor, id, service.TestInput{URL: url})
		require.Contains(t, fields(t, err)["url"], "only the URL", url)
	}
	require.Len(t, r.Got(), sent)
	_, err = e.Webhooks.Test(t.Context(), actor, id, service.TestInput{URL: r.URL})
	require.NoError(t, err)
	require.Len(t, r.Got(), sent+1)
}
