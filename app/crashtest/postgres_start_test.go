package crashtest

import (
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/apptest/pgtest"
)

// A start waits for a PostgreSQL that comes up later, and says so.
func TestWaitsForPostgres(t *testing.T) {
	t.Parallel()
	server := pgtest.Alone(t)
	server.Down()
	s := newSite(t)
	s.database = server.URL()
	p, beside := s.tryServe(t), launch(t, site{data: t.TempDir(), database: s.database, key: s.key}.command("migrate"))
	for _, waiting := range []*process{p, beside} {
		_, ok := waiting.stderr.line(t, "PostgreSQL is not up yet; waiting for it", waiting.ended)
		require.True(t, ok, "%s", waiting.stderr)
	}
	server.Up(t)
	_, ok := p.stdout.line(t, "Hookline is at ", p.ended)
	require.True(t, ok, "%s", p.stderr)
	beside.wait(t) // whether its key is the right one is not its point
	p.stop(t)
}

// A stop ends the wait at once; and a password in the database's address is in no
// line about it (promise 6).
func TestStoppedWhileItWaitsForPostgres(t *testing.T) {
	t.Parallel()
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := closed.Addr().String()
	require.NoError(t, closed.Close())
	s := newSite(t)
	s.database = "postgres://hookline:swordfish-canary@" + address + "/hookline?sslmode=disable"
	p := s.tryServe(t)
	_, ok := p.stderr.line(t, "PostgreSQL is not up yet; waiting for it", p.ended)
	require.True(t, ok)
	p.stop(t)
	require.Contains(t, p.stderr.String(), "stopped while waiting for PostgreSQL at "+address)
	require.NotContains(t, p.stdout.String()+p.stderr.String(), "swordfish")
}

// A missing database and a user without rights are errors at once, directly and
// through a pooler: waiting does not mend them.
func TestPostgresRefusesAtOnce(t *testing.T) {
	t.Parallel()
	missing := func(there string) string { return strings.Replace(there, "@/", "@/not_there_", 1) }
	stranger := func(there string) string {
		return strings.Replace(there, "tester@", "nobody:swordfish-canary@", 1)
	}
	for name, c := range map[string]struct {
		database func(testing.TB) string
		spoil    func(string) string
		words    string
	}{
		"no such database":                   {pgtest.New, missing, "does not exist"},
		"no such user":                       {pgtest.New, stranger, "nobody"},
		"no such database, through a pooler": {pgtest.Pooled, missing, "does not exist"},
		"no such user, through a pooler":     {pgtest.Pooled, stranger, "refuses: "},
		"odd setting":                        {pgtest.New, func(there string) string { return there + "&connect_timeout=swordfish" }, "a setting that is not valid"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			s.database = c.spoil(c.database(t))
			got := s.run(t, "", "migrate")
			require.Equal(t, 1, got.code, got.stdout)
			checkSentence(t, got.stderr, c.words)
			require.NotContains(t, got.stderr, "swordfish")
		})
	}
}

// A password that was not escaped is in no complaint, whichever way it came in.
func TestUnescapedPasswordIsNotRepeated(t *testing.T) {
	t.Parallel()
	const address = "postgres://app:p@Sword/w#fishCanary@127.0.0.1:5432/d"
	for _, cmd := range [][]string{
		{"serve", "--database", address}, {"migrate", "--database", address}, {"serve", address}, {"migrate", "--databse=" + address},
		{"migrate", "--database", "postgres://app:Sword", "fishCanary@127.0.0.1/d"},
	} {
		got := runCommand(t, newSite(t).command(cmd...), "")
		require.Equal(t, exitUsage, got.code, "%q", cmd)
		require.Empty(t, got.stdout)
		for _, part := range []string{"Sword", "fishCanary"} {
			require.NotContains(t, got.stderr, part, "%q", cmd)
		}
	}
}

const exitUsage = 2

// Every node prints a link that works, until one of them was used; one owner comes
// of a race between them.
func TestSetupLinkOfEachNode(t *testing.T) {
	t.Parallel()
	sa, sb := newSite(t), newSite(t)
	sa.database = pgtest.New(t)
	a := sa.serve(t)
	sb.database, sb.key = sa.database, "file:"+sa.path("master.key")
	b := sb.serve(t)
	links := []string{a.setupLink(t), b.setupLink(t)}
	for _, node := range []string{a.url, b.url} {
		for _, link := range links {
			require.Equal(t, http.StatusOK, newBrowser(t, node).get(t, "/setup?token="+url.QueryEscape(setupToken(t, link))).status)
		}
	}
	var racing sync.WaitGroup
	won := make([]int, len(links))
	for i, link := range links {
		racing.Go(func() { won[i] = newBrowser(t, strings.Split(link, "/setup")[0]).setUp(t, link, ownerPassword).status })
	}
	racing.Wait()
	require.ElementsMatch(t, []int{http.StatusSeeOther, http.StatusNotFound}, won)
	db := sa.open(t)
	require.Equal(t, 1, count(t, db, "SELECT count(*) FROM users"))
	require.Zero(t, count(t, db, "SELECT count(*) FROM setup_links"))
	a.signal(t, syscall.SIGTERM)
	b.stop(t)
	require.Zero(t, a.wait(t))
}
