package storetest

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/store"
	"hookline/models"
)

// race does the same n times at once, alternating between two nodes, and returns how
// often it succeeded.
func (s *suite) race(t *testing.T, n int, do func(node *store.Store, i int) error) int {
	t.Helper()
	nodes := []*store.Store{s.Store, s.open(t, "n2", s.clock)}
	var wg sync.WaitGroup
	errs := make([]error, n)
	for i := range n {
		wg.Go(func() { errs[i] = do(nodes[i%2], i) })
	}
	wg.Wait()
	done := 0
	for _, err := range errs {
		if err == nil {
			done++
			continue
		}
		require.Contains(t, []models.Code{models.Conflict, models.Invalid}, models.CodeOf(err), err.Error())
	}
	return done
}

// A9: limits that are counted hold, however many come at once.
func testLimitsRaced(t *testing.T, s *suite) {
	u := s.user("pat@example.com")
	require.NoError(t, s.CreateUser(s.ctx, u))
	made := s.race(t, 4*models.MaxCaptures, func(node *store.Store, i int) error {
		id := newID(models.CapturePrefix)
		return node.CreateCapture(s.ctx, models.Capture{ID: id, UserID: u.ID, Name: "Mine", Hash: []byte(id), Secret: models.Sealed("\x01sealed-bytes"), CreatedAt: s.clock.At})
	})
	require.Equal(t, models.MaxCaptures, made)
	list, err := s.Captures(s.ctx, u.ID, "")
	require.NoError(t, err)
	require.Len(t, list, models.MaxCaptures)

	kept := s.race(t, 16, func(node *store.Store, i int) error {
		batch := make([]models.Captured, 50)
		for k := range batch {
			batch[k] = s.captured(list[0], nil)
		}
		return node.KeepCaptured(s.ctx, batch, map[string]int64{list[i%2+1].ID: 1, list[2-i%2].ID: 1})
	})
	require.Equal(t, 16, kept)
	page, err := s.CapturedPage(s.ctx, list[0].ID, store.Page{Limit: 2000})
	require.NoError(t, err)
	require.Len(t, page, models.KeptCaptured)

	w := s.webhook(t)
	const free = 5
	for range models.MaxGrants - free {
		require.NoError(t, s.SaveGrant(s.ctx, s.grantOn(w)))
	}
	require.Equal(t, free, s.race(t, 4*free, func(node *store.Store, _ int) error { return node.SaveGrant(s.ctx, s.grantOn(w)) }))
}

func (s *suite) grantOn(w models.Webhook) models.Grant {
	return models.Grant{ID: newID(models.GrantPrefix), WebhookID: w.ID, UserID: newID(models.UserPrefix), Level: models.ViewGrant, CreatedAt: s.clock.At}
}
