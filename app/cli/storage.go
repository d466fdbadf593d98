package cli

import (
	"log/slog"

	"hookline/app"
	"hookline/app/config"
	"hookline/app/service"
)

// withService runs fn on the database, beside a running server or without one.
func withService(w *world, cfg config.Storage, fn func(*service.Service) error) error {
	if err := cfg.Validate(); err != nil {
		return usageError{err}
	}
	st, box, err := app.OpenStore(w.ctx, cfg, slog.New(slog.DiscardHandler), app.StoreOptions{Migrate: true})
	if err != nil {
		return err
	}
	s := service.New(service.Deps{Store: st, Box: box})
	if err := fn(s); err != nil {
		_ = st.Close()
		return err
	}
	return st.Close()
}
