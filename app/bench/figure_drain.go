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
	n, err := l.freshNodeWithWebhook(ctx, "", 0)
	if err != nil {
		return err
	}
	defer func() { n.kill() }()
	s := series{}
	for round := range l.plan.rounds {
		hop, err := l.gen.oneHop(ctx, hookURL(l.receiver.hooks, 0), l.plan.hop)
		if err != nil {
			return err
		}
		r, err := l.storeBacklog(ctx, n)
		if err != nil {
			return fmt.Errorf("round %d: %w", round+1, err)
		}
		again, err := startNode(ctx, n.nodeConfig)
		if err != nil {
			return fmt.Errorf("round %d: restart: %w", round+1, err)
		}
		again.token = n.token
		n = again
		rate, left, err := l.drained(ctx, n, r)
		if err != nil {
			return fmt.Errorf("round %d: %w", round+1, err)
		}
		s.add("hop", hop)
		s.add("drain", rate)
		l.say("  round %d: one hop %s/s, %s left by the restart drained at %s/s", round+1, thousands(hop), thousands(float64(left)), thousands(rate))
	}
	ratio := s.ratio("drain", "hop")
	l.table.add(row{
		figure: "draining a stored backlog after a start, against one hop", value: ratio, shown: fmt.Sprintf("%.2f", ratio),
		goal: atLeast(0.40, "0.40"), beside: fmt.Sprintf("%s/s against %s/s", thousands(s.median("drain")), thousands(s.median("hop"))),
	})
	return n.shutdown()
}

// storeBacklog publishes while the receiver holds its answers back, and has the node stop before they come. What was not on
// the wire by then is in the database and nowhere else.
func (l *lab) storeBacklog(ctx context.Context, n *node) (seqRange, error) {
	if err := l.receiver.hold(ctx, true); err != nil {
		return seqRange{}, err
	}
	r, err := n.publishBatch(ctx, &l.gen, mainType, l.plan.backlog)
	if err == nil {
		n.signal(syscall.SIGTERM)
		// Time to hear the signal, so that the answers do not make it send more.
		err = sleep(ctx, 100*time.Millisecond)
	}
	if e := l.receiver.hold(context.WithoutCancel(ctx), false); err == nil {
		err = e
	}
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
	at, err := l.receiver.arrivals(ctx, r)
	if err != nil {
		return 0, 0, err
	}
	for _, ns := range at {
		if ns > n.started.UnixNano() {
			left++
		}
	}
	if left < r.len()/2 {
		return 0, left, errors.New("less than half of the backlog was left by the restart: nothing to measure")
	}
	took := time.Unix(0, t.LastNS).Sub(n.started)
	return float64(left) / took.Seconds(), left, sleep(ctx, l.plan.settle)
}
