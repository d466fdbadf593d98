package main

import (
	"context"
	"fmt"
	"time"
)

// measureLatency: from writing the request to the receipt, at 50 events/s.
func measureLatency(ctx context.Context, l *lab) error {
	n, err := l.warmNode(ctx, "")
	if err != nil {
		return err
	}
	defer n.kill()
	s := series{}
	if err := l.inRounds(func() (string, error) { return l.paced(ctx, s, n) }); err != nil {
		return err
	}
	p50 := s.median("p50")
	l.table.add(row{
		figure: "ingest → receipt at 50 events/s, p50", value: p50, shown: fmt.Sprintf("%.2f ms", p50), goal: atMost(2, "2 ms"),
		beside: fmt.Sprintf("p99 %.2f ms; 202 after %.2f ms", s.median("p99"), s.median("answer")),
	})
	return n.shutdown()
}

// paced publishes evenly and adds the round's p50 and p99 of ingest to receipt, and the p50 of the 202.
func (l *lab) paced(ctx context.Context, s series, n *node) (report string, err error) {
	b, err := l.gen.pace(ctx, n.ingest(), l.plan.pacePerSecond, l.plan.paceCount)
	if err != nil {
		return "", err
	}
	if _, err := l.receiver.await(ctx, b.seqRange, b.len(), time.Minute); err != nil {
		return "", err
	}
	at := l.receiver.arrivals(b.seqRange)
	took := make([]time.Duration, len(at))
	for i := range at {
		took[i] = time.Duration(at[i] - b.sentNS[i])
	}
	s.add("p50", milliseconds(percentile(took, 50)))
	s.add("p99", milliseconds(percentile(took, 99)))
	s.add("answer", milliseconds(percentile(b.answers, 50)))
	return fmt.Sprintf("p50 %.2f ms, p99 %.2f ms, 202 after %.2f ms", s.last("p50"), s.last("p99"), s.last("answer")), nil
}

const (
	neighbourDelay = 3 * time.Second
	neighbourQueue = 400
)

// measureNeighbour: the same while another webhook's receiver takes 3 s and 400 of its events wait.
func measureNeighbour(ctx context.Context, l *lab) error {
	n, err := l.warmNode(ctx, "")
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
	err = l.inRounds(func() (string, error) {
		waiting, err := l.fillNeighbour(ctx, n, &slow, &slowTotal)
		if err != nil {
			return "", err
		}
		report, err := l.paced(ctx, s, n)
		return fmt.Sprintf("%s, with %d waiting at its start", report, waiting), err
	})
	if err != nil {
		return err
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
		paced := r.len() - *total // every paced event of earlier rounds has arrived
		received = l.receiver.tally(*r).unique - paced
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
