package storetest

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/store"
	"hookline/models"
)

// testNamingTurns: a batch about participants, whose events carry more than what was
// sent, lets the events of others through on its way.
func testNamingTurns(t *testing.T, s *suite) {
	const n = 1000
	begun, stored := make(chan struct{}), make(chan store.Published, 1)
	other := s.work("wh_x", "").Event
	go func() {
		<-begun
		stored <- s.Publish(t.Context(), []store.Publication{{Event: other}})[0]
	}()
	batch, after := make([]store.Publication, n), 0
	for i := range batch {
		e := s.work("wh_x", "").Event
		e.ID = fmt.Sprintf("turn-%d", i)
		batch[i] = s.named(e, models.ParticipantRef{Email: "turns@example.com"})
		settle := batch[i].Naming.Settle
		batch[i].Naming.Settle = func(found *models.Participant) (store.Settled, error) {
			if i == 0 {
				close(begun)
			}
			if len(stored) > 0 {
				after++
			}
			return settle(found)
		}
	}
	for i, r := range s.Publish(t.Context(), batch) {
		require.NoError(t, r.Err)
		require.Equal(t, batch[i].Event.ID, r.Event.ID)
	}
	require.NoError(t, (<-stored).Err)
	require.Positive(t, after, "the other event waited for the whole batch")
}
