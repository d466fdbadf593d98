package crashtest

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// interface.md: hookline alone prints help.
func TestHelp(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, args := range [][]string{{}, {"--help"}} {
		got := runCommand(t, command("", args...), "")
		require.Zero(t, got.code)
		require.Empty(t, got.stderr)
		for _, word := range []string{"Usage: hookline", "serve", "migrate", "user", "token"} {
			require.Contains(t, got.stdout, word)
		}
	}
	got := s.run(t, "", "serve", "--help")
	require.Zero(t, got.code)
	for _, flag := range []string{"--listen", "--database", "--data", "--master-key", "--base-url", "--allow-http", "--allow-targets",
		"--trusted-proxies", "--workers", "--log-format", "HOOKLINE_LISTEN", "HOOKLINE_MASTER_KEY"} {
		require.Contains(t, got.stdout, flag)
	}
	require.Empty(t, s.snapshot(t))
}

// interface.md: wrong usage is exit 2, and nothing is made.
func TestWrongUsage(t *testing.T) {
	t.Parallel()
	for _, args := range []string{
		"fly", "serve --nope", "serve --workers none", "serve --workers 0", "serve --listen nowhere", "serve --log-format xml",
		"serve --allow-targets everywhere", "serve --base-url ftp://x", "serve --database mysql://x",
		"token add", "token add --name x", "token add --name x --scopes admin --expires never", "user add --email a@example.com",
		"user add --email a@example.com --name A --role king", "token",
	} {
		s := newSite(t)
		got := s.run(t, "", strings.Fields(args)...)
		require.Equal(t, 2, got.code, "%s: %s", args, got.stderr)
		require.Empty(t, got.stdout, args)
		require.True(t, strings.HasPrefix(got.stderr, "hookline: "), "%s: %s", args, got.stderr)
		require.Empty(t, s.snapshot(t), args)
	}
}

// interface.md: token add prints the token alone, beside a running server, which
// takes it at once, and before there is one.
func TestTokenAdd(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	before := s.token(t)
	p := s.serve(t)
	got := s.run(t, "", "token", "add", "--name", "CI", "--scopes", "events:write, deliveries:read", "--scopes", " events:read ", "--expires", "90d")
	require.Zero(t, got.code)
	require.Empty(t, got.stderr)
	require.Regexp(t, regexp.MustCompile(`^hl_[A-Za-z0-9_-]{20,}\n$`), got.stdout)
	newAPI(t, p.url, before).must(t, http.StatusOK, http.MethodGet, "/api/v1/webhooks", nil, nil)
	a := newAPI(t, p.url, strings.TrimSpace(got.stdout))
	a.publish(t, "by-new-token")
	a.must(t, http.StatusForbidden, http.MethodGet, "/api/v1/webhooks", nil, nil)

	got = s.run(t, "", "token", "add", "--name", "x", "--scopes", "events:fly")
	require.Equal(t, 1, got.code)
	require.Empty(t, got.stdout)
	checkSentence(t, got.stderr, "events:fly")
	p.stop(t)
}

// interface.md: user add reads the password from standard input, and never
// repeats it.
func TestUserAdd(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	p := s.serve(t)
	s.addOwner(t)
	b := newBrowser(t, p.url)
	b.login(t, ownerEmail, ownerPassword)
	require.Equal(t, http.StatusOK, b.get(t, "/webhooks").status)

	add := func(password, email string) answered {
		got := s.run(t, password, "user", "add", "--email", email, "--name", "Ann", "--role", "member")
		require.NotContains(t, got.stdout+got.stderr, "hunter2")
		return got
	}
	for name, got := range map[string]answered{
		"too short":    add("hunter2\n", "ann@example.com"),
		"nothing":      add("", "ann@example.com"),
		"there is one": add("hunter2 hunter2 hunter2\n", ownerEmail),
		"no address":   add("hunter2 hunter2 hunter2\n", "nobody"),
	} {
		require.Equal(t, 1, got.code, name)
		require.Empty(t, got.stdout, name)
		checkSentence(t, got.stderr)
	}
	require.Zero(t, add("hunter2 hunter2 hunter2", "ann@example.com").code, "a last line without an end counts")
	p.stop(t)
}

// interface.md: migrate makes the database, says so, and changes nothing when
// it is run again.
func TestMigrate(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	refused := s.tryServe(t, "--no-migrate")
	checkRefused(t, refused, "cannot open the database")
	require.Zero(t, s.run(t, "", "migrate").code)
	before := s.snapshot(t)
	require.Contains(t, before, sqliteFile)
	require.Contains(t, before, "master.key")
	require.Zero(t, s.run(t, "", "migrate").code)
	checkUnchanged(t, before, s.snapshot(t))
	s.serve(t, "--no-migrate").stop(t)
}
