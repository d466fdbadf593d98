package service

import (
	"context"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"hookline/models"
)

// B5, H5: previews and filter tries of one person neither crowd out deliveries nor
// take everybody else's turn.
func TestB5_PreviewsTakeTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSemaphore()
		s.places = make(chan struct{}, 1)
		pat, kim := models.Actor{User: &models.User{ID: "usr_1"}}, models.Actor{User: &models.User{ID: "usr_2"}}
		done, err := s.acquire(t.Context(), pat)
		require.NoError(t, err)
		ctx, leave := context.WithCancel(t.Context())
		left := make(chan error, maxCallsEach)
		for range maxCallsEach - 1 {
			go func() { _, err := s.acquire(ctx, pat); left <- err }()
		}
		synctest.Wait()
		_, err = s.acquire(t.Context(), pat)
		require.Equal(t, models.TooMany, models.CodeOf(err))

		got := make(chan func())
		go func() { done, _ := s.acquire(t.Context(), kim); got <- done }()
		leave()
		for range maxCallsEach - 1 {
			require.ErrorIs(t, <-left, context.Canceled)
		}
		done()
		(<-got)()
		require.Empty(t, s.calls)
		require.Empty(t, s.places)
	})
}
