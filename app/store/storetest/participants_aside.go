package storetest

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/store"
	"hookline/models"
)

// While a merge takes its time, other writes go on: it is made before the
// transaction, and again when the participant changed meanwhile.
func testMergeAside(t *testing.T, s *suite) {
	p := s.participant(t, "sam@example.com", `{"n":0}`)
	quick := func(patch string) {
		r := s.publishNamed(t, nil, namedEvent{s.work("wh_x", "").Event, models.ParticipantRef{ID: p.ID, Fields: json.RawMessage(patch)}})[0]
		require.NoError(t, r.Err)
	}
	merges := 0
	slow := namedEvent{s.work("wh_x", "").Event, models.ParticipantRef{ID: p.ID, Fields: json.RawMessage(`{"slow":true}`)}}
	r := s.publishNamed(t, func() {
		if merges++; merges == 1 {
			s.publish(t, "wh_x", "")
			quick(`{"quick":true}`)
		}
	}, slow)[0]
	require.NoError(t, r.Err)
	require.Equal(t, 2, merges, "the other change came first")
	require.JSONEq(t, `{"n":0,"quick":true,"slow":true}`, s.fieldsOf(t, p.ID))

	old, err := s.Participant(s.ctx, p.ID)
	require.NoError(t, err)
	quick(`{"n":1}`)
	after := old
	after.Fields = json.RawMessage(`{"lost":true}`)
	require.ErrorIs(t, s.ChangeParticipant(s.ctx, nil, store.ParticipantChange{Before: &old, After: &after}), store.ErrParticipantChanged)
	require.JSONEq(t, `{"n":1,"quick":true,"slow":true}`, s.fieldsOf(t, p.ID))
}

func (s *suite) fieldsOf(t *testing.T, id string) string {
	t.Helper()
	p, err := s.Participant(s.ctx, id)
	require.NoError(t, err)
	return string(p.Fields)
}
