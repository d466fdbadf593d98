package jobs

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/models"
)

// B14: steps stay small, go on from where the last one ended, and stop when
// another node is at it.
func TestB14_PruneGoesInSmallSteps(t *testing.T) {
	answers := []models.Pruned{
		{Removed: 100, Next: "b", NextSeq: 2, Took: time.Millisecond},
		{Removed: 200, Next: "c", NextSeq: 3, Took: 3 * pruneHold / 2},
		{Next: "d", NextSeq: 4},
		{Removed: 7, Done: true},
	}
	var asked []models.PruneStep
	n, err := pruneAll(t.Context(), time.Now(), func(_ context.Context, _ time.Time, p models.PruneStep) (models.Pruned, error) {
		asked = append(asked, p)
		return answers[len(asked)-1], nil
	})
	require.NoError(t, err)
	require.Equal(t, 307, n)
	require.Equal(t, []models.PruneStep{{Limit: 100}, {After: "b", AfterSeq: 2, Limit: 200}, {After: "c", AfterSeq: 3, Limit: 100}, {After: "d", AfterSeq: 4, Limit: 100}}, asked)

	n, err = pruneAll(t.Context(), time.Now(), func(context.Context, time.Time, models.PruneStep) (models.Pruned, error) {
		return models.Pruned{Busy: true}, nil
	})
	require.NoError(t, err)
	require.Zero(t, n)
	broken := errors.New("disk")
	_, err = pruneAll(t.Context(), time.Now(), func(context.Context, time.Time, models.PruneStep) (models.Pruned, error) {
		return models.Pruned{}, broken
	})
	require.ErrorIs(t, err, broken)
}

func TestB14_StepsAdaptWithinBounds(t *testing.T) {
	limit := pruneMost
	for range 20 {
		limit = nextLimit(limit, time.Second)
	}
	require.Equal(t, pruneLeast, limit)
	for range 20 {
		limit = nextLimit(limit, time.Microsecond)
	}
	require.Equal(t, pruneMost, limit)
	require.Equal(t, 100, nextLimit(100, 0), "a step that only looked says nothing")
}
