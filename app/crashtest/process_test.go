package crashtest

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// site is where a hookline keeps its things.
type site struct {
	data     string
	database string // "" = SQLite in data
	key      string // --master-key; "" = the file in data
}

func newSite(t *testing.T) site { return site{data: t.TempDir()} }

func (s site) command(args ...string) *exec.Cmd {
	if len(args) > 0 {
		args = append(args, "--data", s.data)
		if s.key != "" {
			args = append(args, "--master-key", s.key)
		}
	}
	return command(s.database, args...)
}

// command is hookline in an environment without settings but the database,
// whose address may have a password that no process list should show.
func command(database string, args ...string) *exec.Cmd {
	cmd := exec.Command(program, args...)
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "HOOKLINE_") {
			cmd.Env = append(cmd.Env, v)
		}
	}
	if database != "" {
		cmd.Env = append(cmd.Env, "HOOKLINE_DATABASE="+database)
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	return cmd
}

// process is a hookline that runs, or ran.
type process struct {
	cmd            *exec.Cmd
	stdout, stderr *output
	ended          chan struct{}
	code           int // read after ended
	url            string
}

func launch(t testing.TB, cmd *exec.Cmd) *process {
	t.Helper()
	p := &process{cmd: cmd, stdout: newOutput(), stderr: newOutput(), ended: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = p.stdout, p.stderr
	require.NoError(t, startCommand(cmd))
	go func() {
		p.code = exitCode(cmd.Wait())
		close(p.ended)
	}()
	t.Cleanup(func() {
		p.kill()
		if t.Failed() {
			lines := p.stderr.lines()
			t.Logf("the last that pid %d said (exit %d):\n%s", cmd.Process.Pid, p.code, strings.Join(lines[max(0, len(lines)-12):], ""))
		}
	})
	return p
}

// exitCode is -1 for a process that a signal ended.
func exitCode(err error) int {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit):
		return exit.ExitCode()
	}
	return -2
}

// serve starts a server on a free port and returns once it has said where.
func (s site) serve(t testing.TB, extra ...string) *process {
	t.Helper()
	p := s.tryServe(t, extra...)
	url, ok := p.stdout.line(t, "Hookline is at ", p.ended)
	require.True(t, ok, "serve ended: %s", p.stderr)
	p.url = url
	return p
}

func (s site) tryServe(t testing.TB, extra ...string) *process {
	t.Helper()
	args := []string{"serve", "--allow-http", "--allow-targets", "127.0.0.0/8", "--log-format", "json"}
	if !strings.Contains(strings.Join(extra, " "), "--listen") {
		args = append(args, "--listen", "127.0.0.1:0")
	}
	return launch(t, s.command(append(args, extra...)...))
}

// kill is kill -9, and returns when the process is gone.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	<-p.ended
}

func (p *process) signal(t testing.TB, sig syscall.Signal) {
	t.Helper()
	require.NoError(t, p.cmd.Process.Signal(sig))
}

// wait returns the exit code.
func (p *process) wait(t testing.TB) int {
	t.Helper()
	select {
	case <-p.ended:
	case <-time.After(patience):
		t.Fatal("the process does not end")
	}
	return p.code
}

// stop is SIGTERM, and insists on exit 0.
func (p *process) stop(t testing.TB) {
	t.Helper()
	p.signal(t, syscall.SIGTERM)
	require.Zero(t, p.wait(t), "SIGTERM must end in exit 0: %s", p.stderr)
}

// answered is what came of a short command.
type answered struct {
	code           int
	stdout, stderr string
}

// runCommand runs a command to its end.
func runCommand(t testing.TB, cmd *exec.Cmd, stdin string) answered {
	t.Helper()
	var out, errOut bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &out, &errOut
	require.NoError(t, startCommand(cmd))
	overdue := time.AfterFunc(patience, sync.OnceFunc(func() { _ = cmd.Process.Kill() }))
	defer overdue.Stop()
	return answered{code: exitCode(cmd.Wait()), stdout: out.String(), stderr: errOut.String()}
}

func (s site) run(t testing.TB, stdin string, args ...string) answered {
	t.Helper()
	return runCommand(t, s.command(args...), stdin)
}

// token makes an admin's API token with the command line.
func (s site) token(t testing.TB) string {
	t.Helper()
	got := s.run(t, "", "token", "add", "--name", "crashtest", "--scopes", "admin")
	require.Zero(t, got.code, got.stderr)
	return strings.TrimSpace(got.stdout)
}
