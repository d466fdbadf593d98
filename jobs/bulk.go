package jobs

import (
	"context"
	"log/slog"
	"time"
)

// Batches makes the batches of bulk jobs. *service.Bulk is one.
type Batches interface {
	// Asked has a value when a job was started on this node.
	Asked() <-chan struct{}
	// Step makes the batch that is due first, if one is due, and returns when to
	// call again.
	Step(ctx context.Context) (next time.Time, err error)
}

// Bulk is the clock of bulk jobs. It makes one batch at a time and rests between
// them, so that deliveries of everyday always get their turn at the database.
type Bulk struct {
	Batches Batches
	Log     *slog.Logger
	Now     func() time.Time
}

// bulkRest is what the database has to itself after every batch.
const bulkRest = 5 * time.Millisecond

// Run works until ctx ends; a batch under way is ended first.
func (b *Bulk) Run(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-b.Batches.Asked():
		case <-timer.C:
		}
		next, err := b.Batches.Step(context.WithoutCancel(ctx))
		if err != nil {
			b.Log.Warn("a batch of a bulk job failed; will try again", "error", err)
			next = b.Now().Add(poll)
		}
		timer.Reset(max(bulkRest, min(poll, next.Sub(b.Now()))))
	}
}
