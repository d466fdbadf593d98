package cli

import (
	"log/slog"

	"hookline/app/demo"
)

type demoCommand struct {
	Listen  string `help:"Address of UI and API." default:"127.0.0.1:8080" env:"HOOKLINE_LISTEN" placeholder:"HOST:PORT"`
	BaseURL string `help:"Public address. Default: http:// and the address of --listen." env:"HOOKLINE_BASE_URL" placeholder:"URL"`
	Verbose bool   `help:"Log every request and attempt to standard error."`
}

// Run serves the demo until it is told to stop.
func (c *demoCommand) Run(w *world) error {
	level := slog.LevelError
	if c.Verbose {
		level = slog.LevelInfo
	}
	log := w.logTo(logFormat{level: level})
	return demo.Run(w.ctx, demo.Options{Listen: c.Listen, BaseURL: c.BaseURL, Out: w.out, Log: log, DroppedLines: w.dropped})
}
