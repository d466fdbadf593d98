package jobs

import (
	"context"
	"time"

	"hookline/models"
)

// Pruning goes in small steps, so that nobody who publishes waits for it: each
// holds the writer for about pruneHold, and then leaves it alone for several
// times as long.
const (
	pruneHold  = 20 * time.Millisecond
	pruneRest  = 4 // times what the step took
	pruneMost  = 500
	pruneLeast = 25
)

// step is one bounded piece of pruning.
type step func(ctx context.Context, before time.Time, p models.PruneStep) (models.Pruned, error)

// prune removes what the workspace's retention no longer keeps: bodies first,
// since they are asked to go sooner, then deliveries with their attempts, then
// events that have no delivery left.
func (r *Runner) prune(ctx context.Context) error {
	keep := r.store.Config().Settings.Retention
	for _, part := range []struct {
		name string
		days int
		step step
	}{
		{"bodies", keep.BodyDays, r.store.PruneBodies},
		{"deliveries", keep.Days, r.store.PruneDeliveries},
		{"events", keep.Days, r.store.PruneEvents},
	} {
		if part.days == 0 {
			continue
		}
		n, err := pruneAll(ctx, r.Now().AddDate(0, 0, -part.days), part.step)
		if n > 0 {
			r.Log.Info("removed what retention no longer keeps", "what", part.name, "older_than_days", part.days, "removed", n)
		}
		if err != nil {
			return err
		}
	}
	return r.giveSpaceBack(ctx)
}

// giveSpaceBack lets the database's file shrink by what was removed.
func (r *Runner) giveSpaceBack(ctx context.Context) error {
	n, err := pruneAll(ctx, r.Now(), r.store.GiveSpaceBack)
	if n == 0 || err != nil {
		return err
	}
	r.Log.Info("gave space of the database's file back", "pages", n)
	return r.store.EmptyWAL(ctx)
}

// pruneAll takes steps until nothing older than before is left, or another node
// is at it. It returns how much it removed.
func pruneAll(ctx context.Context, before time.Time, take step) (removed int, err error) {
	p := models.PruneStep{Limit: pruneMost / 5}
	for {
		done, err := take(ctx, before, p)
		if err != nil {
			return removed, err
		}
		removed += done.Removed
		if done.Done || done.Busy {
			return removed, nil
		}
		p = models.PruneStep{After: done.Next, AfterSeq: done.NextSeq, Limit: nextLimit(p.Limit, done.Took)}
		if !rest(ctx, pruneRest*done.Took) {
			return removed, ctx.Err()
		}
	}
}

// nextLimit adapts a step to what the last one took: rows with large bodies take
// longer than others, and disks differ. A step that only looked says nothing.
func nextLimit(limit int, took time.Duration) int {
	switch {
	case took > pruneHold:
		return max(limit/2, pruneLeast)
	case took > 0 && took < pruneHold/4:
		return min(limit*2, pruneMost)
	}
	return limit
}

// rest waits, and reports whether there is more to do after it.
func rest(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
