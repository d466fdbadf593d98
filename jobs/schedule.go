package jobs

import (
	"context"

	"github.com/robfig/cron/v3"
)

// startSchedule runs every entry that goes by the clock. All of them are here.
func (r *Runner) startSchedule() *cron.Cron {
	c := cron.New()
	for spec, job := range map[string]func(context.Context) error{
		"@hourly": r.store.DeleteExpiredSessions,
	} {
		_, err := c.AddFunc(spec, func() {
			if err := job(r.ctx); err != nil {
				r.Log.Warn("a scheduled job failed", "schedule", spec, "error", err)
			}
		})
		if err != nil {
			panic(err) // the specs above are constants
		}
	}
	c.Start()
	return c
}
