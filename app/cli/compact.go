package cli

import (
	"fmt"
	"log/slog"

	"hookline/app"
	"hookline/app/config"
)

type compactCommand struct{ config.Storage }

// Run writes the SQLite file anew, after which it gives space back by itself.
func (c *compactCommand) Run(w *world) error {
	if err := c.Validate(); err != nil {
		return usageError{err}
	}
	st, _, err := app.OpenStore(w.ctx, c.Storage, slog.New(slog.DiscardHandler), app.StoreOptions{Exclusive: true, Migrate: true})
	if err != nil {
		return err
	}
	defer func() { _ = st.Close() }()
	before, err := st.Space(w.ctx)
	if err != nil {
		return err
	}
	if err := st.Compact(w.ctx); err != nil {
		return err
	}
	after, err := st.Space(w.ctx)
	if err == nil {
		fmt.Fprintf(w.out, "The database file had %d MB and has %d MB now.\n", before.File>>20, after.File>>20)
	}
	return err
}
