package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// lab is what the figures work with: the binary, the receiver, the null engine, the generator, and a place for data.
type lab struct {
	plan     plan
	binary   string
	dir      string
	gen      generator
	receiver *receiver
	null     ingest
	table    table
	progress io.Writer

	nodes   int
	closers []func() error // run last to first
}

// openLab builds the binary if none is given, and starts the receiver and the null engine. Close it also after an error.
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
	if l.receiver, err = startReceiver(); err != nil {
		return l, err
	}
	l.closers = append(l.closers, l.receiver.server.Shutdown)
	return l, l.startNull(ctx)
}

func buildHookline(ctx context.Context, dir string) (string, error) {
	root, err := runCommand(ctx, exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}"))
	if err != nil {
		return "", fmt.Errorf("find the module: %w", err)
	}
	cmd := exec.CommandContext(ctx, "go", "build", "-o", filepath.Join(dir, "hookline"), ".")
	cmd.Dir = strings.TrimSpace(root)
	_, err = runCommand(ctx, cmd)
	return filepath.Join(dir, "hookline"), err
}

// startNull runs this binary again as the null engine.
func (l *lab) startNull(ctx context.Context) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	addr, err := freeAddress()
	if err != nil {
		return err
	}
	p, err := startProcess("null engine", exec.Command(self, nullCommand, addr, hookURL(l.receiver.hooks, 0)))
	if err != nil {
		return err
	}
	l.closers = append(l.closers, func() error { p.kill(); return nil })
	l.null = ingest{addr: addr}
	return p.awaitReady(ctx, addr, 10*time.Second)
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

// inRounds calls f for each round and says what it returns.
func (l *lab) inRounds(f func() (report string, err error)) error {
	for round := range l.plan.rounds {
		report, err := f()
		if err != nil {
			return fmt.Errorf("round %d: %w", round+1, err)
		}
		l.say("  round %d: %s", round+1, report)
	}
	return nil
}

// freshDir is a new data folder.
func (l *lab) freshDir() string {
	l.nodes++
	return filepath.Join(l.dir, fmt.Sprintf("data-%d", l.nodes))
}

// freshNode starts hookline on a fresh database: SQLite, or the PostgreSQL given. It has a token, both event types, and
// a webhook to a receiver that waits for delay.
func (l *lab) freshNode(ctx context.Context, database string, delay time.Duration) (*node, error) {
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
	if err == nil {
		err = n.addWebhook(ctx, "Measured", hookURL(l.receiver.hooks, delay), mainType)
	}
	if err != nil {
		err = errors.Join(err, n.logTail())
		n.kill()
		return nil, err
	}
	return n, nil
}

// warmNode is a fresh node, warmed up.
func (l *lab) warmNode(ctx context.Context, database string) (*node, error) {
	n, err := l.freshNode(ctx, database, 0)
	if err != nil {
		return nil, err
	}
	// Open connections and full caches make the first round like the others.
	for _, to := range []ingest{l.null, n.ingest()} {
		if _, _, err := l.floodAndAwait(ctx, l.plan.warmUp, to); err != nil {
			n.kill()
			return nil, err
		}
	}
	return n, nil
}

// usedNode has some deliveries behind it.
func (l *lab) usedNode(ctx context.Context) (*node, error) {
	n, err := l.freshNode(ctx, "", 0)
	if err != nil {
		return nil, err
	}
	r, err := n.publishBatch(ctx, &l.gen, mainType, 1000)
	if err == nil {
		_, err = l.receiver.await(ctx, r, r.len(), time.Minute)
	}
	if err != nil {
		n.kill()
		return nil, err
	}
	return n, nil
}

// floodAndAwait floods the ingests over 64 connections, waits until every event has been received, and returns how many
// a second that were, from the first byte sent to the last receipt.
func (l *lab) floodAndAwait(ctx context.Context, lasting time.Duration, to ...ingest) (burst, float64, error) {
	b, err := l.gen.flood(ctx, 64, lasting, to...)
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
	return b, float64(b.len()) / time.Unix(0, t.lastNS).Sub(b.started).Seconds(), nil
}
