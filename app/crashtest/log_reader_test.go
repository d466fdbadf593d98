package crashtest

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// pipeOutput is a pipe for a server to write to. Its reading end is the test's.
func pipeOutput(t *testing.T) (reader, writer *os.File) {
	t.Helper()
	reader, writer, err := os.Pipe()
	require.NoError(t, err)
	t.Cleanup(func() { _ = reader.Close(); _ = writer.Close() })
	return reader, writer
}

// stalledOutput is a pipe that is full already and that nobody reads.
func stalledOutput(t *testing.T) (reader, writer *os.File) {
	t.Helper()
	reader, writer = pipeOutput(t)
	require.NoError(t, writer.SetWriteDeadline(time.Now().Add(50*time.Millisecond)))
	_, err := writer.Write(bytes.Repeat([]byte("#"), 4<<20))
	require.ErrorIs(t, err, os.ErrDeadlineExceeded)
	return reader, writer
}

// goneOutput is a pipe whose reader has gone.
func goneOutput(t *testing.T) (reader, writer *os.File) {
	t.Helper()
	reader, writer = pipeOutput(t)
	require.NoError(t, reader.Close())
	return reader, writer
}

// serveInto starts a server that writes into these files; its address cannot be
// read from its output, so it has a port that was free a moment ago.
func (s site) serveInto(t *testing.T, stdout, stderr *os.File) *process {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	listen := free.Addr().String()
	require.NoError(t, free.Close())
	cmd := s.command("serve", "--allow-http", "--allow-targets", "127.0.0.0/8", "--log-format", "json", "--listen", listen)
	cmd.Stdout, cmd.Stderr = stdout, stderr
	p := &process{cmd: cmd, stdout: newOutput(), stderr: newOutput(), ended: make(chan struct{}), url: "http://" + listen}
	require.NoError(t, startCommand(cmd))
	go func() {
		p.code = exitCode(cmd.Wait())
		close(p.ended)
	}()
	t.Cleanup(p.kill)
	client := newClient()
	t.Cleanup(client.CloseIdleConnections)
	eventually(t, "the server is ready", func() bool {
		require.False(t, isClosed(p.ended), "serve ended: %d", p.code)
		r, err := api{url: p.url, client: client}.call(http.MethodGet, "/readyz", nil)
		return err == nil && r.status == http.StatusOK
	})
	return p
}

// deliver1200 publishes 1,200 events and returns once each has arrived.
func deliver1200(t *testing.T, a api) {
	t.Helper()
	r := newReceiver(t, nil)
	a.addWebhook(t, "Receiver", r.url, nil)
	var ids []string
	for batch := range 60 {
		var events []map[string]any
		for i := range 20 {
			id := fmt.Sprintf("event-%d-%d", batch, i)
			ids = append(ids, id)
			events = append(events, map[string]any{"type": eventType, "id": id, "data": map[string]any{"n": i}})
		}
		a.must(t, http.StatusAccepted, http.MethodPost, "/api/v1/events/batch", map[string]any{"events": events}, nil)
	}
	r.await(t, ids)
}

// A reader of the output that stalls or goes away stops nothing: 1,200 of 1,200
// events are delivered, and SIGTERM ends in exit 0.
func TestOutputWithoutReader(t *testing.T) {
	t.Parallel()
	open := func(t *testing.T) (*os.File, *os.File) {
		reader, writer := pipeOutput(t)
		go func() { _, _ = io.Copy(io.Discard, reader) }()
		return reader, writer
	}
	for name, c := range map[string]struct {
		stdout, stderr func(*testing.T) (*os.File, *os.File)
	}{
		"standard error stalls":     {open, stalledOutput},
		"standard output stalls":    {stalledOutput, open},
		"both stall":                {stalledOutput, stalledOutput},
		"standard error is closed":  {open, goneOutput},
		"standard output is closed": {goneOutput, open},
		"both are closed":           {goneOutput, goneOutput},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			_, stdout := c.stdout(t)
			_, stderr := c.stderr(t)
			p := s.serveInto(t, stdout, stderr)
			deliver1200(t, newAPI(t, p.url, s.token(t)))
			p.signal(t, syscall.SIGTERM)
			awaitExit(t, p, time.Now())
		})
	}
}

// A reader that goes away later, and one that comes back: it gets whole lines,
// and one that says how many it has missed, as the metrics do.
func TestOutputReaderComesBack(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, stdout := pipeOutput(t)
	reader, stderr := stalledOutput(t)
	p := s.serveInto(t, stdout, stderr)
	a := newAPI(t, p.url, s.token(t))
	deliver1200(t, a)
	page := "/nothing" + strings.Repeat("/here", 4000)
	eventually(t, "lines are dropped", func() bool {
		for range 20 {
			_, err := a.call(http.MethodGet, page, nil) // in the access log, path and all
			require.NoError(t, err)
		}
		return gauge(t, a, "hookline_log_lines_dropped_total") > 0
	})
	back := newOutput()
	go func() { _, _ = io.Copy(back, reader) }()
	_, ok := back.line(t, `"msg":"log lines were dropped because nobody read them","lines":`, p.ended)
	require.True(t, ok)
	p.signal(t, syscall.SIGTERM)
	awaitExit(t, p, time.Now())
	require.Equal(t, 1, strings.Count(back.String(), "lines were dropped"))
	for _, line := range strings.Split(strings.TrimLeft(back.String(), "#"), "\n") {
		require.True(t, line == "" || (strings.HasPrefix(line, "{") && strings.HasSuffix(line, "}")), "%.300s", line)
	}
}

// A crash ends the process though nobody reads what it says: a server that hangs
// in it would not be started again. SIGQUIT writes the same way as a panic.
func TestCrashWithoutReader(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, stdout := pipeOutput(t)
	_, stderr := stalledOutput(t)
	p := s.serveInto(t, stdout, stderr)
	p.signal(t, syscall.SIGQUIT)
	require.Equal(t, 2, p.wait(t))
}
