package storetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/store"
	"hookline/models"
)

func (s *suite) participant(t *testing.T, email, fields string) models.Participant {
	t.Helper()
	p := models.Participant{ID: newID(models.ParticipantPrefix), Email: email, Fields: json.RawMessage(fields), CreatedAt: s.clock.At, UpdatedAt: s.clock.At}.Normal()
	require.NoError(t, s.ChangeParticipant(s.ctx, nil, store.ParticipantChange{After: &p}))
	return p
}

func testParticipants(t *testing.T, s *suite) {
	raw := `{"z":1.0, "big":123456789012345678901234567890,"nul":"\u0000","list":[1, 2]}`
	p := s.participant(t, "Sam@Example.com", raw)
	got, err := s.Participant(s.ctx, p.ID)
	require.NoError(t, err)
	require.Equal(t, p, got)
	require.Equal(t, raw, string(got.Fields), "byte for byte")
	_, err = s.Participant(s.ctx, newID(models.ParticipantPrefix))
	require.Equal(t, models.NotFound, models.CodeOf(err))

	taken := models.Participant{ID: newID(models.ParticipantPrefix), Email: "sam@example.COM"}.Normal()
	err = s.ChangeParticipant(s.ctx, nil, store.ParticipantChange{After: &taken})
	require.Equal(t, models.Conflict, models.CodeOf(err))
	require.ErrorContains(t, err, p.ID)
	s.participant(t, "", "{}")
	s.participant(t, "", "{}") // any number may have no address

	work := s.work("wh_x", "")
	work.Event.ParticipantID = p.ID
	next := p
	next.Email, next.Fields = "sam@example.org", json.RawMessage(`{}`)
	require.NoError(t, s.ChangeParticipant(s.ctx, nil, store.ParticipantChange{
		Before: &p, After: &next, Events: []store.Publication{{Event: work.Event, Deliveries: []models.Work{work}}},
	}))
	e, err := s.Event(s.ctx, work.EventID)
	require.NoError(t, err, "the event is stored with the change")
	require.Equal(t, p.ID, e.ParticipantID)
	about, err := s.ParticipantEvents(s.ctx, p.ID, 10)
	require.NoError(t, err)
	require.Len(t, about, 1)
	require.Empty(t, s.found(t, "sam@example.com"), "it is not found by what it was")
	require.Len(t, s.found(t, "sam@example.org"), 1)

	require.ErrorIs(t, s.ChangeParticipant(s.ctx, nil, store.ParticipantChange{Before: &p}), store.ErrParticipantChanged)
	require.NoError(t, s.ChangeParticipant(s.ctx, nil, store.ParticipantChange{Before: &next}))
	require.Equal(t, models.NotFound, models.CodeOf(s.ChangeParticipant(s.ctx, nil, store.ParticipantChange{Before: &next})))
	_, err = s.Participant(s.ctx, p.ID)
	require.Equal(t, models.NotFound, models.CodeOf(err))
	require.Empty(t, s.found(t, "sam@example.org"))
}

func (s *suite) found(t *testing.T, text string) []string {
	t.Helper()
	list, err := s.SearchParticipants(s.ctx, models.SearchTerm(text), "", "", 50)
	require.NoError(t, err)
	ids := make([]string, len(list))
	for i, p := range list {
		ids[i] = p.ID
	}
	return ids
}

func testParticipantSearch(t *testing.T, s *suite) {
	ann := s.participant(t, "ann@acme.test", `{"first_name":"Ann","last_name":"Ångström-Lee"}`)
	bob := s.participant(t, "bob@acme.test", `{"full_name":"Bob Annan"}`)
	for text, want := range map[string][]string{
		"ANN": {ann.ID, bob.ID}, "ann@": {ann.ID}, "acme.test": {ann.ID, bob.ID}, "ångström": {ann.ID}, "LEE": {ann.ID},
		"ann ångström": {ann.ID}, "nobody": {}, "%": {}, "_": {}, "bob_": {}, "annan": {bob.ID},
	} {
		require.ElementsMatch(t, want, s.found(t, text), text)
	}
	var all []string
	for i := range 25 {
		all = append(all, s.participant(t, fmt.Sprintf("p%02d@many.test", i), `{"name":"x"}`).ID)
	}
	var pages []string
	term, id := "", ""
	for {
		list, err := s.SearchParticipants(s.ctx, "p", term, id, 4)
		require.NoError(t, err)
		for _, p := range list {
			pages = append(pages, p.ID)
		}
		if len(list) < 4 {
			break
		}
		term, id = list[3].Term, list[3].ID
	}
	require.Equal(t, all, pages, "every page goes on where the one before ended")
	list, err := s.Participants(s.ctx, store.Page{Limit: 3})
	require.NoError(t, err)
	require.Equal(t, []string{all[24], all[23], all[22]}, []string{list[0].ID, list[1].ID, list[2].ID})
	list, err = s.Participants(s.ctx, store.Page{Limit: 2, After: all[20]})
	require.NoError(t, err)
	require.Equal(t, []string{all[22], all[21]}, []string{list[0].ID, list[1].ID})
}

