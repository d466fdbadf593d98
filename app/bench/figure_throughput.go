package main

import (
	"context"
	"fmt"
)

// measureThroughput: delivered per second against the null engine, CPU per event, peak memory.
func measureThroughput(ctx context.Context, l *lab) error {
	n, err := l.warmNode(ctx, "")
	if err != nil {
		return err
	}
	defer n.kill()
	s := series{}
	err = l.inRounds(func() (string, error) {
		if err := l.flood(ctx, s, "null", l.null); err != nil {
			return "", err
		}
		before, err := cpuTime(n.pid())
		if err != nil {
			return "", err
		}
		b, rate, err := l.floodAndAwait(ctx, l.plan.flood, n.ingest())
		if err != nil {
			return "", fmt.Errorf("hookline: %w", err)
		}
		after, err := cpuTime(n.pid())
		s.add("node", rate)
		s.add("cpu", float64((after-before).Microseconds())/float64(b.len()))
		return fmt.Sprintf("null engine %s/s, hookline %s/s, %.0f µs CPU", thousands(s.last("null")), thousands(rate), s.last("cpu")), err
	})
	if err != nil {
		return err
	}
	peak, err := memory(n.pid(), "VmHWM")
	if err != nil {
		return err
	}
	l.table.ratio(s, "delivered/s, 64 connections, against null engine", "node", "null", atLeast(0.50, "0.50"))
	cpu := s.median("cpu")
	l.table.add(row{
		figure: "CPU per delivered event, whole process", value: cpu, shown: fmt.Sprintf("%.0f µs", cpu),
		goal: atMost(220, "220 µs"), beside: "rounds " + s.spread("cpu", "%.0f"),
	})
	l.table.add(row{
		figure: "memory, peak under load", value: peak, shown: fmt.Sprintf("%.0f MB", peak),
		goal: atMost(100, "100 MB"), beside: "VmHWM after all rounds",
	})
	return n.shutdown()
}

func (l *lab) flood(ctx context.Context, s series, name string, to ...ingest) error {
	_, rate, err := l.floodAndAwait(ctx, l.plan.flood, to...)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	s.add(name, rate)
	return nil
}
