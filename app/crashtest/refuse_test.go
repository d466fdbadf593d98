package crashtest

import (
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/apptest/pgtest"
)

// checkRefused insists on exit 1, silence on stdout and one plain sentence on
// stderr that has these words.
func checkRefused(t testing.TB, p *process, words ...string) {
	t.Helper()
	require.Equal(t, 1, p.wait(t), "stdout %q, stderr %q", p.stdout, p.stderr)
	require.Empty(t, p.stdout.String())
	checkSentence(t, p.stderr.String(), words...)
}

func checkSentence(t testing.TB, stderr string, words ...string) {
	t.Helper()
	require.Equal(t, 1, strings.Count(stderr, "\n"), "one line: %q", stderr)
	require.True(t, strings.HasPrefix(stderr, "hookline: "), stderr)
	for _, noise := range []string{"panic", "goroutine", "SQLSTATE", "goose", "sqlite3", "sql:"} {
		require.NotContains(t, stderr, noise, "plain words")
	}
	for _, w := range words {
		require.Contains(t, stderr, w)
	}
}

// Promise 8: what cannot be right is refused, with one sentence, and nothing of
// it is changed.
func TestRefusesToStart(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil func(t *testing.T, s *site)
		words []string
	}{
		"missing master key":   {removeKey, []string{"master key", "--master-key"}},
		"wrong master key":     {otherKey, []string{"master key"}},
		"no master key at all": {func(_ *testing.T, s *site) { s.key = "AAAA" }, []string{"master key"}},
		"newer schema":         {newerSchema, []string{"newer Hookline"}},
		"garbage inside":       {damage, []string{"damaged", "restore a backup"}},
		"cut short":            {cutShort, []string{"restore a backup"}},
		"not a database":       {replace, []string{"restore a backup"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := usedSite(t)
			c.spoil(t, &s)
			before := s.snapshot(t)
			p := s.tryServe(t)
			p.wait(t)
			checkUnchanged(t, before, s.snapshot(t))
			checkRefused(t, p, c.words...)
		})
	}
}

func (s site) path(name string) string { return filepath.Join(s.data, name) }

func removeKey(t *testing.T, s *site) { require.NoError(t, os.Remove(s.path("master.key"))) }

// otherKey takes the sound key of another install.
func otherKey(t *testing.T, s *site) {
	other := newSite(t)
	require.Zero(t, other.run(t, "", "migrate").code)
	s.key = "file:" + other.path("master.key")
}

const makeNewer = `INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, true)`

func newerSchema(t *testing.T, s *site) {
	db := s.open(t)
	_, err := db.Exec(makeNewer)
	require.NoError(t, err)
	require.NoError(t, db.Close())
}

// damage overwrites pages in the middle, as a failing disk does.
func damage(t *testing.T, s *site) {
	f, err := os.OpenFile(s.path(sqliteFile), os.O_RDWR, 0)
	require.NoError(t, err)
	info, err := f.Stat()
	require.NoError(t, err)
	for page := int64(2); page*4096 < info.Size(); page += 2 {
		_, err = f.WriteAt([]byte(strings.Repeat("\xa5", 4096)), page*4096)
		require.NoError(t, err)
	}
	require.NoError(t, f.Close())
}

func cutShort(t *testing.T, s *site) {
	info, err := os.Stat(s.path(sqliteFile))
	require.NoError(t, err)
	require.NoError(t, os.Truncate(s.path(sqliteFile), info.Size()/2))
}

func replace(t *testing.T, s *site) {
	require.NoError(t, os.WriteFile(s.path(sqliteFile), []byte(strings.Repeat("A text and no database.\n", 400)), 0o600))
}

// Promise 8: the first server goes on, untouched, while the second is refused.
func TestSecondServerOnOneFile(t *testing.T) {
	t.Parallel()
	s := usedSite(t)
	first := s.serve(t)
	a := newAPI(t, first.url, s.token(t))
	a.must(t, http.StatusOK, http.MethodGet, "/readyz", nil, nil)
	before := s.snapshot(t)
	checkRefused(t, s.tryServe(t), "another hookline serve", "PostgreSQL")
	checkUnchanged(t, before, s.snapshot(t))
	a.publish(t, "still-here")
	first.stop(t)
}

// Promise 8: a port that is taken.
func TestPortTaken(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { _ = taken.Close() }()
	s := usedSite(t)
	before := s.snapshot(t)
	checkRefused(t, s.tryServe(t, "--listen", taken.Addr().String()), "cannot listen on "+taken.Addr().String())
	checkUnchanged(t, before, s.snapshot(t))
}

// Promise 8 on PostgreSQL. What a refusal may not do is looked for in the rows.
func TestRefusesToStartOnPostgres(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.database = pgtest.New(t)
	s.use(t)
	rows := func() [3]int {
		db := s.open(t)
		return [3]int{
			count(t, db, `SELECT count(*) FROM deliveries`), count(t, db, `SELECT config_version FROM workspace`),
			count(t, db, `SELECT count(*) FROM goose_db_version`),
		}
	}
	before := rows()
	wrong, missing := s, s
	otherKey(t, &wrong)
	missing.data = t.TempDir()
	checkRefused(t, wrong.tryServe(t), "master key")
	checkRefused(t, missing.tryServe(t), "master key")
	require.Empty(t, missing.snapshot(t), "no new key for an old database")
	require.Equal(t, before, rows())

	newerSchema(t, &s)
	before = rows()
	checkRefused(t, s.tryServe(t), "newer Hookline")
	require.Equal(t, before, rows())
}

// A password in the database's address is in no complaint about it (promise 6).
func TestUnreachablePostgresKeepsThePassword(t *testing.T) {
	t.Parallel()
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := closed.Addr().String()
	require.NoError(t, closed.Close())
	s := newSite(t)
	s.database = "postgres://hookline:swordfish-canary@" + address + "/hookline?sslmode=disable"
	p := s.tryServe(t)
	checkRefused(t, p, "cannot reach PostgreSQL at "+address)
	require.NotContains(t, p.stderr.String(), "swordfish")
}