// namedEvent is an event and the participant that it names, if any.
type namedEvent struct {
	event models.Event
	ref   models.ParticipantRef
}

// publishNamed publishes events about participants, and again those whose participant
// has changed since it was read. merged is called after each merge; nil for nothing.
func (s *suite) publishNamed(t *testing.T, merged func(), events ...namedEvent) []store.Published {
	t.Helper()
	refs, pubs := make([]models.ParticipantRef, len(events)), make([]store.Publication, len(events))
	for i, e := range events {
		refs[i] = e.ref
	}
	participants, err := s.ParticipantsNamed(s.ctx, refs)
	if err != nil {
		t.Error(err)
	}
	for i, e := range events {
		pubs[i] = store.Publication{Event: e.event, Repeatable: true}
		if e.ref.ID+e.ref.Email == "" {
			continue
		}
		pubs[i].Upsert = s.upsert(e.ref, participants)
		if after := pubs[i].Upsert.After; pubs[i].Upsert.Refused == nil {
			pubs[i].Event.Context, pubs[i].Event.ParticipantID = after.Context(), after.ID
		}
		if merged != nil {
			merged()
		}
	}
	results := s.Publish(s.ctx, nil, pubs)
	for i, r := range results {
		if errors.Is(r.Err, store.ErrParticipantChanged) {
			results[i] = s.publishNamed(t, merged, events[i])[0]
		}
	}
	return results
}

// upsert merges the reference into the participant; an event follows that tells of the
// change.
func (s *suite) upsert(ref models.ParticipantRef, participants *store.ParticipantCache) *store.ParticipantUpsert {
	u := &store.ParticipantUpsert{Ref: ref, Before: participants.Find(ref)}
	u.After = models.Participant{ID: newID(models.ParticipantPrefix), Email: ref.Email, CreatedAt: s.clock.At}.Normal()
	if u.Before != nil {
		u.After = *u.Before
	}
	u.Changed = ref.MergeInto(&u.After) || u.Before == nil
	if u.Refused = u.After.Validate().Err(); u.Refused != nil || !u.Changed {
		return u
	}
	if ref.ID != "" && u.Before == nil {
		u.Refused = models.Errorf(models.Invalid, "There is no such participant.")
		return u
	}
	participants.Put(u.After)
	tells := s.work("wh_x", "")
	tells.Event.Type, tells.Event.ParticipantID = models.ContactCreated, u.After.ID
	u.Follow = []store.Publication{{Event: tells.Event, Deliveries: []models.Work{tells}}}
	return u
}

