package secret

import (
	"bytes"
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/mac"
)

func TestLoadMakesTheKeyFileOnFirstStart(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "deep", "data")
	first, err := Load("", dir, true)
	require.NoError(t, err)

	info, err := os.Stat(dir)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o700), info.Mode().Perm())
	info, err = os.Stat(filepath.Join(dir, KeyFile))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, left, 1, "no temporary file is left")

	for _, create := range []bool{true, false} {
		again, err := Load("", dir, create)
		require.NoError(t, err)
		requireSameKey(t, first, again)
	}
	named, err := Load("file:"+filepath.Join(dir, KeyFile), t.TempDir(), false)
	require.NoError(t, err)
	requireSameKey(t, first, named)
}

func requireSameKey(t *testing.T, a, b *Box) {
	t.Helper()
	probe, err := a.NewProbe()
	require.NoError(t, err)
	require.NoError(t, b.CheckProbe(probe))
}

// Without a key and without leave to make one, nothing is made: the caller says
// what that means for its database (promise 8).
func TestLoadWithoutKey(t *testing.T) {
	dir := t.TempDir()
	missing := filepath.Join(dir, "absent.key")
	for _, load := range []func() (*Box, error){
		func() (*Box, error) { return Load("", dir, false) },
		func() (*Box, error) { return Load("file:"+missing, dir, false) },
		func() (*Box, error) { return Load("file:"+missing, dir, true) },
	} {
		_, err := load()
		require.ErrorIs(t, err, ErrNoKey)
		left, err := os.ReadDir(dir)
		require.NoError(t, err)
		require.Empty(t, left)
	}
	_, err := Load("file:"+missing, dir, false)
	require.EqualError(t, err, "there is no master key: "+missing+" does not exist")
}

// Two processes that start at the same moment end up with one key.
func TestLoadRace(t *testing.T) {
	dir := t.TempDir()
	boxes := make([]*Box, 16)
	errs := make([]error, len(boxes))
	var start, done sync.WaitGroup
	start.Add(1)
	for i := range boxes {
		done.Go(func() {
			start.Wait()
			boxes[i], errs[i] = Load("", dir, true)
		})
	}
	start.Done()
	done.Wait()
	for i := range boxes {
		require.NoError(t, errs[i])
		requireSameKey(t, boxes[0], boxes[i])
	}
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, left, 1)
}

// A folder that cannot be made is an error for the operator, not a start
// without a key.
func TestLoadWhereNoFolderCanBe(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	_, err := Load("", filepath.Join(file, "data"), true)
	require.ErrorContains(t, err, "not a directory")
	require.NotErrorIs(t, err, ErrNoKey)
	require.ErrorContains(t, writeOnce(filepath.Join(file, "data", KeyFile), "text"), "not a directory")
}

func TestWriteOnceNeverOverwrites(t *testing.T) {
	path := filepath.Join(t.TempDir(), KeyFile)
	require.NoError(t, os.WriteFile(path, []byte("mine"), 0o600))
	require.NoError(t, writeOnce(path, "other"))
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "mine", string(text))
}

// Docker mounts secrets 0444, Kubernetes 0440 or 0644: they are taken, and named
// to the operator where a chmod helps.
func TestKeyFileOthersCanRead(t *testing.T) {
	dir := t.TempDir()
	_, err := Load("", dir, true)
	require.NoError(t, err)
	path := filepath.Join(dir, KeyFile)
	require.Empty(t, Exposed("", dir))
	for _, mode := range []os.FileMode{0o440, 0o444, 0o640, 0o604, 0o620, 0o644, 0o777} {
		require.NoError(t, os.Chmod(path, mode))
		for _, ref := range []string{"", "file:" + path, " file:" + path + "\n"} {
			_, err := Load(ref, dir, true)
			require.NoError(t, err)
			require.Equal(t, "the master key file can be read by other users of this machine: run chmod 600 "+path, Exposed(ref, dir))
		}
		info, err := os.Stat(path)
		require.NoError(t, err)
		require.Equal(t, mode, info.Mode().Perm(), "only the operator changes it")
	}
	require.NoError(t, os.Chmod(path, 0o400))
	require.Empty(t, Exposed("", dir))
	require.Empty(t, Exposed("AAAA", dir), "a key that is no file")
	require.Empty(t, Exposed("file:/proc/self/status", dir), "no chmod is possible there")
}

func TestLoadRefusesAFolder(t *testing.T) {
	dir := t.TempDir()
	_, err := Load("file:"+dir, "", false)
	require.EqualError(t, err, "the master key "+dir+" is not a file")
}

// A key is taken in every shape that a secret store or a terminal gives it.
func TestLoadTakesTheKeyAsText(t *testing.T) {
	text, err := newKey()
	require.NoError(t, err)
	ring, err := decode(text)
	require.NoError(t, err)
	box, err := newBox(ring)
	require.NoError(t, err)
	raw, err := base64.StdEncoding.DecodeString(text)
	require.NoError(t, err)
	var asJSON bytes.Buffer
	require.NoError(t, insecurecleartextkeyset.Write(ring, keyset.NewJSONWriter(&asJSON)))

	for name, ref := range map[string]string{
		"binary":      text,
		"line breaks": text[:20] + "\n" + text[20:] + "\r\n",
		"unpadded":    strings.TrimRight(text, "="),
		"URL-safe":    base64.RawURLEncoding.EncodeToString(raw),
		"JSON":        base64.StdEncoding.EncodeToString(asJSON.Bytes()),
	} {
		again, err := Load(ref, "", false)
		require.NoError(t, err, name)
		requireSameKey(t, box, again)
	}
}

func TestLoadRefusesWhatIsNoKey(t *testing.T) {
	text, err := newKey()
	require.NoError(t, err)
	macRing, err := keyset.NewHandle(mac.HMACSHA256Tag256KeyTemplate())
	require.NoError(t, err)
	macText, err := encode(macRing)
	require.NoError(t, err)

	const notBase64 = "the master key is not valid base64 text; to name a file, write file:PATH"
	const notKeySet = "the master key is valid base64 but no tink key set; it may be cut short"
	for _, tc := range []struct{ ref, want string }{
		{"/etc/hookline.key", notBase64},
		{"not a key!", notBase64},
		{"====", notBase64},
		{"aGVsbG8gd29ybGQ", notKeySet},
		{text[:len(text)/2/4*4], notKeySet},
		{macText, "the master key is no key set for sealing (tink AEAD)"},
	} {
		_, err := Load(tc.ref, "", false)
		require.EqualError(t, err, tc.want)
	}

	empty := filepath.Join(t.TempDir(), "empty.key")
	require.NoError(t, os.WriteFile(empty, nil, 0o600))
	_, err = Load("file:"+empty, "", true)
	require.EqualError(t, err, notBase64, "an empty key file is not a missing one")
}
