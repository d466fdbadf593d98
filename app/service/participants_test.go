package service_test

import (
	"encoding/json"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/apptest"
	"hookline/app/apptest/pgtest"
	"hookline/app/service"
	"hookline/models"
)

// contacts is an engine with a receiver of everything about contacts.
func contacts(t *testing.T, o apptest.Options) (*apptest.Engine, *apptest.Receiver) {
	e := apptest.NewEngine(t, o)
	r := apptest.NewReceiver(t)
	e.AddWebhook(t, r.URL, func(d *service.WebhookDraft) {
		d.Settings.Subscriptions = models.Subscriptions{Categories: []string{"contacts"}}
	})
	return e, r
}

// told is one event about a contact as its receiver sees it.
type told struct {
	Data struct {
		Contact struct {
			ID, Email   string
			Identifiers map[string]string
			Fields      map[string]any
		}
		Changed []string
	}
}

func tellings(t *testing.T, r *apptest.Receiver, n int) []told {
	t.Helper()
	var list []told
	for _, req := range r.Wait(t, n) {
		var v told
		require.NoError(t, json.Unmarshal(req.Body, &v))
		list = append(list, v)
	}
	return list
}

func text(s string) *string { return &s }

func TestD6_ParticipantsTellOfEveryChange(t *testing.T) {
	e, r := contacts(t, apptest.Options{})
	ctx := t.Context()
	p, err := e.Participants.Create(ctx, apptest.System, service.ParticipantInput{Email: text("Ann@example.com"), Fields: json.RawMessage(`{"city":"Bern"}`)})
	require.NoError(t, err)
	tellings(t, r, 1) // or a later one may overtake it on the way
	_, err = e.Participants.Create(ctx, apptest.System, service.ParticipantInput{Email: text("ann@EXAMPLE.com")})
	require.Equal(t, models.Conflict, models.CodeOf(err))
	require.ErrorContains(t, err, p.ID)

	patch := service.ParticipantInput{Fields: json.RawMessage(`{"city":null,"plan":"pro"}`), Identifiers: json.RawMessage(`{"slack_user_id":"U1"}`)}
	p, err = e.Participants.Update(ctx, apptest.System, p.ID, patch)
	require.NoError(t, err)
	require.Equal(t, `{"plan":"pro"}`, string(p.Fields))
	tellings(t, r, 2)
	again, err := e.Participants.Update(ctx, apptest.System, p.ID, patch)
	require.NoError(t, err)
	require.Equal(t, p, again, "a patch that changes nothing leaves no trace")
	require.NoError(t, e.Participants.Delete(ctx, apptest.System, p.ID))
	require.Equal(t, models.NotFound, models.CodeOf(e.Participants.Delete(ctx, apptest.System, p.ID)))

	list := tellings(t, r, 3)
	require.Len(t, list, 3)
	require.Equal(t, "Bern", list[0].Data.Contact.Fields["city"])
	require.Nil(t, list[0].Data.Changed)
	require.ElementsMatch(t, []string{"identifiers.slack_user_id", "fields.plan", "fields.city"}, list[1].Data.Changed)
	require.Equal(t, "U1", list[1].Data.Contact.Identifiers["slack_user_id"])
	require.Equal(t, p.ID, list[2].Data.Contact.ID)

	entries, err := e.Audit.List(ctx, apptest.System, models.AuditFilter{SubjectID: p.ID}, models.PageRequest{})
	require.NoError(t, err)
	require.Len(t, entries.Items, 3)
	said := fmt.Sprint(entries.Items)
	require.NotContains(t, said, "example.com")
	require.NotContains(t, said, "Bern")
}

func TestD6_ArchivedTypesTellNothing(t *testing.T) {
	e, _ := contacts(t, apptest.Options{})
	require.NoError(t, e.EventTypes.Archive(t.Context(), apptest.System, models.ContactCreated))
	p, err := e.Participants.Create(t.Context(), apptest.System, service.ParticipantInput{Email: text("ann@example.com")})
	require.NoError(t, err)
	list, err := e.Participants.Events(t.Context(), apptest.System, p)
	require.NoError(t, err)
	require.Empty(t, list)
}

