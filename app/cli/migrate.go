package cli

import (
	"fmt"
	"log/slog"

	"hookline/app"
	"hookline/app/config"
)

type migrateCommand struct{ config.Storage }

// Run brings the database to this version, if it is not there yet.
func (c *migrateCommand) Run(w *world) error {
	if err := c.Validate(); err != nil {
		return usageError{err}
	}
	st, _, err := app.OpenStore(w.ctx, c.Storage, slog.New(slog.DiscardHandler), app.StoreOptions{Exclusive: true, Migrate: true})
	if err != nil {
		return err
	}
	fmt.Fprintln(w.out, "The database is up to date.")
	return st.Close()
}
