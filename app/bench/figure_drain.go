package main

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"time"
)

// measureDrain: a backlog that is only in the database, from the start of the process to the last receipt.
func measureDrain(ctx context.Context, l *lab) error {
	n, err := l.freshNode(ctx, "", 0)
	if err != nil {
		return err
	}
	defer func() { n.kill() }()
	s := series{}
	err = l.inRounds(func() (string, error) {
		hop, err := l.gen.oneHop(ctx, hookURL(l.receiver.hooks, 0), l.plan.hop)
		if err != nil {
			return "", err
		}
		r, err := l.storeBacklog(ctx, n)
		if err != nil {
			return "", err
		}
		again, err := n.startAgain(ctx)
		if err != nil {
			return "", fmt.Errorf("restart: %w", err)
		}
		n = again
		rate, left, err := l.drained(ctx, n, r)
		s.add("hop", hop)
		s.add("drain", rate)
		return fmt.Sprintf("one hop %s/s, %s left by the restart drained at %s/s", thousands(hop), thousands(float64(left)), thousands(rate)), err
	})
	if err != nil {
		return err
	}
	l.table.ratio(s, "draining a stored backlog after a start, against one hop", "drain", "hop", atLeast(0.40, "0.40"))
	return n.shutdown()
}

// storeBacklog publishes while the receiver holds its answers back, and has the node stop before they come. What was not on
// the wire by then is in the database and nowhere else.
func (l *lab) storeBacklog(ctx context.Context, n *node) (seqRange, error) {
	l.receiver.hold(true)
	r, err := n.publishBatch(ctx, &l.gen, mainType, l.plan.backlog)
	if err == nil {
		n.signal(syscall.SIGTERM)
		// Time to hear the signal, so that the answers do not make it send more.
		err = sleep(ctx, 100*time.Millisecond)
	}
	l.receiver.hold(false)
	if err != nil {
		return r, err
	}
	if err := n.wait(20 * time.Second); err != nil {
		return r, fmt.Errorf("hookline did not stop in order: %w", err)
	}
	return r, nil
}

// drained waits for all of r and returns how many a second arrived after the start of n, and how many those were.
func (l *lab) drained(ctx context.Context, n *node, r seqRange) (rate float64, left int, err error) {
	t, err := l.receiver.await(ctx, r, r.len(), 90*time.Second)
	if err != nil {
		return 0, 0, err
	}
	for _, ns := range l.receiver.arrivals(r) {
		if ns > n.started.UnixNano() {
			left++
		}
	}
	if left < r.len()/2 {
		return 0, left, errors.New("less than half of the backlog was left by the restart: nothing to measure")
	}
	took := time.Unix(0, t.lastNS).Sub(n.started)
	return float64(left) / took.Seconds(), left, sleep(ctx, l.plan.settle)
}
