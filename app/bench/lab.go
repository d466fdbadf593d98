package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// lab is what the figures work with: the binary, the receiver, the null engine, the generator, and a place for data.
type lab struct {
	plan     plan
	binary   string
	dir      string
	gen      generator
	receiver receiverClient
	null     ingest
	table    table
	progress io.Writer

	nodes   int
	closers []func() error // run last to first
}

// openLab builds the binary if none is given and starts the helper processes. Close it also after an error.
func openLab(ctx context.Context, parent, binary string, p plan, progress io.Writer) (*lab, error) {
	l := &lab{plan: p, progress: progress}
	dir, err := os.MkdirTemp(parent, "hookline-bench-")
	if err != nil {
		return l, err
	}
	l.dir = dir
	l.closers = append(l.closers, func() error { return os.RemoveAll(dir) })
	// The throwaway PostgreSQL runs as another user and must be able to pass through.
	if err := os.Chmod(dir, 0o711); err != nil {
		return l, err
	}
	if l.binary, err = filepath.Abs(binary); binary == "" {
		l.binary, err = buildHookline(ctx, dir)
	}
	if err != nil {
		return l, err
	}
	return l, l.startHelpers()
}

func buildHookline(ctx context.Context, dir string) (string, error) {
	binary := filepath.Join(dir, "hookline")
	root, err := runCommand(ctx, exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}"))
	if err != nil {
		return "", fmt.Errorf("find the module: %w", err)
	}
	cmd := exec.CommandContext(ctx, "go", "build", "-o", binary, ".")
	cmd.Dir = filepath.Clean(trimLine(root))
	if _, err := runCommand(ctx, cmd); err != nil {
		return "", err
	}
	return binary, nil
}

func trimLine(s string) string {
	for len(s) > 0 && (s[len(s)-1] == '\n' || s[len(s)-1] == '\r') {
		s = s[:len(s)-1]
	}
	return s
}

func (l *lab) startHelpers() error {
	p, a, err := startHelper(receiverCommand)
	if err != nil {
		return err
	}
	l.closers = append(l.closers, p.closeHelper)
	l.receiver = receiverClient{hooks: a.Serve, other: a.Other, control: a.Control}
	p, a, err = startHelper(nullCommand, hookURL(l.receiver.hooks, 0))
	if err != nil {
		return err
	}
	l.closers = append(l.closers, p.closeHelper)
	l.null = ingest{addr: a.Serve}
	return nil
}

// closeHelper ends a helper the way it expects: its standard input ends.
func (p *process) closeHelper() error {
	_ = p.stdin.Close()
	return p.wait(5 * time.Second)
}

// close ends every process and removes every file.
func (l *lab) close() error {
	var errs []error
	for len(l.closers) > 0 {
		last := len(l.closers) - 1
		errs = append(errs, l.closers[last]())
		l.closers = l.closers[:last]
	}
	return errors.Join(errs...)
}

func (l *lab) say(format string, args ...any) {
	_, _ = fmt.Fprintf(l.progress, format+"\n", args...)
}

// freshDir is a new data folder.
func (l *lab) freshDir() string {
	l.nodes++
	return filepath.Join(l.dir, fmt.Sprintf("data-%d", l.nodes))
}

// freshNode starts hookline on a fresh database: SQLite, or the PostgreSQL one given. It has a token and both event types.
func (l *lab) freshNode(ctx context.Context, database string) (*node, error) {
	n, err := startNode(ctx, nodeConfig{binary: l.binary, data: l.freshDir(), database: database})
	if err != nil {
		return nil, err
	}
	err = n.makeToken(ctx)
	if err == nil {
		err = n.ensureEventType(ctx, mainType, "releases")
	}
	if err == nil {
		err = n.ensureEventType(ctx, otherType, "approvals")
	}
	if err != nil {
		err = errors.Join(err, n.logTail())
		n.kill()
		return nil, err
	}
	return n, nil
}

// freshNodeWithWebhook has one webhook too, to a receiver that waits for delay.
func (l *lab) freshNodeWithWebhook(ctx context.Context, database string, delay time.Duration) (*node, error) {
	n, err := l.freshNode(ctx, database)
	if err != nil {
		return nil, err
	}
	err = n.addWebhook(ctx, "Measured", hookURL(l.receiver.hooks, delay), mainType)
	if err != nil {
		n.kill()
		return nil, err
	}
	return n, nil
}

// warmNode is a fresh node with a webhook, warmed up.
func (l *lab) warmNode(ctx context.Context) (*node, error) {
	n, err := l.freshNodeWithWebhook(ctx, "", 0)
	if err != nil {
		return nil, err
	}
	if err := l.warmUp(ctx, n); err != nil {
		n.kill()
		return nil, err
	}
	return n, nil
}

// warmUp opens connections and fills caches, so that the first round is like the others.
func (l *lab) warmUp(ctx context.Context, n *node) error {
	for _, to := range []ingest{l.null, n.ingest()} {
		if _, _, err := l.floodAndAwait(ctx, 64, l.plan.warmUp, to); err != nil {
			return err
		}
	}
	return nil
}

// floodAndAwait floods the ingests, waits until every event has been received, and returns how many a second that were,
// from the first byte sent to the last receipt.
func (l *lab) floodAndAwait(ctx context.Context, conns int, lasting time.Duration, to ...ingest) (burst, float64, error) {
	b, err := l.gen.flood(ctx, conns, lasting, to...)
	if err != nil {
		return b, 0, err
	}
	t, err := l.receiver.await(ctx, b.seqRange, b.len(), time.Minute)
	if err != nil {
		return b, 0, err
	}
	if err := sleep(ctx, l.plan.settle); err != nil {
		return b, 0, err
	}
	return b, float64(b.len()) / time.Unix(0, t.LastNS).Sub(b.started).Seconds(), nil
}
