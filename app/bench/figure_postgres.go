package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
)

// measurePostgres: one node on PostgreSQL against SQLite, and two nodes against one.
func measurePostgres(ctx context.Context, l *lab) error {
	pg, err := startCluster(ctx, filepath.Join(l.dir, "postgres"))
	if errors.Is(err, errNoPostgres) {
		l.say("  skipped: %v", err)
		l.table.add(row{figure: "PostgreSQL", shown: "skipped", beside: err.Error()})
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { _ = pg.shutdown() }()
	lite, err := l.freshNodeWithWebhook(ctx, "", 0)
	if err != nil {
		return err
	}
	defer lite.kill()
	one, err := l.freshNodeWithWebhook(ctx, pg.url, 0)
	if err != nil {
		return err
	}
	defer one.kill()
	for _, n := range []*node{lite, one} {
		if err := l.warmUp(ctx, n); err != nil {
			return err
		}
	}
	s := series{}
	for round := range l.plan.rounds {
		if err := l.postgresRound(ctx, s, lite, one); err != nil {
			return fmt.Errorf("round %d: %w", round+1, err)
		}
		l.say("  round %d: SQLite %s/s, PostgreSQL %s/s, two nodes %s/s", round+1, thousands(s["lite"][round]),
			thousands(s["one"][round]), thousands(s["two"][round]))
	}
	l.addPostgresRows(s)
	return errors.Join(lite.shutdown(), one.shutdown())
}

func (l *lab) postgresRound(ctx context.Context, s series, lite, one *node) error {
	if err := l.flood(ctx, s, "lite", 64, l.plan.flood64, lite.ingest()); err != nil {
		return err
	}
	if err := l.flood(ctx, s, "one", 64, l.plan.flood64, one.ingest()); err != nil {
		return err
	}
	two, err := l.secondNode(ctx, one)
	if err != nil {
		return fmt.Errorf("second node: %w", err)
	}
	defer two.kill()
	b, rate, err := l.floodAndAwait(ctx, 64, l.plan.flood64, one.ingest(), two.ingest())
	if err != nil {
		return fmt.Errorf("two nodes: %w", err)
	}
	if err := two.shutdown(); err != nil {
		return err
	}
	// Counted after the stop: what the second node gave back must not be sent again either.
	t, err := l.receiver.tally(ctx, b.seqRange)
	if err != nil {
		return err
	}
	s.add("two", rate)
	s.add("duplicates", float64(t.Total-t.Unique))
	return nil
}

// secondNode starts another process on the first one's database, with a folder of its own and the same master key.
func (l *lab) secondNode(ctx context.Context, first *node) (*node, error) {
	c := first.nodeConfig
	c.data, c.masterKey = l.freshDir(), "file:"+filepath.Join(first.data, "master.key")
	n, err := startNode(ctx, c)
	if err != nil {
		return nil, err
	}
	n.token = first.token
	return n, nil
}

func (l *lab) addPostgresRows(s series) {
	ratio := s.ratio("one", "lite")
	l.table.add(row{
		figure: "PostgreSQL, one node, against SQLite", value: ratio, shown: fmt.Sprintf("%.2f", ratio), goal: atLeast(0.6, "0.60"),
		beside: fmt.Sprintf("%s/s against %s/s", thousands(s.median("one")), thousands(s.median("lite"))),
	})
	ratio = s.ratio("two", "one")
	l.table.add(row{
		figure: "PostgreSQL, two nodes on the same cores, against one", value: ratio, shown: fmt.Sprintf("%.2f", ratio), goal: atLeast(0.7, "0.70"),
		beside: fmt.Sprintf("%s/s against %s/s", thousands(s.median("two")), thousands(s.median("one"))),
	})
	duplicates := 0.0
	for _, d := range s["duplicates"] {
		duplicates += d
	}
	l.table.add(row{
		figure: "duplicates with two nodes", value: duplicates, shown: fmt.Sprintf("%.0f", duplicates), goal: nothing(), beside: "over all rounds",
	})
}
