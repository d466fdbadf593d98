package service_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/apptest"
	"hookline/app/apptest/pgtest"
	"hookline/app/service"
	"hookline/models"
)

// twoNodes are nodes on one database that never hear of each other's changes but by
// looking. The database is PostgreSQL, or an SQLite file that a second process writes.
func twoNodes(t *testing.T, database string) (here, there *apptest.Engine) {
	o := apptest.Options{Database: database, Dir: t.TempDir(), Unaware: true, Node: "n1"}
	here = apptest.NewEngine(t, o)
	o.Node, o.Box = "n2", here.Box
	return here, apptest.NewEngine(t, o)
}

// change is something done to the webhook through one node, and whether an event
// published on the other right after it goes to the webhook, or why not.
type change struct {
	name   string
	do     func(t *testing.T, e *apptest.Engine, id string)
	reason service.UnsentReason // "" when it is sent
}

func update(edit func(d *service.WebhookDraft)) func(*testing.T, *apptest.Engine, string) {
	return func(t *testing.T, e *apptest.Engine, id string) {
		t.Helper()
		_, err := e.Store.FreshConfig(t.Context())
		require.NoError(t, err)
		_, err = e.Webhooks.Edit(t.Context(), apptest.System, id, edit)
		require.NoError(t, err)
	}
}

func changes() []change {
	never, none := "data.n < 0", ""
	return []change{
		{"switched off", update(func(d *service.WebhookDraft) { d.Settings.Enabled = false }), service.UnsentOff},
		{"switched on", update(func(d *service.WebhookDraft) { d.Settings.Enabled = true }), ""},
		{"filter set", update(func(d *service.WebhookDraft) {
			d.Settings.Subscriptions = models.Subscriptions{All: true, Filter: never}
		}), service.UnsentFiltered},
		{"filter removed", update(func(d *service.WebhookDraft) {
			d.Settings.Subscriptions = models.Subscriptions{All: true, Filter: none}
		}), ""},
		{"subscribed to others", update(func(d *service.WebhookDraft) {
			d.Settings.Subscriptions = models.Subscriptions{Types: []string{"form.submitted"}}
		}), service.UnsentSubscribed},
		{"subscribed", update(func(d *service.WebhookDraft) {
			d.Settings.Subscriptions = models.Subscriptions{Types: []string{"release.published"}}
		}), ""},
	}
}

// B13, B16: of 200 events published on one node right after a webhook was made,
// changed or deleted through the other, every one heeds the change, and the reason
// why it was not sent is true.
func TestB13_EventsHeedChangesOfOtherNodes(t *testing.T) {
	for name, database := range map[string]func(t *testing.T) string{
		"Postgres": func(t *testing.T) string { return pgtest.New(t) },
		"SQLite":   func(t *testing.T) string { return "sqlite:" + filepath.Join(t.TempDir(), "hookline.db") },
	} {
		t.Run(name, func(t *testing.T) {
			here, there := twoNodes(t, database(t))
			r := apptest.NewReceiver(t)
			events := 0
			for round := range 25 {
				id := here.AddWebhook(t, r.URL, nil).ID
				publishedOn(t, there, fmt.Sprint("made ", round), id, "")
				for _, c := range changes() {
					c.do(t, here, id)
					publishedOn(t, there, c.name, id, c.reason)
				}
				require.NoError(t, here.Webhooks.Delete(t.Context(), apptest.System, id))
				event, err := there.Events.Publish(t.Context(), apptest.System, service.NewEvent{Type: "release.published", Data: json.RawMessage(`{"n":1}`)})
				require.NoError(t, err)
				require.Zero(t, event.Deliveries, "deleted")
				events += 2 + len(changes())
			}
			require.Equal(t, 200, events)
		})
	}
}

// publishedOn publishes on a node and checks whether the event goes to the webhook.
func publishedOn(t *testing.T, e *apptest.Engine, after, id string, reason service.UnsentReason) {
	t.Helper()
	event, err := e.Events.Publish(t.Context(), apptest.System, service.NewEvent{Type: "release.published", Data: json.RawMessage(`{"n":1}`)})
	require.NoError(t, err, after)
	if reason == "" {
		require.Equal(t, 1, event.Deliveries, after)
		return
	}
	require.Zero(t, event.Deliveries, after)
	u := unsent(t, e, event.ID, id)
	require.Equal(t, reason, u.Reason, after)
	require.True(t, u.Then, after)
}

// An event of a type that was added, archived or restored through another node a
// moment ago is taken or refused as the catalog says now.
func TestB13_EventsHeedTheCatalogOfOtherNodes(t *testing.T) {
	here, there := twoNodes(t, pgtest.New(t))
	for n := range 10 {
		name := fmt.Sprintf("added.no_%d", n)
		publish := func() service.Published {
			return there.Events.PublishBatch(t.Context(), apptest.System, []service.NewEvent{{Type: name, Data: json.RawMessage(`{}`)}})[0]
		}
		require.Equal(t, models.Invalid, models.CodeOf(publish().Err))
		_, err := here.EventTypes.Create(t.Context(), apptest.System, models.EventType{Name: name, Title: name, Category: "releases"})
		require.NoError(t, err)
		require.NoError(t, publish().Err)
		require.NoError(t, here.EventTypes.Archive(t.Context(), apptest.System, name))
		require.Equal(t, models.Invalid, models.CodeOf(publish().Err))
	}
}
