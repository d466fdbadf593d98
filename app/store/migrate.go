package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/pressly/goose/v3"

	"hookline/migrations"
	"hookline/models"
)

// migrateLock is the advisory lock under which one node at a time looks at the
// schema on PostgreSQL, and changes it.
const migrateLock = 0x686f6f6b_6d696772 // "hook", "migr"

// turnPause is between two looks whether another node is done.
const turnPause = 100 * time.Millisecond

// migrate brings the schema to this version, or only checks it. Nodes that start
// together take turns. The lock belongs to a transaction that stays open
// meanwhile, and not to a session, which poolers share out. It goes with the node.
func (s *Store) migrate(ctx context.Context, o Options) error {
	if !s.Shared() {
		return s.bringToVersion(ctx, o)
	}
	for {
		done, err := s.migrateInTurn(ctx, o)
		if done || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(turnPause):
		}
	}
}

// migrateInTurn returns false when it is another node's turn.
func (s *Store) migrateInTurn(ctx context.Context, o Options) (done bool, err error) {
	tx, err := s.writeDB().DB.BeginTx(ctx, nil) // without a bound: large tables take their time
	if err != nil {
		return false, err
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.ExecContext(ctx, "SET LOCAL idle_in_transaction_session_timeout = 0"); err != nil {
		return false, err
	}
	if err := tx.QueryRowContext(ctx, "SELECT pg_try_advisory_xact_lock($1)", int64(migrateLock)).Scan(&done); err != nil || !done {
		return false, err
	}
	return true, s.bringToVersion(ctx, o)
}

// bringToVersion refuses, untouched, a schema that is newer than this program, or
// sealed with another key.
func (s *Store) bringToVersion(ctx context.Context, o Options) error {
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
	s.closeOldConnections()
	return nil
}

// closeOldConnections closes connections that know the tables as they were.
func (s *Store) closeOldConnections() {
	if s.Shared() {
		db := s.writeDB()
		db.SetMaxIdleConns(0)
		db.SetMaxIdleConns(postgresConns)
	}
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
	if s.dialect.name() == postgresName {
		files, dialect, dir = migrations.Postgres, goose.DialectPostgres, "postgres"
	}
	sub, err := fs.Sub(files, dir)
	if err != nil {
		return nil, err
	}
	p, err := goose.NewProvider(dialect, s.writeDB().DB, sub)
	if errors.Is(err, goose.ErrNoMigrations) {
		return nil, errors.New("this build carries no migrations")
	}
	return p, err
}
