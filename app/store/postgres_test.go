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

// A plan made for empty tables must not outlive them.
func TestPostgresPlansAfresh(t *testing.T) {
	s, err := Open(t.Context(), Options{Database: pgtest.New(t), Migrate: true, Node: "n1"})
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close()) }()
	var mode string
	require.NoError(t, s.writeDB().QueryRowContext(t.Context(), "SHOW plan_cache_mode").Scan(&mode))
	require.Equal(t, "force_custom_plan", mode)
}
