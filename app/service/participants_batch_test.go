package service_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/apptest"
	"hookline/app/apptest/pgtest"
	"hookline/app/service"
	"hookline/models"
)

// Publishers at once, on two nodes where there can be, name the same new people in
// opposite orders, by address and by id: each is made once, every event is stored,
// nobody waits for ever, and what each says of them is merged.
func TestD6_PublishersNameTheSameCrosswise(t *testing.T) {
	shared := pgtest.New(t)
	for name, databases := range map[string][]string{"SQLite": {""}, "Postgres": {shared, shared}} {
		t.Run(name, func(t *testing.T) {
			var nodes []*apptest.Engine
			for _, d := range databases {
				nodes = append(nodes, apptest.NewEngine(t, apptest.Options{Database: d}))
			}
			first := publishAbout(t, nodes[0], []*models.ParticipantRef{{Email: "ann@example.com"}})[0]
			var wg sync.WaitGroup
			results := make([][]string, 8)
			for i := range results {
				fields := json.RawMessage(fmt.Sprintf(`{"by%d":true}`, i))
				refs := []*models.ParticipantRef{{ID: first, Fields: fields}, {Email: "lee@example.com", Fields: fields}, {Email: "Ann@Example.com"}, {Email: "zoe@example.com", Fields: fields}}
				if i%2 == 1 {
					slices.Reverse(refs)
				}
				wg.Go(func() {
					results[i] = publishAbout(t, nodes[i%len(nodes)], refs)
					if i%2 == 1 {
						slices.Reverse(results[i])
					}
				})
			}
			wg.Wait()
			for _, ids := range results {
				require.Equal(t, results[0], ids)
				require.Equal(t, []string{first, first}, []string{ids[0], ids[2]})
			}
			all, err := nodes[0].Participants.List(t.Context(), apptest.System, "", models.PageRequest{})
			require.NoError(t, err)
			require.Len(t, all.Items, 3)
			for _, p := range all.Items {
				require.Len(t, models.ObjectMembers(p.Fields), len(results), p.Email)
			}
		})
	}
}

// publishAbout publishes a batch with an event about each, and returns whom they
// were about.
func publishAbout(t *testing.T, e *apptest.Engine, refs []*models.ParticipantRef) []string {
	batch := make([]service.NewEvent, len(refs))
	for i, ref := range refs {
		batch[i] = service.NewEvent{Type: "release.published", Data: json.RawMessage(`{}`), Participant: ref}
	}
	var ids []string
	for _, r := range e.Events.PublishBatch(t.Context(), apptest.System, batch) {
		if r.Err != nil {
			t.Error(r.Err)
		}
		ids = append(ids, r.Event.ParticipantID)
	}
	return ids
}

// The bytes that a batch stores of large participants are bounded, with a word on how to mend
// it; what came before is stored, and the next batch begins anew.
func TestD6_SnapshotsOfABatchAreBounded(t *testing.T) {
	e := apptest.NewEngine(t, apptest.Options{})
	big := &models.ParticipantRef{Email: "ann@example.com", Fields: json.RawMessage(`{"big":"` + strings.Repeat("x", 60_000) + `"}`)}
	batch := make([]service.NewEvent, 600)
	for i := range batch {
		batch[i] = service.NewEvent{Type: "release.published", Data: json.RawMessage(`{}`), Participant: big}
	}
	stored := 0
	for _, r := range e.Events.PublishBatch(t.Context(), apptest.System, batch) {
		if r.Err == nil {
			stored++
			continue
		}
		require.Equal(t, models.TooLarge, models.CodeOf(r.Err))
		require.ErrorContains(t, r.Err, "smaller batch")
	}
	require.Greater(t, stored, 500)
	require.LessOrEqual(t, stored, models.MaxBatchSnapshots/60_000)
	for _, r := range e.Events.PublishBatch(t.Context(), apptest.System, batch[:2]) {
		require.NoError(t, r.Err)
	}
}

