package cli

import (
	"hookline/app"
	"hookline/app/config"
)

type serveCommand struct {
	config.Server
	NoMigrate bool `help:"Refuse to start on an older database instead of bringing it to this version." env:"HOOKLINE_NO_MIGRATE"`
}

// Run serves until it is told to stop.
func (c *serveCommand) Run(w *world) error {
	if err := c.Complete(); err != nil {
		return usageError{err}
	}
	log := w.logTo(logFormat{json: c.JSONLogs(onTerminal())})
	a, err := app.New(w.ctx, c.Server, log, !c.NoMigrate)
	if w.ctx.Err() != nil && err != nil {
		log.Info("stopped while starting", "error", err)
		return nil
	}
	if err != nil {
		return err
	}
	a.CountDroppedLines(w.dropped)
	if err := a.Announce(w.ctx, w.out); err != nil {
		return err
	}
	return a.Run(w.ctx)
}
