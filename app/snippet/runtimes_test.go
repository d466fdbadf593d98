package snippet_test

import (
	"bufio"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/snippet"
)

// runtime runs the snippets of one language. A machine without one that must be
// there fails; the others run where they are found.
type runtime struct {
	language, command string
	must              bool
	// start is the command that serves the file, as its words.
	start func(t *testing.T, file string) []string
}

var runtimes = []runtime{
	{"go", "go", true, func(t *testing.T, file string) []string {
		binary := file + ".bin" // go run would leave it behind when it is ended
		build := exec.CommandContext(t.Context(), "go", "build", "-o", binary, file)
		build.Dir = filepath.Dir(file)
		out, err := build.CombinedOutput()
		require.NoError(t, err, "%s", out)
		return []string{binary}
	}},
	{"node", "node", true, func(_ *testing.T, file string) []string { return []string{"node", file} }},
	{"python", "python3", true, func(_ *testing.T, file string) []string { return []string{"python3", file} }},
	{"php", "php", false, func(t *testing.T, file string) []string { return []string{"php", "-S", freeAddress(t), file} }},
	{"ruby", "ruby", false, func(t *testing.T, file string) []string {
		runner, err := filepath.Abs("testdata/rack.rb")
		require.NoError(t, err)
		return []string{"ruby", runner, file}
	}},
}

// found are the runtimes of this machine.
func found(t *testing.T) (list []runtime) {
	t.Helper()
	for _, r := range runtimes {
		_, err := exec.LookPath(r.command)
		if r.must {
			require.NoError(t, err, "the tests need %s", r.command)
		}
		if err != nil {
			t.Logf("%s is not on this machine: its snippets are not run here", r.command)
			continue
		}
		list = append(list, r)
	}
	return list
}

// freeAddress is for PHP, whose server does not tell which port it chose.
func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { _ = listener.Close() }()
	return listener.Addr().String()
}

var announced = regexp.MustCompile(`http://127\.0\.0\.1:\d+`)

// ready is the command that starts a snippet with the keys it is to accept.
func (r runtime) ready(t *testing.T, s snippet.Snippet, keys ...string) *exec.Cmd {
	t.Helper()
	file := filepath.Join(t.TempDir(), s.File)
	require.NoError(t, os.WriteFile(file, []byte(s.Code), 0o600))
	words := r.start(t, file)
	cmd := exec.CommandContext(t.Context(), words[0], words[1:]...)
	cmd.Dir = filepath.Dir(file)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"), "PORT=0"}
	for i, key := range keys {
		cmd.Env = append(cmd.Env, []string{"WEBHOOK_SECRET", "WEBHOOK_SECRET_2"}[i]+"="+key)
	}
	return cmd
}

// serve starts a snippet with the keys it is to accept, and returns its URL.
func (r runtime) serve(t *testing.T, s snippet.Snippet, keys ...string) string {
	t.Helper()
	cmd := r.ready(t, s, keys...)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	cmd.Stderr = cmd.Stdout
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { // the test's context has ended it
		_, _ = io.Copy(io.Discard, out)
		_ = cmd.Wait()
	})
	lines := bufio.NewReader(out)
	for said := ""; ; {
		line, err := lines.ReadString('\n')
		said += line
		if url := announced.FindString(line); url != "" {
			go func() { _, _ = io.Copy(io.Discard, lines) }() // or it would wait to write
			return url
		}
		require.NoError(t, err, "%s said: %s", r.language, said)
	}
}
