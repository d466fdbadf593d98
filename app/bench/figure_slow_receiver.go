package main

import (
	"context"
	"fmt"
	"time"
)

const slowDelay = 50 * time.Millisecond

// measureSlowReceiver: one endpoint that takes 50 ms; how many of the places are kept busy.
func measureSlowReceiver(ctx context.Context, l *lab) error {
	n, err := l.freshNodeWithWebhook(ctx, "", slowDelay)
	if err != nil {
		return err
	}
	defer n.kill()
	s := series{}
	for round := range l.plan.rounds {
		r, err := n.publishBatch(ctx, &l.gen, mainType, l.plan.slowEvents)
		if err != nil {
			return err
		}
		t, err := l.receiver.await(ctx, r, r.len(), time.Minute)
		if err != nil {
			return fmt.Errorf("round %d: %w", round+1, err)
		}
		took := time.Duration(t.LastNS-t.FirstNS) + slowDelay
		s.add("rate", float64(r.len())/took.Seconds())
		l.say("  round %d: %s/s", round+1, thousands(s["rate"][round]))
		if err := sleep(ctx, slowDelay+l.plan.settle); err != nil {
			return err
		}
	}
	rate := s.median("rate")
	l.table.add(row{
		figure: "a receiver that takes 50 ms, one endpoint", value: rate, shown: thousands(rate) + "/s",
		goal: atLeast(1200, "1,200/s"), beside: "64 workers; 1,280/s is all there can be",
	})
	return n.shutdown()
}