func testNaming(t *testing.T, s *suite) {
	e := s.work("wh_x", "").Event
	e.ID = "order-1"
	ref := models.ParticipantRef{Email: "Sam@example.com", Fields: json.RawMessage(`{"n":1}`)}
	r := s.publishNamed(t, nil, namedEvent{e, ref})[0]
	require.NoError(t, r.Err)
	require.JSONEq(t, `1`, string(contact(t, r.Event.Context)["n"]))
	stored, err := s.Event(s.ctx, e.ID)
	require.NoError(t, err)
	require.Equal(t, r.Event.Context, stored.Context)
	require.Equal(t, r.Event.ParticipantID, stored.ParticipantID)

	other := s.work("wh_x", "").Event
	other.ID = "order-2"
	require.NoError(t, s.publishNamed(t, nil, namedEvent{other, models.ParticipantRef{ID: stored.ParticipantID, Fields: json.RawMessage(`{"n":2}`)}})[0].Err)

	r = s.publishNamed(t, nil, namedEvent{e, ref})[0]
	require.NoError(t, r.Err)
	require.True(t, r.Repeat)
	p, err := s.Participant(s.ctx, stored.ParticipantID)
	require.NoError(t, err)
	require.JSONEq(t, `{"n":2}`, string(p.Fields), "a repeat changes nobody")

	says := ref
	says.Fields = json.RawMessage(`{"n":3}`)
	require.Equal(t, models.Conflict, models.CodeOf(s.publishNamed(t, nil, namedEvent{e, says})[0].Err), "who it is about belongs to what an event says")
	p, err = s.Participant(s.ctx, stored.ParticipantID)
	require.NoError(t, err)
	require.JSONEq(t, `{"n":2}`, string(p.Fields))
	about, err := s.ParticipantEvents(s.ctx, p.ID, 10)
	require.NoError(t, err)
	require.Len(t, about, 4)

	got := s.claimed(t)
	require.Equal(t, models.ContactCreated, got.Event.Type, "what follows is owed like any event")
	require.Equal(t, p.ID, got.Event.ParticipantID)
}

func (s *suite) claimed(t *testing.T) models.Work {
	t.Helper()
	work, err := s.Claim(s.ctx, "wh_x", 10)
	require.NoError(t, err)
	require.Len(t, work, 2)
	return work[0]
}

func contact(t *testing.T, context json.RawMessage) map[string]json.RawMessage {
	t.Helper()
	var c struct{ Contact map[string]json.RawMessage }
	require.NoError(t, json.Unmarshal(context, &c))
	return c.Contact
}

// A batch with all there can be wrong in it, good ones between them.
func testNamingBatch(t *testing.T, s *suite) {
	var events []namedEvent
	for i := range 60 {
		e := s.work("wh_x", "").Event
		switch i % 4 {
		case 0:
			events = append(events, namedEvent{e, models.ParticipantRef{Email: "new@example.com", Fields: json.RawMessage(fmt.Sprintf(`{"n":%d}`, i))}})
		case 1:
			events = append(events, namedEvent{e, models.ParticipantRef{ID: newID(models.ParticipantPrefix)}})
		case 2:
			events = append(events, namedEvent{e, models.ParticipantRef{Email: "bad address"}})
		default:
			events = append(events, namedEvent{event: e})
		}
	}
	results := s.publishNamed(t, nil, events...)
	ids := map[string]bool{}
	for i, r := range results {
		switch i % 4 {
		case 0:
			require.NoError(t, r.Err)
			require.Equal(t, fmt.Sprint(i), string(contact(t, r.Event.Context)["n"]), "the snapshot is of its moment")
			ids[r.Event.ParticipantID] = true
		case 3:
			require.NoError(t, r.Err)
			require.Empty(t, r.Event.Context)
		default:
			require.Equal(t, models.Invalid, models.CodeOf(r.Err))
		}
	}
	require.Len(t, ids, 1, "one is made")
}

// From two nodes at once, events of the same few ids and people.
func testNamingRace(t *testing.T, s *suite) {
	nodes := []*suite{s, {Store: s.open(t, "n2", s.clock), ctx: s.ctx, clock: s.clock}}
	var mu sync.Mutex
	people, fresh := map[string]string{}, map[string]int{}
	var wg sync.WaitGroup
	for i := range 100 {
		wg.Go(func() {
			node := nodes[i%2]
			e := s.work("wh_x", "").Event
			e.ID = fmt.Sprintf("order-%d", i/2%10)
			email := fmt.Sprintf("p%d@example.com", i/2%10%3)
			r := node.publishNamed(t, nil, namedEvent{e, models.ParticipantRef{Email: email}})[0]
			if r.Err != nil {
				t.Error(r.Err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			if !r.Repeat {
				fresh[e.ID]++
				people[r.Event.ParticipantID] = email
			}
		})
	}
	wg.Wait()
	require.Len(t, people, 3)
	require.Len(t, fresh, 10)
	for id, n := range fresh {
		require.Equal(t, 1, n, id)
	}
	work, err := s.Claim(s.ctx, "wh_x", 100)
	require.NoError(t, err)
	require.Len(t, work, 3, "each is told of once")
}
