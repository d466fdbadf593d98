package main

import (
	"context"
	"fmt"
	"time"
)

// measureIdleMemory: a process on an existing database that nobody talks to.
func measureIdleMemory(ctx context.Context, l *lab) error {
	n, err := l.usedNode(ctx)
	if err != nil {
		return err
	}
	defer func() { n.kill() }()
	again, err := n.restart(ctx)
	if err != nil {
		return err
	}
	n = again
	if err := sleep(ctx, 2*time.Second); err != nil {
		return err
	}
	idle, err := memory(n.pid(), "VmRSS")
	if err != nil {
		return err
	}
	own, err := memory(n.pid(), "RssAnon")
	if err != nil {
		return err
	}
	l.table.add(row{
		figure: "memory, idle", value: idle, shown: fmt.Sprintf("%.0f MB", idle), goal: atMost(30, "30 MB"),
		beside: fmt.Sprintf("VmRSS 2 s after a start; %.0f MB its own, the rest is the program file's pages", own),
	})
	return n.shutdown()
}

// measureReady: from creating the process to the first 200 of /readyz.
func measureReady(ctx context.Context, l *lab) error {
	n, err := l.usedNode(ctx)
	if err != nil {
		return err
	}
	defer func() { n.kill() }()
	s := series{}
	for range max(l.plan.rounds, 5) { // short ones; a few more cost nothing
		again, err := n.restart(ctx)
		if err != nil {
			return err
		}
		n = again
		s.add("ready", milliseconds(n.ready))
	}
	ready := s.median("ready")
	l.table.add(row{
		figure: "ready after start", value: ready, shown: fmt.Sprintf("%.0f ms", ready), goal: atMost(200, "200 ms"),
		beside: s.spread("ready", "%.0f") + " ms",
	})
	return n.shutdown()
}
