package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"hookline/app/apptest/pgtest"
)

// measurePostgres: one node on PostgreSQL against SQLite, and two nodes against one.
func measurePostgres(ctx context.Context, l *lab) error {
	pg, err := pgtest.Start(l.dir)
	defer pg.Stop()
	if errors.Is(err, pgtest.ErrNotInstalled) {
		l.say("  skipped: %v", err)
		l.table.add(row{figure: "PostgreSQL", shown: "skipped", beside: err.Error()})
		return nil
	}
	if err != nil {
		return err
	}
	lite, err := l.warmNode(ctx, "")
	if err != nil {
		return err
	}
	defer lite.kill()
	one, err := l.warmNode(ctx, pg.URL("postgres"))
	if err != nil {
		return err
	}
	defer one.kill()
	s := series{}
	err = l.inRounds(func() (string, error) {
		err := l.postgresRound(ctx, s, lite, one)
		if err != nil {
			return "", err
		}
		return fmt.Sprintf("SQLite %s/s, PostgreSQL %s/s, two nodes %s/s", thousands(s.last("lite")), thousands(s.last("one")), thousands(s.last("two"))), nil
	})
	if err != nil {
		return err
	}
	l.table.ratio(s, "PostgreSQL, one node, against SQLite", "one", "lite", atLeast(0.6, "0.60"))
	l.table.ratio(s, "PostgreSQL, two nodes on the same cores, against one", "two", "one", atLeast(0.7, "0.70"))
	duplicates := 0.0
	for _, d := range s["duplicates"] {
		duplicates += d
	}
	l.table.add(row{
		figure: "duplicates with two nodes", value: duplicates, shown: fmt.Sprintf("%.0f", duplicates), goal: nothing(), beside: "over all rounds",
	})
	return errors.Join(lite.shutdown(), one.shutdown())
}

func (l *lab) postgresRound(ctx context.Context, s series, lite, one *node) error {
	if err := l.flood(ctx, s, "lite", lite.ingest()); err != nil {
		return err
	}
	if err := l.flood(ctx, s, "one", one.ingest()); err != nil {
		return err
	}
	two, err := l.secondNode(ctx, one)
	if err != nil {
		return fmt.Errorf("second node: %w", err)
	}
	defer two.kill()
	b, rate, err := l.floodAndAwait(ctx, l.plan.flood, one.ingest(), two.ingest())
	if err != nil {
		return fmt.Errorf("two nodes: %w", err)
	}
	if err := two.shutdown(); err != nil {
		return err
	}
	// Counted after the stop: what the second node gave back must not be sent again either.
	t := l.receiver.tally(b.seqRange)
	s.add("two", rate)
	s.add("duplicates", float64(t.total-t.unique))
	return nil
}

// secondNode starts another process on the first node's database, with a folder of its own and the same master key.
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
