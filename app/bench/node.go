package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// tokenScopes is everything: the bench publishes, creates webhooks and reads the log.
const tokenScopes = "admin,events:write,events:read,webhooks:read,webhooks:write,deliveries:read,deliveries:write"

// nodeConfig says how a hookline process is started.
type nodeConfig struct {
	binary    string
	data      string // --data
	database  string // --database, empty for the SQLite file in data
	masterKey string // --master-key, empty for the file in data
}

// node is a running hookline process.
type node struct {
	nodeConfig
	*process
	addr    string
	token   string
	logPath string
	started time.Time     // just before the process was created
	ready   time.Duration // from then to the first 200 of /readyz
}

// startNode starts hookline and waits until it is ready.
func startNode(ctx context.Context, c nodeConfig) (*node, error) {
	addr, err := freeAddress()
	if err != nil {
		return nil, err
	}
	n := &node{nodeConfig: c, addr: addr, logPath: filepath.Join(c.data, "bench-serve.log")}
	if err := os.MkdirAll(c.data, 0o700); err != nil {
		return nil, err
	}
	out, err := os.OpenFile(n.logPath, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer func() { _ = out.Close() }()
	cmd := c.command("serve", "--allow-http", "--allow-targets", "127.0.0.0/8", "--listen", addr, "--log-format", "json")
	cmd.Stdout, cmd.Stderr = out, out
	n.started = time.Now()
	if n.process, err = startProcess("hookline", cmd); err != nil {
		return nil, err
	}
	if err := n.awaitReady(ctx, addr, 30*time.Second); err != nil {
		return nil, errors.Join(err, n.stop(time.Second), n.logTail())
	}
	n.ready = time.Since(n.started)
	return n, nil
}

// command is hookline with the flags that say where its data is. The database's password goes
// by environment, not by command line; other HOOKLINE_ variables of the caller must not change what is measured.
func (c nodeConfig) command(args ...string) *exec.Cmd {
	args = append(args, "--data", c.data)
	if c.masterKey != "" {
		args = append(args, "--master-key", c.masterKey)
	}
	cmd := exec.Command(c.binary, args...)
	cmd.Dir = c.data
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "HOOKLINE_") {
			cmd.Env = append(cmd.Env, v)
		}
	}
	if c.database != "" {
		cmd.Env = append(cmd.Env, "HOOKLINE_DATABASE="+c.database)
	}
	return cmd
}

// freeAddress finds a port that was free a moment ago.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String(), nil
}

// awaitReady waits for the first 200 of /readyz.
func (p *process) awaitReady(ctx context.Context, addr string, limit time.Duration) error {
	client := &http.Client{Timeout: time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	for deadline := time.Now().Add(limit); time.Now().Before(deadline); {
		res, err := client.Get("http://" + addr + "/readyz")
		if err == nil {
			_ = res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return nil
			}
		}
		if p.ended() {
			return fmt.Errorf("%s ended: %w", p.name, p.err)
		}
		if err := sleep(ctx, time.Millisecond); err != nil {
			return err
		}
	}
	return fmt.Errorf("%s was not ready within %s", p.name, limit)
}

// logTail is the end of what serve printed, as an error to join to another.
func (n *node) logTail() error {
	b, err := os.ReadFile(n.logPath)
	if err != nil {
		return err
	}
	lines := bytes.Split(bytes.TrimSpace(b), []byte("\n"))
	const some = 20
	return fmt.Errorf("the last it said:\n%s", bytes.Join(lines[max(len(lines)-some, 0):], []byte("\n")))
}

// makeToken creates an API token beside the running process.
func (n *node) makeToken(ctx context.Context) error {
	out, err := runCommand(ctx, n.command("token", "add", "--name", "bench", "--scopes", tokenScopes))
	if err != nil {
		return err
	}
	n.token = strings.TrimSpace(out)
	if n.token == "" || strings.ContainsAny(n.token, " \n") {
		return fmt.Errorf("hookline token add printed %q, not a token alone", out)
	}
	return nil
}

// restart stops the node in order and starts it on the same data.
func (n *node) restart(ctx context.Context) (*node, error) {
	if err := n.shutdown(); err != nil {
		return nil, err
	}
	return n.startAgain(ctx)
}

// startAgain starts a stopped node on the same data.
func (n *node) startAgain(ctx context.Context) (*node, error) {
	again, err := startNode(ctx, n.nodeConfig)
	if err != nil {
		return nil, err
	}
	again.token = n.token
	return again, nil
}

// shutdown is SIGTERM and the promised 15 s, with a little on top.
func (n *node) shutdown() error {
	if n.ended() {
		return nil
	}
	if err := n.stop(20 * time.Second); err != nil {
		return fmt.Errorf("hookline did not stop in order: %w", err)
	}
	return nil
}

// kill ends the process at once: its data is not needed any more.
func (p *process) kill() {
	p.signal(syscall.SIGKILL)
	_ = p.wait(time.Second)
}

func (n *node) ingest() ingest { return ingest{addr: n.addr, token: n.token} }
