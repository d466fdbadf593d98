package crashtest

import (
	"bytes"
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"maps"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/apptest/pgtest"
)

// canaries are planted secrets, in all the spellings that are looked for.
type canaries struct{ spellings map[string]string } // spelling → name

// plant makes a new secret. It is letters and digits, so JSON, URLs and HTML
// spell it alike.
func (c *canaries) plant(name string) string {
	secret := "canary" + rand.Text()
	c.add(name, secret)
	return secret
}

// add makes a canary of a secret that the program made. What it may show as a
// hint is cut off by the caller.
func (c *canaries) add(name, secret string) {
	spell := func(s string) { c.spellings[s] = name }
	spell(secret)
	spell(hex.EncodeToString([]byte(secret)))
	spell(strings.ToUpper(hex.EncodeToString([]byte(secret))))
	for shift := range 3 {
		in64 := inBase64(secret, shift)
		spell(in64)
		spell(strings.NewReplacer("+", "-", "/", "_").Replace(in64))
	}
}

// inBase64 is the part of Base64 that is the same whatever stands around the
// secret, which begins shift bytes into a group of three.
func inBase64(secret string, shift int) string {
	coded := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("\x00", shift) + secret))
	return coded[(shift*8+5)/6 : (shift+len(secret))*8/6]
}

// find names the canaries in a text.
func (c *canaries) find(text []byte) []string {
	found := map[string]bool{}
	for spelling, name := range c.spellings {
		if bytes.Contains(text, []byte(spelling)) {
			found[name] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

func (c *canaries) checkNone(t testing.TB, where string, text []byte) {
	t.Helper()
	for _, name := range c.find(text) {
		t.Errorf("%s is in %s", name, where)
	}
}

// The search must find what it looks for.
func TestCanariesAreFound(t *testing.T) {
	c := &canaries{spellings: map[string]string{}}
	secret := c.plant("it")
	require.Empty(t, c.find([]byte(strings.Repeat("a text without any", 9))))
	for _, around := range []string{"", "x", "xy", "user:"} {
		text := []byte(around + secret + around)
		for _, coded := range []string{
			string(text), hex.EncodeToString(text), base64.StdEncoding.EncodeToString(text), base64.RawURLEncoding.EncodeToString(text),
			url.QueryEscape(string(text)),
		} {
			require.Equal(t, []string{"it"}, c.find([]byte(coded)), coded)
		}
	}
}

// Promise 6, secret canary: every kind of secret is planted and used, by the
// command line, the API and the pages, in right and wrong ways. Afterwards none
// is in any page, answer, log or metric, nor in the database, its WAL included,
// in clear, Base64 or hex.
func TestSecretCanary(t *testing.T) {
	t.Parallel()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		c := newCanaryScene(t, newSite(t))
		c.play(t)
		c.p.kill() // so that the WAL stays as it is
		c.checkFiles(t)
		again := c.site.serve(t)
		again.stop(t) // and now it is folded into the database
		c.checkFiles(t)
		c.checkSaid(t, again)
	})
	t.Run("Postgres", func(t *testing.T) {
		t.Parallel()
		s := newSite(t)
		c := newCanaryScene(t, s, pgtest.New(t))
		c.play(t)
		c.p.stop(t)
		c.checkFiles(t)
		checkTables(t, c)
	})
}

// checkFiles reads every byte in the data folder but those of the key itself.
func (c *canaryScene) checkFiles(t *testing.T) {
	t.Helper()
	files := c.site.snapshot(t)
	if shm, err := os.ReadFile(c.site.path(sqliteFile + "-shm")); err == nil {
		files["shm"] = string(shm)
	}
	for name, text := range files {
		if name != "master.key" {
			c.planted.checkNone(t, "the file "+name, []byte(text))
		}
	}
	if c.site.database == "" {
		require.Contains(t, files[sqliteFile]+files[sqliteFile+"-wal"], c.webhookID, "the search reads what is stored")
	}
}

// checkTables reads every row of every table as text.
func checkTables(t *testing.T, c *canaryScene) {
	t.Helper()
	db := c.site.open(t)
	names := texts(t, db, `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'`)
	require.Contains(t, names, "webhooks")
	for _, name := range names {
		rows := strings.Join(texts(t, db, `SELECT row::text FROM `+name+` row`), "\n")
		c.planted.checkNone(t, "the table "+name, []byte(rows))
	}
	require.NotEmpty(t, texts(t, db, `SELECT delivery_id FROM attempts`))
}

func texts(t *testing.T, db *sql.DB, query string) (all []string) {
	t.Helper()
	rows, err := db.Query(query)
	require.NoError(t, err)
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var text string
		require.NoError(t, rows.Scan(&text))
		all = append(all, text)
	}
	require.NoError(t, rows.Err())
	return all
}

// checkSaid reads what a process wrote. The setup link is on standard output,
// once, as it must be.
func (c *canaryScene) checkSaid(t *testing.T, p *process) {
	t.Helper()
	out := p.stdout.String()
	if token := c.setupToken; strings.Contains(out, token) {
		require.Equal(t, 1, strings.Count(out, token))
		out = strings.ReplaceAll(out, token, "")
	}
	c.planted.checkNone(t, "standard output", []byte(out))
	c.planted.checkNone(t, "the log", []byte(p.stderr.String()))
	require.NotRegexp(t, yearOne, p.stderr.String())
	for _, line := range p.stderr.lines() {
		require.True(t, line == "" || json.Valid([]byte(line)), "no line of a JSON log: %q", line)
	}
}
