package crashtest

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const setupLine = "Set it up, once: "

// setupLink is the one-time link of a server that was just started.
func (p *process) setupLink(t testing.TB) string {
	t.Helper()
	link, ok := p.stdout.line(t, setupLine, p.ended)
	require.True(t, ok)
	return link
}

func setupToken(t testing.TB, link string) string {
	t.Helper()
	u, err := url.Parse(link)
	require.NoError(t, err)
	token := u.Query().Get("token")
	require.NotEmpty(t, token)
	return token
}

// setUp follows the link as the first owner does, and stays signed in.
func (b *browser) setUp(t testing.TB, link, password string) reply {
	t.Helper()
	u, err := url.Parse(link)
	require.NoError(t, err)
	form := b.form(t, u.RequestURI(), "/setup")
	for name, value := range map[string]string{
		"site_name": "Crash test", "site_domain": "example.com", "name": "Olive", "email": ownerEmail, "password": password,
	} {
		form.Set(name, value)
	}
	return b.post(t, "/setup", form)
}

// Web and API: first-run setup needs the link of the last start, works once, and
// once there is a user no start prints a link any more.
func TestSetupLink(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	first := s.serve(t)
	old := first.setupLink(t)
	require.True(t, strings.HasPrefix(old, first.url+"/setup?token="))
	first.stop(t)

	second := s.serve(t)
	link := second.setupLink(t)
	require.NotEqual(t, setupToken(t, old), setupToken(t, link))
	b := newBrowser(t, second.url)
	require.Equal(t, http.StatusNotFound, b.get(t, "/setup?token="+url.QueryEscape(setupToken(t, old))).status, "only the last link counts")
	require.Equal(t, http.StatusSeeOther, b.setUp(t, link, ownerPassword).status)
	require.Equal(t, http.StatusOK, b.get(t, "/webhooks").status)
	require.Equal(t, http.StatusNotFound, newBrowser(t, second.url).get(t, "/setup?token="+url.QueryEscape(setupToken(t, link))).status)
	second.stop(t)

	third := s.serve(t)
	newBrowser(t, third.url).login(t, ownerEmail, ownerPassword)
	third.stop(t)
	require.NotContains(t, third.stdout.String(), "setup")
	for _, p := range []*process{first, second, third} {
		require.NotContains(t, p.stderr.String(), setupToken(t, link), "the link is on standard output alone")
	}
}

// interface.md: the data folder is for this user alone, and so is each file in
// it, in a folder that was there before too and after an older version.
func TestDataIsPrivate(t *testing.T) {
	t.Parallel()
	made := site{data: t.TempDir() + "/new/folder"}
	made.serve(t).stop(t)
	info, err := os.Stat(made.data)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o700), info.Mode().Perm())

	open := newSite(t)
	require.NoError(t, os.Chmod(open.data, 0o755))
	for range 2 {
		p := open.serve(t)
		newAPI(t, p.url, open.token(t)).publish(t, "event")
		files := open.snapshot(t)
		require.Contains(t, files, sqliteFile+"-wal")
		checkPrivate(t, open, files)
		p.kill() // leaves WAL and index there
		for name := range files {
			require.NoError(t, os.Chmod(open.path(name), 0o644))
		}
		require.NoError(t, os.Chmod(open.path("master.key"), 0o600))
		require.NoError(t, os.Chmod(open.path(sqliteFile+".lock"), 0o600))
	}
}

func checkPrivate(t *testing.T, s site, files map[string]string) {
	t.Helper()
	for name := range files {
		info, err := os.Stat(s.path(name))
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm(), name)
	}
}

// A key file as Docker and Kubernetes mount it is taken; where others could read
// it and a chmod would end that, the log says so.
func TestKeyFileOfASecretMount(t *testing.T) {
	t.Parallel()
	s := usedSite(t)
	key := filepath.Join(t.TempDir(), "..data")
	require.NoError(t, os.Rename(s.path("master.key"), key))
	link := filepath.Join(t.TempDir(), "key")
	require.NoError(t, os.Symlink(key, link))
	s.key = "file:" + link
	for mode, warned := range map[os.FileMode]bool{0o400: false, 0o600: false, 0o440: true, 0o444: true, 0o640: true, 0o644: true, 0o666: true} {
		require.NoError(t, os.Chmod(key, mode))
		p := s.serve(t)
		p.stop(t)
		require.Equal(t, warned, strings.Contains(p.stderr.String(), "chmod 600 "+link), "%o: %s", mode, p.stderr)
	}
}

// An empty variable is one that is not set, as compose files and charts write it.
func TestEmptyVariables(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	help := s.run(t, "", "serve", "--help").stdout
	names := regexp.MustCompile(`\$(HOOKLINE_[A-Z_]+)`).FindAllStringSubmatch(help, -1)
	require.Greater(t, len(names), 10)
	cmd := s.command("serve", "--listen", "127.0.0.1:0")
	for _, name := range names {
		if name[1] != "HOOKLINE_DATA" && name[1] != "HOOKLINE_LISTEN" {
			cmd.Env = append(cmd.Env, name[1]+"=")
		}
	}
	p := launch(t, cmd)
	_, ok := p.stdout.line(t, "Hookline is at ", p.ended)
	require.True(t, ok, "serve ended: %s", p.stderr)
	p.stop(t)
}
