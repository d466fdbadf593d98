package main

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// measureClaim: time per delivery while draining, on a large database against a small one.
func measureClaim(ctx context.Context, l *lab) error {
	var waiting seqRange
	large, err := l.seededNode(ctx, func(s *seeder) error {
		s.spreadIDs(l.plan.claimFinished + l.plan.claimWaiting)
		if err := s.finished(ctx, l.plan.claimFinished, ""); err != nil {
			return err
		}
		waiting = l.reserve(l.plan.claimWaiting)
		return s.waiting(ctx, waiting)
	})
	if err != nil {
		return err
	}
	defer func() { large.kill() }()
	s := series{}
	err = l.inRounds(func() (string, error) {
		if err := l.claimRound(ctx, s, large, waiting); err != nil {
			return "", err
		}
		return fmt.Sprintf("%.0f µs a delivery on the small database, %.0f µs on the large one", s.last("small"), s.last("large")), nil
	})
	if err != nil {
		return err
	}
	ratio := s.ratio("large", "small")
	l.table.add(row{
		figure: fmt.Sprintf("time per delivery drained, %s finished and %s waiting, against %s rows", thousands(float64(l.plan.claimFinished)),
			thousands(float64(l.plan.claimWaiting)), thousands(float64(l.plan.claimSmall))),
		value: ratio, shown: fmt.Sprintf("%.2f", ratio), goal: atMost(2, "2"),
		beside: fmt.Sprintf("%.0f µs against %.0f µs; claim, send and finish", s.median("large"), s.median("small")),
	})
	return nil
}

// reserve takes event numbers that nobody publishes.
func (l *lab) reserve(count int) seqRange {
	from := l.gen.next.Add(uint64(count)) - uint64(count)
	return seqRange{from, from + uint64(count)}
}

func (l *lab) claimRound(ctx context.Context, s series, large *node, waiting seqRange) error {
	var few seqRange
	small, err := l.seededNode(ctx, func(s *seeder) error {
		few = l.reserve(l.plan.claimSmall)
		s.spreadIDs(few.len())
		return s.waiting(ctx, few)
	})
	if err != nil {
		return err
	}
	if err := l.timeReceipts(ctx, s, "small", small.nodeConfig, few); err != nil {
		return fmt.Errorf("small database: %w", err)
	}
	if err := l.timeReceipts(ctx, s, "large", large.nodeConfig, waiting); err != nil {
		return fmt.Errorf("large database: %w", err)
	}
	return nil
}

// timeReceipts starts a node on the data and times a fixed number of receipts from the first one on.
func (l *lab) timeReceipts(ctx context.Context, s series, name string, c nodeConfig, r seqRange) error {
	before := l.receiver.tally(r)
	n, err := startNode(ctx, c)
	if err != nil {
		return err
	}
	defer n.kill()
	want := before.unique + l.plan.claimReceipts
	if _, err := l.receiver.await(ctx, r, want, 2*time.Minute); err != nil {
		return err
	}
	if err := n.shutdown(); err != nil {
		return err
	}
	first, last := firstReceipts(l.receiver.arrivals(r), n.started.UnixNano(), l.plan.claimReceipts)
	s.add(name, float64(last-first)/1e3/float64(l.plan.claimReceipts-1))
	return nil
}

// firstReceipts is when the first and the count-th event arrived of those after since.
func firstReceipts(at []int64, since int64, count int) (first, last int64) {
	later := slices.DeleteFunc(slices.Clone(at), func(ns int64) bool { return ns <= since })
	slices.Sort(later)
	if len(later) < count {
		return 0, 0
	}
	return later[0], later[count-1]
}
