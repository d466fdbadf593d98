package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"hookline/app/apptest/pgtest"
)

// Promise 9: what means "not now" is told from what would fail again. A server
// that dies in the middle of an exchange leaves an end of file behind.
func TestPostgresDegraded(t *testing.T) {
	d := &postgresDialect{}
	for _, err := range []error{
		&pgconn.PgError{Code: "53100"}, &pgconn.PgError{Code: "57P01"}, &pgconn.PgError{Code: "25006"},
		fmt.Errorf("receive: %w", io.ErrUnexpectedEOF), driver.ErrBadConn, context.DeadlineExceeded,
	} {
		require.True(t, d.degraded(err), err)
	}
	for _, err := range []error{&pgconn.PgError{Code: "23505"}, &pgconn.PgError{Code: "42P01"}, context.Canceled, errors.New("other")} {
		require.False(t, d.degraded(err), err)
	}
}

// Promise 9: after what may be for want of room, a smaller write proves nothing.
func TestPostgresFull(t *testing.T) {
	d := &postgresDialect{}
	for code, full := range map[string]bool{"53100": true, "53200": true, "58030": true, "53300": false, "25006": false, "57P01": false} {
		require.Equal(t, full, d.full(fmt.Errorf("commit: %w", &pgconn.PgError{Code: code})), code)
	}
	require.False(t, d.full(driver.ErrBadConn))
}

// A plan made for empty tables must not outlive them, and a pooler's sessions know
// no statement that another one has prepared: nothing stays in a session.
func TestPostgresLeavesNothingInTheSession(t *testing.T) {
	s, err := Open(t.Context(), Options{Database: pgtest.New(t), Migrate: true, Node: "n1"})
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close()) }()
	s.writeDB().SetMaxOpenConns(1)
	for range 10 {
		require.NoError(t, s.Ready(t.Context()))
		_, err := s.Claim(t.Context(), "wh_none", 1)
		require.NoError(t, err)
	}
	for _, query := range []string{
		"SELECT count(*) FROM pg_prepared_statements", "SELECT count(*) FROM pg_listening_channels() c",
		"SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()",
		"SELECT count(*) FROM pg_settings WHERE source = 'session' AND name IN ('synchronous_commit', 'plan_cache_mode')",
	} {
		var n int
		require.NoError(t, s.writeDB().QueryRowContext(t.Context(), query).Scan(&n), query)
		require.Zero(t, n, query)
	}
}

// Promise 1: a commit waits for the disk, whatever the server's default is, and
// though poolers take no setting for a session.
func TestPostgresCommitsDurably(t *testing.T) {
	database := pgtest.New(t)
	s, err := Open(t.Context(), Options{Database: database, Migrate: true, Node: "n1"})
	require.NoError(t, err)
	require.NoError(t, s.write.Exec("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', current_database()); END $$").Error)
	require.NoError(t, s.Close())
	s, err = Open(t.Context(), Options{Database: database, Node: "n1"})
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close()) }()
	var mode string
	tx, err := s.writeDB().BeginTx(t.Context(), nil)
	require.NoError(t, err)
	defer func() { _ = tx.Rollback() }()
	require.NoError(t, tx.QueryRowContext(t.Context(), "SHOW synchronous_commit").Scan(&mode))
	require.Equal(t, "on", mode)
	require.NoError(t, s.write.Transaction(func(tx *gorm.DB) error { return tx.Raw("SHOW synchronous_commit").Scan(&mode).Error }))
	require.Equal(t, "on", mode)
}

// Promise 8: connections that knew the tables of an older version do not fail with
// those of this one.
func TestPostgresClosesOldConnections(t *testing.T) {
	s, err := Open(t.Context(), Options{Database: pgtest.New(t), Migrate: true, Node: "n1"})
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close()) }()
	_, err = s.KeyProbe(t.Context())
	require.NoError(t, err)
	require.NoError(t, s.write.Exec("ALTER TABLE workspace ADD COLUMN later BYTEA").Error)
	s.closeOldConnections()
	for range postgresConns {
		_, err := s.KeyProbe(t.Context())
		require.NoError(t, err)
	}
}