func TestD6_MembersSeeNoParticipants(t *testing.T) {
	e, _ := contacts(t, apptest.Options{})
	p, err := e.Participants.Create(t.Context(), apptest.System, service.ParticipantInput{Email: text("ann@example.com")})
	require.NoError(t, err)
	for role, code := range map[models.Role]models.Code{models.Owner: "", models.Manager: "", models.Member: models.Denied} {
		actor := models.Actor{User: &models.User{ID: "usr_x", Role: role}}
		_, err := e.Participants.Get(t.Context(), actor, p.ID)
		require.Equal(t, code, models.CodeOf(err))
		_, err = e.Participants.List(t.Context(), actor, "ann", models.PageRequest{})
		require.Equal(t, code, models.CodeOf(err))
		_, err = e.Participants.Suggest(t.Context(), actor, "ann")
		require.Equal(t, code, models.CodeOf(err))
		_, err = e.Participants.Update(t.Context(), actor, p.ID, service.ParticipantInput{Fields: json.RawMessage(`{"by":"` + string(role) + `"}`)})
		require.Equal(t, code, models.CodeOf(err))
	}
}

// A form does not overwrite a change that another user saved meanwhile.
func TestD6_StaleFormIsRefused(t *testing.T) {
	e, _ := contacts(t, apptest.Options{})
	ctx := t.Context()
	p, err := e.Participants.Create(ctx, apptest.System, service.ParticipantInput{Email: text("ann@example.com")})
	require.NoError(t, err)
	opened, err := e.Participants.Get(ctx, apptest.System, p.ID)
	require.NoError(t, err)
	require.Equal(t, p, opened, "times are those that are kept")
	whole := service.ParticipantInput{Whole: true, Since: opened.UpdatedAt, Fields: json.RawMessage(`{"a":1}`)}
	_, err = e.Participants.Update(ctx, apptest.System, p.ID, whole)
	require.NoError(t, err)
	whole.Fields = json.RawMessage(`{"a":2}`)
	_, err = e.Participants.Update(ctx, apptest.System, p.ID, whole)
	require.Equal(t, models.Conflict, models.CodeOf(err))
}

// 50 at a time that name somebody new make one, and tell of it once, on both
// databases; a batch does so too, and its bad ones hold up nobody.
func TestD6_EventsNameANewParticipantOnce(t *testing.T) {
	for name, database := range map[string]string{"SQLite": "", "Postgres": pgtest.New(t)} {
		t.Run(name, func(t *testing.T) {
			e, r := contacts(t, apptest.Options{Database: database})
			var wg sync.WaitGroup
			ids := make([]string, 50)
			for i := range ids {
				wg.Go(func() {
					event, err := e.Events.Publish(t.Context(), apptest.System, service.NewEvent{
						Type: "release.published", Data: json.RawMessage(`{}`), Participant: &models.ParticipantRef{Email: "ann@example.com", Fields: json.RawMessage(`{"city":"Bern"}`)},
					})
					if err != nil {
						t.Error(err)
					}
					ids[i] = event.ParticipantID
				})
			}
			wg.Wait()
			for _, id := range ids {
				require.Equal(t, ids[0], id)
			}
			tellings(t, r, 1)
			batch := make([]service.NewEvent, models.MaxBatch)
			for i := range batch {
				batch[i] = service.NewEvent{Type: "release.published", Data: json.RawMessage(`{}`), Participant: &models.ParticipantRef{Email: "lee@example.com"}}
			}
			batch[7].Participant = &models.ParticipantRef{ID: models.FormatID(models.ParticipantPrefix, [16]byte{1})}
			batch[8].Participant = &models.ParticipantRef{Email: "no address"}
			lee := map[string]bool{}
			for i, r := range e.Events.PublishBatch(t.Context(), apptest.System, batch) {
				if i == 7 || i == 8 {
					require.Contains(t, fields(t, r.Err), map[int]string{7: "participant.id", 8: "participant.email"}[i])
					continue
				}
				require.NoError(t, r.Err)
				lee[r.Event.ParticipantID] = true
			}
			require.Len(t, lee, 1)
			list := tellings(t, r, 2)
			require.Len(t, list, 2)
			require.Equal(t, "Bern", list[0].Data.Contact.Fields["city"])
		})
	}
}

