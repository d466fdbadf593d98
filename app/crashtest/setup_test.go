package crashtest

import (
	"net/http"
	"net/url"
	"os"
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

// interface.md: the data folder is for this user alone, and so is the key.
func TestDataFolderIsPrivate(t *testing.T) {
	t.Parallel()
	s := site{data: t.TempDir() + "/new/folder"}
	s.serve(t).stop(t)
	for name, mode := range map[string]os.FileMode{"": 0o700, "master.key": 0o600} {
		info, err := os.Stat(s.path(name))
		require.NoError(t, err)
		require.Equal(t, mode, info.Mode().Perm(), name)
	}
}
