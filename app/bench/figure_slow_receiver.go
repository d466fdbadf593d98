package main

import (
	"context"
	"time"
)

const slowDelay = 50 * time.Millisecond

// measureSlowReceiver: one endpoint that takes 50 ms; how many of the places are kept busy.
func measureSlowReceiver(ctx context.Context, l *lab) error {
	n, err := l.freshNode(ctx, "", slowDelay)
	if err != nil {
		return err
	}
	defer n.kill()
	s := series{}
	err = l.inRounds(func() (string, error) {
		r, err := n.publishBatch(ctx, &l.gen, mainType, l.plan.slowEvents)
		if err != nil {
			return "", err
		}
		t, err := l.receiver.await(ctx, r, r.len(), time.Minute)
		if err != nil {
			return "", err
		}
		took := time.Duration(t.lastNS-t.firstNS) + slowDelay
		s.add("rate", float64(r.len())/took.Seconds())
		return thousands(s.last("rate")) + "/s", sleep(ctx, slowDelay+l.plan.settle)
	})
	if err != nil {
		return err
	}
	rate := s.median("rate")
	l.table.add(row{
		figure: "a receiver that takes 50 ms, one endpoint", value: rate, shown: thousands(rate) + "/s",
		goal: atLeast(1200, "1,200/s"), beside: "64 workers; 1,280/s is all there can be",
	})
	return n.shutdown()
}