// An event merges what it says, carries the snapshot of its moment, and a repeat
// of it does neither again.
func TestD6_RepeatChangesNobody(t *testing.T) {
	e, r := contacts(t, apptest.Options{})
	publish := func(id, fields string) (models.Event, error) {
		return e.Events.Publish(t.Context(), apptest.System, service.NewEvent{
			ID: id, Type: "release.published", Data: json.RawMessage(`{}`), Participant: &models.ParticipantRef{Email: "ann@example.com", Fields: json.RawMessage(fields)},
		})
	}
	first, err := publish("a", `{"n":1,"old":true}`)
	require.NoError(t, err)
	tellings(t, r, 1)
	_, err = publish("b", `{"n":2,"old":null}`)
	require.NoError(t, err)
	again, err := publish("a", `{"n":1,"old":true}`)
	require.NoError(t, err)
	require.Equal(t, first.ID, again.ID)
	_, err = publish("a", `{"n":9}`)
	require.Equal(t, models.Conflict, models.CodeOf(err))
	p, err := e.Participants.Get(t.Context(), apptest.System, first.ParticipantID)
	require.NoError(t, err)
	require.Equal(t, `{"n":2}`, string(p.Fields))
	detail, err := e.Events.Get(t.Context(), apptest.System, "a")
	require.NoError(t, err)
	require.Contains(t, string(detail.Event.Context), `"n":1`)
	require.Equal(t, p.ID, detail.Event.ParticipantID)
	require.Equal(t, []string{"fields.n", "fields.old"}, tellings(t, r, 2)[1].Data.Changed)

	_, err = publish("c", `{"big":"`+fmt.Sprintf("%065536d", 1)+`"}`)
	require.Contains(t, fields(t, err), "participant.fields")
	_, err = e.Events.Get(t.Context(), apptest.System, "c")
	require.Equal(t, models.NotFound, models.CodeOf(err), "a refused event is not stored")
}

func TestD6_SearchPages(t *testing.T) {
	e, _ := contacts(t, apptest.Options{})
	for i := range 7 {
		_, err := e.Participants.Create(t.Context(), apptest.System, service.ParticipantInput{Email: text(fmt.Sprintf("p%d@example.com", i))})
		require.NoError(t, err)
	}
	var got []string
	cursor := ""
	for {
		page, err := e.Participants.List(t.Context(), apptest.System, " P", models.PageRequest{Cursor: cursor, Limit: 3})
		require.NoError(t, err)
		for _, p := range page.Items {
			got = append(got, p.Email[:2])
		}
		if cursor = page.Older; cursor == "" {
			break
		}
	}
	require.Equal(t, []string{"p0", "p1", "p2", "p3", "p4", "p5", "p6"}, got)
	all, err := e.Participants.List(t.Context(), apptest.System, "", models.PageRequest{Limit: 3})
	require.NoError(t, err)
	require.Equal(t, "p6@example.com", all.Items[0].Email)
	byID, err := e.Participants.List(t.Context(), apptest.System, all.Items[0].ID, models.PageRequest{})
	require.NoError(t, err)
	require.Len(t, byID.Items, 1)
	for _, bad := range []string{"x", "AAAA", all.Older} {
		_, err := e.Participants.List(t.Context(), apptest.System, "p", models.PageRequest{Cursor: bad})
		require.Contains(t, fields(t, err), "cursor")
	}
}
