package jobs

import (
	"context"
	"log/slog"

	"github.com/robfig/cron/v3"
)

// entries is everything that goes by the clock.
func (r *Runner) entries() []entry {
	return []entry{
		{"expired sessions", "@hourly", r.store.DeleteExpiredSessions},
		{"old signing keys", "@hourly", r.store.DropOldKeys},
		{"expired access tokens", "@hourly", r.store.DropOldTokens},
		{"counts of minutes", "@every 1m", r.store.MergeStats},
		{"old captured requests", "@hourly", r.store.PruneCaptured},
		{"retention", "@hourly", r.prune},
	}
}

type entry struct {
	name string
	spec string
	job  func(context.Context) error
}

// startSchedule begins the clock's work; jobs end when ctx does.
func (r *Runner) startSchedule(ctx context.Context) *cron.Cron {
	c := cron.New(cron.WithLogger(cron.PrintfLogger(slog.NewLogLogger(r.Log.Handler(), slog.LevelError))))
	for _, e := range r.entries() {
		_, err := c.AddFunc(e.spec, func() {
			if err := e.job(ctx); err != nil && ctx.Err() == nil {
				r.Log.Warn("a scheduled job failed", "job", e.name, "error", err)
			}
		})
		if err != nil {
			panic(err) // the specs above are constants
		}
	}
	c.Start()
	return c
}
