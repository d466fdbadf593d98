package main

import (
	"context"
	"fmt"
	"time"
)

// measureThroughput: delivered per second against the null engine, CPU per event, peak memory.
func measureThroughput(ctx context.Context, l *lab) error {
	n, err := l.warmNode(ctx)
	if err != nil {
		return err
	}
	defer n.kill()
	s := series{}
	for round := range l.plan.rounds {
		if err := l.throughputRound(ctx, n, s); err != nil {
			return fmt.Errorf("round %d: %w", round+1, err)
		}
		l.say("  round %d: one hop %s/s, null engine %s/s, hookline %s/s, %.0f µs CPU; at 16: null engine %s/s, hookline %s/s", round+1,
			thousands(s["hop"][round]), thousands(s["null64"][round]), thousands(s["node64"][round]), s["cpu"][round],
			thousands(s["null16"][round]), thousands(s["node16"][round]))
	}
	peak, err := memory(n.pid(), "VmHWM")
	if err != nil {
		return err
	}
	l.addThroughputRows(s, peak)
	return n.shutdown()
}

func (l *lab) throughputRound(ctx context.Context, n *node, s series) error {
	hop, err := l.gen.oneHop(ctx, hookURL(l.receiver.hooks, 0), l.plan.hop)
	if err != nil {
		return err
	}
	s.add("hop", hop)
	if err := l.flood(ctx, s, "null64", 64, l.plan.flood64, l.null); err != nil {
		return err
	}
	if err := l.floodWithCPU(ctx, s, n); err != nil {
		return err
	}
	if err := l.flood(ctx, s, "null16", 16, l.plan.flood16, l.null); err != nil {
		return err
	}
	return l.flood(ctx, s, "node16", 16, l.plan.flood16, n.ingest())
}

func (l *lab) flood(ctx context.Context, s series, name string, conns int, lasting time.Duration, to ...ingest) error {
	_, rate, err := l.floodAndAwait(ctx, conns, lasting, to...)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	s.add(name, rate)
	return nil
}

func (l *lab) floodWithCPU(ctx context.Context, s series, n *node) error {
	before, err := cpuTime(n.pid())
	if err != nil {
		return err
	}
	b, rate, err := l.floodAndAwait(ctx, 64, l.plan.flood64, n.ingest())
	if err != nil {
		return fmt.Errorf("hookline at 64 connections: %w", err)
	}
	after, err := cpuTime(n.pid())
	if err != nil {
		return err
	}
	s.add("node64", rate)
	s.add("cpu", float64((after-before).Microseconds())/float64(b.len()))
	return nil
}

func (l *lab) addThroughputRows(s series, peak float64) {
	ratio := s.ratio("node64", "null64")
	l.table.add(row{
		figure: "delivered/s, 64 connections, against null engine", value: ratio, shown: fmt.Sprintf("%.2f", ratio),
		goal: atLeast(0.50, "0.50"),
		beside: fmt.Sprintf("%s/s against %s/s; one hop %s/s", thousands(s.median("node64")), thousands(s.median("null64")),
			thousands(s.median("hop"))),
	})
	ratio16 := s.ratio("node16", "null16")
	l.table.add(row{
		figure: "the same, 16 connections", value: ratio16, shown: fmt.Sprintf("%.2f", ratio16),
		beside: fmt.Sprintf("%s/s against %s/s", thousands(s.median("node16")), thousands(s.median("null16"))),
	})
	cpu := s.median("cpu")
	l.table.add(row{
		figure: "CPU per delivered event, whole process", value: cpu, shown: fmt.Sprintf("%.0f µs", cpu),
		goal: atMost(220, "220 µs"), beside: "rounds " + s.spread("cpu", "%.0f"),
	})
	l.table.add(row{
		figure: "memory, peak under load", value: peak, shown: fmt.Sprintf("%.0f MB", peak),
		goal: atMost(100, "100 MB"), beside: "VmHWM after all rounds",
	})
}
