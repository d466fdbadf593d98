package store_test

import (
	"database/sql"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/apptest/pgtest"
	"hookline/app/store"
	"hookline/app/store/storetest"
	"hookline/models"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

func opener(database string) storetest.Open {
	return func(t *testing.T, node string, clock *storetest.Clock) *store.Store {
		t.Helper()
		s, err := store.Open(t.Context(), store.Options{Database: database, Migrate: true, Node: node, Now: clock.Now})
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, s.Close()) })
		return s
	}
}

func TestSQLite(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Open {
		return opener("sqlite:" + filepath.Join(t.TempDir(), "hookline.db"))
	})
}

func TestPostgres(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Open { return opener(pgtest.New(t)) })
}

// Through pgbouncer in transaction mode, which gives a client another session after
// each transaction.
func TestPgBouncer(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Open { return opener(pgtest.Pooled(t)) })
}

// Statements as text, which some poolers need, damage no row on their way.
func TestPostgresQueryModes(t *testing.T) {
	for mode, fresh := range map[string]func(testing.TB) string{"simple_protocol": pgtest.Pooled, "exec": pgtest.New} {
		t.Run(mode, func(t *testing.T) {
			storetest.Run(t, func(t *testing.T) storetest.Open {
				return opener(fresh(t) + "&default_query_exec_mode=" + mode)
			}, storetest.Rows...)
		})
	}
}

// Both databases have the same tables, columns, kinds of columns and indexes.
func TestSchemaParity(t *testing.T) {
	lite := openRaw(t, "sqlite3", filepath.Join(t.TempDir(), "hookline.db"))
	pg := openRaw(t, "pgx", pgtest.New(t))
	require.Equal(t, columns(t, pg, `SELECT table_name, column_name, data_type, is_nullable = 'NO' FROM information_schema.columns
		WHERE table_schema = 'public' AND table_name NOT LIKE 'goose%'`),
		columns(t, lite, `SELECT m.name, c.name, c.type, c."notnull" OR c.pk FROM sqlite_schema m, pragma_table_info(m.name) c
		WHERE m.type = 'table' AND m.name NOT LIKE 'goose%' AND m.name NOT LIKE 'sqlite_%'`))
	require.Equal(t, names(t, pg, `SELECT indexname FROM pg_indexes WHERE schemaname = 'public' AND indexname NOT LIKE '%_pkey' AND indexname NOT LIKE '%_key' AND indexname NOT LIKE 'goose%'`),
		names(t, lite, `SELECT name FROM sqlite_schema WHERE type = 'index' AND name NOT LIKE 'sqlite_%'`))
}

func openRaw(t *testing.T, driver, address string) *sql.DB {
	t.Helper()
	database := address
	if driver == "sqlite3" {
		database = "sqlite:" + address
	}
	s, err := store.Open(t.Context(), store.Options{Database: database, Migrate: true, Node: "n1"})
	require.NoError(t, err)
	require.NoError(t, s.Close())
	db, err := sql.Open(driver, address)
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// kinds folds the databases' type names into one vocabulary.
var kinds = map[string]string{
	"bigint": "int", "integer": "int", "text": "text", "bytea": "bytes", "blob": "bytes", "boolean": "bool", "real": "float", "double precision": "float",
}

func columns(t *testing.T, db *sql.DB, query string) []string {
	t.Helper()
	rows, err := db.Query(query)
	require.NoError(t, err)
	defer func() { _ = rows.Close() }()
	var list []string
	for rows.Next() {
		var table, column, kind string
		var required bool
		require.NoError(t, rows.Scan(&table, &column, &kind, &required))
		known, ok := kinds[strings.ToLower(kind)]
		require.True(t, ok, "a type that has no counterpart: %s", kind)
		list = append(list, fmt.Sprintf("%s.%s %s required=%v", table, column, known, required))
	}
	require.NoError(t, rows.Err())
	slices.Sort(list)
	return list
}

func names(t *testing.T, db *sql.DB, query string) []string {
	t.Helper()
	rows, err := db.Query(query)
	require.NoError(t, err)
	defer func() { _ = rows.Close() }()
	set := map[string]bool{}
	for rows.Next() {
		var name string
		require.NoError(t, rows.Scan(&name))
		set[name] = true
	}
	require.NoError(t, rows.Err())
	return slices.Sorted(maps.Keys(set))
}

// Promise 8: a second serve on one SQLite file refuses to start.
func TestSQLiteServesOnce(t *testing.T) {
	o := store.Options{Database: "sqlite:" + filepath.Join(t.TempDir(), "hookline.db"), Exclusive: true, Migrate: true, Node: "n1"}
	s, err := store.Open(t.Context(), o)
	require.NoError(t, err)
	_, err = store.Open(t.Context(), o)
	require.ErrorContains(t, err, "another hookline serve")
	o.Exclusive = false
	beside, err := store.Open(t.Context(), o)
	require.NoError(t, err, "the command line may work beside the server")
	require.NoError(t, beside.Close())
	require.NoError(t, s.Close())
	o.Exclusive = true
	s, err = store.Open(t.Context(), o)
	require.NoError(t, err)
	require.NoError(t, s.Close())
}

// Promise 8: a newer schema is refused, and nothing is changed.
func TestNewerSchemaIsRefused(t *testing.T) {
	for name, address := range map[string]string{
		"sqlite3": filepath.Join(t.TempDir(), "hookline.db"), "pgx": pgtest.New(t),
	} {
		db := openRaw(t, name, address)
		_, err := db.Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, true)")
		require.NoError(t, err)
		database := address
		if name == "sqlite3" {
			database = "sqlite:" + address
		}
		_, err = store.Open(t.Context(), store.Options{Database: database, Migrate: true, Node: "n1"})
		require.ErrorContains(t, err, "newer Hookline")
	}
}

// Promise 8: the key is looked at before anything is changed.
func TestWrongKeyStopsBeforeMigrating(t *testing.T) {
	address := filepath.Join(t.TempDir(), "hookline.db")
	refuse := func(models.Sealed) error { return fmt.Errorf("wrong key") }
	_, err := store.Open(t.Context(), store.Options{Database: "sqlite:" + address, Migrate: true, Node: "n1", CheckKey: refuse})
	require.ErrorContains(t, err, "wrong key")
	db, err := sql.Open("sqlite3", address)
	require.NoError(t, err)
	defer func() { _ = db.Close() }()
	require.NotContains(t, names(t, db, "SELECT name FROM sqlite_schema"), "webhooks")
}

// I9: without a test's clock the database's own counts, the same for all nodes.
func TestI9_PermitsGoByTheDatabasesClock(t *testing.T) {
	s, err := store.Open(t.Context(), store.Options{Database: pgtest.New(t), Migrate: true, Node: "n1"})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	require.True(t, s.Shared())
	p := models.GCRAOf(models.MinRateLimit)
	got, wait, err := s.TakePermits(t.Context(), "wh_a", p, 1)
	require.NoError(t, err)
	require.Equal(t, 1, got)
	require.Equal(t, p.Every, wait)
	got, wait, err = s.TakePermits(t.Context(), "wh_a", p, 1)
	require.NoError(t, err)
	require.Zero(t, got)
	require.Positive(t, wait)
	require.Less(t, wait, p.Every)
}
