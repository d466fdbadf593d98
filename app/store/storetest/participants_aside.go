package storetest

import (
	"encoding/json"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/store"
	"hookline/models"
)

// While a merge takes its time, other writes go on: it is made before the
// transaction, and again when the participant changed meanwhile.
func testMergeAside(t *testing.T, s *suite) {
	p := s.participant(t, "sam@example.com", `{"n":0}`)
	slow := s.named(s.work("wh_x", "").Event, models.ParticipantRef{ID: p.ID, Fields: json.RawMessage(`{"slow":true}`)})
	asked := 0
	settle := slow.Naming.Settle
	slow.Naming.Settle = func(found *models.Participant) (store.Settled, error) {
		if asked++; asked == 1 {
			s.publish(t, "wh_x", "")
			require.NoError(t, s.Publish(s.ctx, []store.Publication{s.named(s.work("wh_x", "").Event, models.ParticipantRef{ID: p.ID, Fields: json.RawMessage(`{"quick":true}`)})})[0].Err)
		}
		return settle(found)
	}
	require.NoError(t, s.Publish(s.ctx, []store.Publication{slow})[0].Err)
	require.Equal(t, 2, asked, "the other change came first")
	require.JSONEq(t, `{"n":0,"quick":true,"slow":true}`, s.fieldsOf(t, p.ID))

	asked = 0
	require.NoError(t, s.ChangeParticipant(s.ctx, p.ID, func(old models.Participant) (*store.ParticipantChange, error) {
		if asked++; asked == 1 {
			require.NoError(t, s.Publish(s.ctx, []store.Publication{s.named(s.work("wh_x", "").Event, models.ParticipantRef{ID: p.ID, Fields: json.RawMessage(`{"n":1}`)})})[0].Err)
		}
		old.Fields, _ = models.MergePatch(old.Fields, json.RawMessage(`{"patched":true}`))
		return &store.ParticipantChange{Participant: &old}, nil
	}))
	require.Equal(t, 2, asked)
	require.JSONEq(t, `{"n":1,"quick":true,"slow":true,"patched":true}`, s.fieldsOf(t, p.ID))
}

// However many change one participant at once, every change is made once.
func testMergeContended(t *testing.T, s *suite) {
	p := s.participant(t, "sam@example.com", `{}`)
	want := map[string]int{}
	var wg sync.WaitGroup
	for i := range 24 {
		name := fmt.Sprintf("f%d", i)
		want[name] = i
		patch := json.RawMessage(fmt.Sprintf(`{%q:%d}`, name, i))
		wg.Go(func() {
			if i%4 > 0 {
				ref := models.ParticipantRef{ID: p.ID, Fields: patch}
				if r := s.Publish(s.ctx, []store.Publication{s.named(s.work("wh_x", "").Event, ref)})[0]; r.Err != nil {
					t.Error(r.Err)
				}
				return
			}
			err := s.ChangeParticipant(s.ctx, p.ID, func(old models.Participant) (*store.ParticipantChange, error) {
				old.Fields, _ = models.MergePatch(old.Fields, patch)
				return &store.ParticipantChange{Participant: &old}, nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	all, err := json.Marshal(want)
	require.NoError(t, err)
	require.JSONEq(t, string(all), s.fieldsOf(t, p.ID))
}

func (s *suite) fieldsOf(t *testing.T, id string) string {
	t.Helper()
	p, err := s.Participant(s.ctx, id)
	require.NoError(t, err)
	return string(p.Fields)
}
