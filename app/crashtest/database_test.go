package crashtest

import (
	"database/sql"
	"io"
	"os"
	"path/filepath"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"
	_ "github.com/mattn/go-sqlite3"
	"github.com/stretchr/testify/require"

	"hookline/app/apptest/pgtest"
)

const sqliteFile = "hookline.db"

// open looks into the database past hookline.
func (s site) open(t testing.TB) *sql.DB {
	t.Helper()
	driver, address := "pgx", pgtest.Direct(s.database)
	if s.database == "" {
		driver, address = "sqlite3", "file:"+filepath.Join(s.data, sqliteFile)
	}
	db, err := sql.Open(driver, address)
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// count runs a query for one number.
func count(t testing.TB, db *sql.DB, query string) int {
	t.Helper()
	var n int
	require.NoError(t, db.QueryRow(query).Scan(&n), query)
	return n
}

// checkRows insists that the rows belong together: every event has exactly the
// deliveries it was answered with, every attempt its delivery, and every delivery
// as many attempts as it counts, numbered without a gap.
func checkRows(t testing.TB, db *sql.DB, events int) {
	t.Helper()
	require.Equal(t, events, count(t, db, `SELECT count(*) FROM events`), "one event for each that was published, however often")
	for what, query := range map[string]string{
		"events without all their deliveries": `SELECT count(*) FROM events e
			WHERE e.deliveries <> (SELECT count(*) FROM deliveries d WHERE d.event_id = e.id)`,
		"deliveries without an event":     `SELECT count(*) FROM deliveries d WHERE NOT EXISTS (SELECT 1 FROM events e WHERE e.id = d.event_id)`,
		"two deliveries to one webhook":   `SELECT count(*) FROM (SELECT 1 FROM deliveries GROUP BY event_id, webhook_id HAVING count(*) > 1) twice`,
		"attempts without a delivery":     `SELECT count(*) FROM attempts a WHERE NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.id = a.delivery_id)`,
		"deliveries that count otherwise": `SELECT count(*) FROM deliveries d WHERE d.attempts <> (SELECT count(*) FROM attempts a WHERE a.delivery_id = d.id)`,
		"attempts numbered with a gap": `SELECT count(*) FROM deliveries d WHERE d.attempts > 0
			AND d.attempts <> (SELECT max(a.number) FROM attempts a WHERE a.delivery_id = d.id)`,
	} {
		require.Zero(t, count(t, db, query), what)
	}
}

// checkSQLiteCopy checks the files of a dead process as it left them: on a copy,
// since opening them mends what a crash left, and that is hookline's part.
func checkSQLiteCopy(t testing.TB, s site) {
	t.Helper()
	copied := site{data: t.TempDir()}
	for _, suffix := range []string{"", "-wal"} {
		copyFile(t, filepath.Join(s.data, sqliteFile+suffix), filepath.Join(copied.data, sqliteFile+suffix))
	}
	checkIntegrity(t, copied.open(t))
}

func checkIntegrity(t testing.TB, db *sql.DB) {
	t.Helper()
	var verdict string
	require.NoError(t, db.QueryRow("PRAGMA integrity_check").Scan(&verdict))
	require.Equal(t, "ok", verdict)
}

func copyFile(t testing.TB, from, to string) {
	t.Helper()
	in, err := os.Open(from)
	if os.IsNotExist(err) {
		return
	}
	require.NoError(t, err)
	defer func() { _ = in.Close() }()
	out, err := os.Create(to)
	require.NoError(t, err)
	_, err = io.Copy(out, in)
	require.NoError(t, err)
	require.NoError(t, out.Close())
}