// Events that are refused because their participant would grow too large count as
// those that are stored: each was merged and checked, too.
func TestA9_RefusedEventsOfABatchAreBounded(t *testing.T) {
	e := apptest.NewEngine(t, apptest.Options{})
	const of = 60_000
	fill := &models.ParticipantRef{Email: "ann@example.com", Fields: json.RawMessage(`{"big":"` + strings.Repeat("x", of) + `"}`)}
	batch := []service.NewEvent{{Type: "release.published", Data: json.RawMessage(`{}`), Participant: fill}}
	more := &models.ParticipantRef{Email: "ann@example.com", Fields: json.RawMessage(`{"more":"` + strings.Repeat("x", 6_000) + `"}`)}
	for range 400 {
		batch = append(batch, service.NewEvent{Type: "release.published", Data: json.RawMessage(`{}`), Participant: more})
	}
	merged := 0
	for _, r := range e.Events.PublishBatch(t.Context(), apptest.System, batch)[1:] {
		require.Error(t, r.Err)
		if models.CodeOf(r.Err) == models.Invalid {
			merged++
		}
	}
	require.LessOrEqual(t, merged, models.MaxBatchSnapshots/(3*of))
}

// However many change one participant at once, every change is made once.
func TestD6_ChangesOfOneParticipantAtOnce(t *testing.T) {
	shared := pgtest.New(t)
	for name, databases := range map[string][]string{"SQLite": {""}, "Postgres": {shared, shared}} {
		t.Run(name, func(t *testing.T) {
			var nodes []*apptest.Engine
			for _, d := range databases {
				nodes = append(nodes, apptest.NewEngine(t, apptest.Options{Database: d}))
			}
			p, err := nodes[0].Participants.Create(t.Context(), apptest.System, service.ParticipantInput{Email: text("sam@example.com")})
			require.NoError(t, err)
			want := map[string]int{}
			var wg sync.WaitGroup
			for i := range 24 {
				field := fmt.Sprintf("f%d", i)
				want[field] = i
				wg.Go(func() {
					if err := changeField(t, nodes[i%len(nodes)], p.ID, json.RawMessage(fmt.Sprintf(`{%q:%d}`, field, i)), i%4 > 0); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			all, err := json.Marshal(want)
			require.NoError(t, err)
			p, err = nodes[0].Participants.Get(t.Context(), apptest.System, p.ID)
			require.NoError(t, err)
			require.JSONEq(t, string(all), string(p.Fields))
		})
	}
}

func changeField(t *testing.T, e *apptest.Engine, id string, fields json.RawMessage, byEvent bool) error {
	if !byEvent {
		_, err := e.Participants.Update(t.Context(), apptest.System, id, service.ParticipantInput{Fields: fields})
		return err
	}
	_, err := e.Events.Publish(t.Context(), apptest.System, service.NewEvent{
		Type: "release.published", Data: json.RawMessage(`{}`), Participant: &models.ParticipantRef{ID: id, Fields: fields},
	})
	return err
}

// A batch about participants, whose events carry more than the caller sent, lets the
// events of other callers through on its way.
func TestD6_BatchLetsOthersThrough(t *testing.T) {
	for name, database := range map[string]string{"SQLite": "", "Postgres": pgtest.New(t)} {
		t.Run(name, func(t *testing.T) {
			e := apptest.NewEngine(t, apptest.Options{Database: database})
			batch := make([]service.NewEvent, models.MaxBatch)
			for i := range batch {
				batch[i] = service.NewEvent{
					ID: fmt.Sprintf("batch-%d", i), Type: "release.published", Data: json.RawMessage(`{}`), Participant: &models.ParticipantRef{Email: "lee@example.com"},
				}
			}
			done := make(chan []service.Published, 1)
			go func() { done <- e.Events.PublishBatch(t.Context(), apptest.System, batch) }()
			for begun := false; !begun; {
				_, err := e.Store.Event(t.Context(), "batch-0")
				begun = err == nil
			}
			_, err := e.Events.Publish(t.Context(), apptest.System, service.NewEvent{Type: "release.published", Data: json.RawMessage(`{}`)})
			require.NoError(t, err)
			require.Empty(t, done, "the other event waited for the whole batch")
			for i, r := range <-done {
				require.NoError(t, r.Err)
				require.Equal(t, batch[i].ID, r.Event.ID)
			}
		})
	}
}
