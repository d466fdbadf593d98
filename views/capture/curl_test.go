package capture

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/models"
)

// B4: whoever knows a capture URL chooses what stands in the command, and somebody
// else pastes it: it runs nothing, reads no file, and sends the very bytes.
func TestB4_CurlOfAStrangersRequestIsHarmless(t *testing.T) {
	type received struct {
		body   string
		header http.Header
	}
	arrived := make(chan received, 1)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		arrived <- received{string(body), r.Header}
	}))
	defer server.Close()
	dir := t.TempDir()
	file := filepath.Join(dir, "private")
	require.NoError(t, os.WriteFile(file, []byte("private"), 0o600))
	for _, body := range []string{
		"@" + file, "\x01';touch pwned;#", "\x01\\';touch pwned;#", "'\n;touch pwned\n#", "$(touch pwned)`touch pwned`", "a\x00b'\xff", "\u009b0m\u202e",
	} {
		for _, shell := range []string{"bash", "sh"} {
			command := curl(server.URL+"/in?x={a,b}[1-2]&y='$(touch${IFS}pwned)", models.Captured{
				Method: "POST", Body: []byte(body), Headers: []models.HeaderLine{{Name: "X-Odd", Value: "a\xff';touch pwned;#"}, {Name: "X-Stars", Value: "*** $HOME"}, {Name: "X-Empty"}},
			})
			require.NotContains(t, command, "\u009b")
			require.NotContains(t, command, "\u202e")
			cmd := exec.CommandContext(t.Context(), shell, "-c", command)
			cmd.Dir = dir
			out, err := cmd.CombinedOutput()
			require.NoFileExists(t, filepath.Join(dir, "pwned"), "%s: %s", shell, command)
			require.NoError(t, err, "%s\n%s", command, out)
			got := <-arrived
			require.Equal(t, body, got.body, "%s: %s", shell, command)
			require.Equal(t, "*** $HOME", got.header.Get("X-Stars"))
			require.Equal(t, []string{""}, got.header["X-Empty"])
		}
	}
}
