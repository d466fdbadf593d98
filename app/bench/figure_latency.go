package main

import (
	"context"
	"fmt"
	"time"
)

// measureLatency: from writing the request to the receipt, at 50 events/s.
func measureLatency(ctx context.Context, l *lab) error {
	n, err := l.warmNode(ctx)
	if err != nil {
		return err
	}
	defer n.kill()
	s := series{}
	for round := range l.plan.rounds {
		if err := l.paced(ctx, s, n); err != nil {
			return fmt.Errorf("round %d: %w", round+1, err)
		}
		l.say("  round %d: p50 %.2f ms, p99 %.2f ms, 202 after %.2f ms", round+1, s["p50"][round], s["p99"][round], s["answer"][round])
	}
	p50 := s.median("p50")
	l.table.add(row{
		figure: "ingest → receipt at 50 events/s, p50", value: p50, shown: fmt.Sprintf("%.2f ms", p50), goal: atMost(2, "2 ms"),
		beside: fmt.Sprintf("p99 %.2f ms; 202 after %.2f ms", s.median("p99"), s.median("answer")),
	})
	return n.shutdown()
}

// paced publishes evenly and adds the round's p50 and p99 of ingest to receipt, and the p50 of the 202.
func (l *lab) paced(ctx context.Context, s series, n *node) error {
	b, err := l.gen.pace(ctx, n.ingest(), l.plan.pacePerSecond, l.plan.paceCount)
	if err != nil {
		return err
	}
	if _, err := l.receiver.await(ctx, b.seqRange, b.len(), time.Minute); err != nil {
		return err
	}
	at, err := l.receiver.arrivals(ctx, b.seqRange)
	if err != nil {
		return err
	}
	took := make([]time.Duration, len(at))
	for i := range at {
		took[i] = time.Duration(at[i] - b.sentNS[i])
	}
	s.add("p50", milliseconds(percentile(took, 50)))
	s.add("p99", milliseconds(percentile(took, 99)))
	s.add("answer", milliseconds(percentile(b.answers, 50)))
	return nil
}

const (
	neighbourDelay = 3 * time.Second
	neighbourQueue = 400
)

// measureNeighbour: the same while another webhook's receiver takes 3 s and 400 of its events wait.
func measureNeighbour(ctx context.Context, l *lab) error {
	n, err := l.warmNode(ctx)
	if err != nil {
		return err
	}
	defer n.kill()
	if err := n.addWebhook(ctx, "Slow neighbour", hookURL(l.receiver.other, neighbourDelay), otherType); err != nil {
		return err
	}
	s := series{}
	slow := seqRange{from: l.gen.next.Load(), to: l.gen.next.Load()}
	slowTotal := 0
	for round := range l.plan.rounds {
		waiting, err := l.fillNeighbour(ctx, n, &slow, &slowTotal)
		if err != nil {
			return fmt.Errorf("round %d: %w", round+1, err)
		}
		if err := l.paced(ctx, s, n); err != nil {
			return fmt.Errorf("round %d: %w", round+1, err)
		}
		l.say("  round %d: p50 %.2f ms, p99 %.2f ms, with %d waiting at its start", round+1, s["p50"][round], s["p99"][round], waiting)
	}
	p50 := s.median("p50")
	l.table.add(row{
		figure: "healthy endpoint's p50 beside one that takes 3 s with 400 queued", value: p50, shown: fmt.Sprintf("%.2f ms", p50),
		goal: atMost(2, "2 ms"), beside: fmt.Sprintf("p99 %.2f ms", s.median("p99")),
	})
	return nil // the node is killed: its queue would take a minute to empty
}

// fillNeighbour tops the slow webhook's queue up to 400 not yet received. Its event numbers lie in r, among others that count
// nothing here, so total says how many they are.
func (l *lab) fillNeighbour(ctx context.Context, n *node, r *seqRange, total *int) (waiting int, err error) {
	received := 0
	if r.len() > 0 {
		t, err := l.receiver.tally(ctx, *r)
		if err != nil {
			return 0, err
		}
		paced := r.len() - *total // every paced event of earlier rounds has arrived
		received = t.Unique - paced
	}
	add, err := n.publishBatch(ctx, &l.gen, otherType, neighbourQueue-(*total-received))
	if err != nil {
		return 0, err
	}
	*total += add.len()
	r.to = add.to
	// Let its first calls be under way.
	return *total - received, sleep(ctx, 200*time.Millisecond)
}
