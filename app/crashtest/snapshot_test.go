package crashtest

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// snapshot is every file of a data folder, but for the index of SQLite's WAL,
// which is made anew by whoever opens the database and holds nothing.
func (s site) snapshot(t testing.TB) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(s.data, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, "-shm") {
			return err
		}
		text, err := os.ReadFile(path)
		files[filepath.Base(path)] = string(text)
		return err
	})
	require.NoError(t, err)
	return files
}

// checkUnchanged compares files without printing databases.
func checkUnchanged(t testing.TB, before, after map[string]string) {
	t.Helper()
	for name, text := range after {
		old, known := before[name]
		switch {
		case !known && text == "":
			// an empty file, such as the lock or a WAL that was opened, says nothing
		case !known:
			t.Errorf("%s was made", name)
		case old != text:
			t.Errorf("%s was changed", name)
		}
	}
	for name, text := range before {
		if _, there := after[name]; !there && text != "" {
			t.Errorf("%s was removed", name)
		}
	}
}

// usedSite is a data folder in which a server has run and stopped, with an owner,
// a webhook and an event.
func usedSite(t *testing.T) site {
	t.Helper()
	s := newSite(t)
	s.use(t)
	return s
}

func (s site) use(t *testing.T) {
	t.Helper()
	p := s.serve(t)
	s.addOwner(t)
	a := newAPI(t, p.url, s.token(t))
	r := newReceiver(t, nil)
	a.addWebhook(t, "Receiver", r.url, nil)
	a.publish(t, "used")
	r.await(t, []string{"used"})
	awaitIdle(t, a)
	p.stop(t)
}

const (
	ownerEmail    = "owner@example.com"
	ownerPassword = "a few random words"
)

func (s site) addOwner(t testing.TB) {
	t.Helper()
	got := s.run(t, ownerPassword+"\n", "user", "add", "--email", ownerEmail, "--name", "Olive", "--role", "owner")
	require.Zero(t, got.code, got.stderr)
}
