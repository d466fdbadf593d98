package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"hookline/migrations"
	"hookline/models"
)

// migrate brings the schema to this version, or only checks it. A schema newer
// than this program, or sealed with another key, is refused untouched.
func (s *Store) migrate(ctx context.Context, o Options) error {
	p, err := s.migrator()
	if err != nil {
		return err
	}
	sources := p.ListSources()
	newest := sources[len(sources)-1].Version
	current, err := p.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("cannot read the database's version: %w", err)
	}
	if current > newest {
		return fmt.Errorf("the database is at version %d, made by a newer Hookline; this one knows up to %d: use the newer program", current, newest)
	}
	if err := s.checkKey(ctx, current, o); err != nil {
		return err
	}
	switch {
	case current == newest:
		return nil
	case !o.Migrate:
		return fmt.Errorf("the database is at version %d and this program needs %d: run hookline migrate", current, newest)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("cannot bring the database to version %d: %w", newest, err)
	}
	return nil
}

func (s *Store) checkKey(ctx context.Context, version int64, o Options) error {
	if o.CheckKey == nil {
		return nil
	}
	var probe models.Sealed
	if version > 0 {
		var err error
		if probe, err = s.KeyProbe(ctx); err != nil {
			return err
		}
	}
	return o.CheckKey(probe)
}

func (s *Store) migrator() (*goose.Provider, error) {
	files, dialect, dir := fs.FS(migrations.SQLite), goose.DialectSQLite3, "sqlite"
	var options []goose.ProviderOption
	if s.dialect.name() == postgresName {
		files, dialect, dir = migrations.Postgres, goose.DialectPostgres, "postgres"
		// Nodes that start together take turns.
		locker, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return nil, err
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	sub, err := fs.Sub(files, dir)
	if err != nil {
		return nil, err
	}
	p, err := goose.NewProvider(dialect, s.writeDB(), sub, options...)
	if errors.Is(err, goose.ErrNoMigrations) {
		return nil, errors.New("this build carries no migrations")
	}
	return p, err
}
