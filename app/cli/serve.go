package cli

import (
	"log/slog"
	"os"

	"hookline/app"
	"hookline/app/config"
)

type serveCommand struct {
	config.Server
	NoMigrate bool `help:"Refuse to start on an older database instead of bringing it to this version." env:"HOOKLINE_NO_MIGRATE"`
}

// Run serves until it is told to stop.
func (c *serveCommand) Run(w world) error {
	if err := c.Complete(); err != nil {
		return usageError{err}
	}
	log := newLogger(&c.Server)
	a, err := app.New(w.ctx, c.Server, log, !c.NoMigrate)
	if err != nil && w.ctx.Err() != nil {
		log.Info("stopped before it was up", "error", err)
		return nil
	}
	if err != nil {
		return err
	}
	if err := a.Announce(w.ctx, w.out); err != nil {
		return err
	}
	return a.Run(w.ctx)
}

// newLogger writes to standard error: text for people, JSON for collectors.
func newLogger(cfg *config.Server) *slog.Logger {
	info, err := os.Stderr.Stat()
	if terminal := err == nil && info.Mode()&os.ModeCharDevice != 0; cfg.JSONLogs(terminal) {
		return slog.New(slog.NewJSONHandler(os.Stderr, nil))
	}
	return slog.New(slog.NewTextHandler(os.Stderr, nil))
}
