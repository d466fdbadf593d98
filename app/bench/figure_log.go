package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"path/filepath"
	"time"
)

// seededNode is a running node whose database fill has filled while it was stopped.
func (l *lab) seededNode(ctx context.Context, fill func(*seeder) error) (*node, error) {
	n, err := l.usedNode(ctx)
	if err != nil {
		return nil, err
	}
	sample := l.gen.next.Load() - 1 // the last event that usedNode published
	if err := l.seed(ctx, n, sample, fill); err != nil {
		n.kill()
		return nil, err
	}
	return n, nil
}

// seed stops n and fills its database.
func (l *lab) seed(ctx context.Context, n *node, sample uint64, fill func(*seeder) error) error {
	// Its last results must be written: the row to copy has to have succeeded.
	if err := sleep(ctx, l.plan.settle); err != nil {
		return err
	}
	if err := n.shutdown(); err != nil {
		return err
	}
	started := time.Now()
	s, err := openSeeder(ctx, filepath.Join(n.data, "hookline.db"), sample)
	if err != nil {
		return err
	}
	err = errors.Join(fill(s), s.close(ctx))
	l.say("  filled a database in %s", time.Since(started).Round(100*time.Millisecond))
	return err
}

const errorText = "answered 500"

// logFilters are the first pages people ask for, each filter alone and in a
// webhook's own log. rare is a status that one delivery in ten thousand has.
func logFilters(webhook string, start time.Time) []url.Values {
	alone := []url.Values{
		{},
		{"state": {"failed"}}, {"state": {"problem"}}, {"state": {"pending"}}, {"state": {"cancelled"}},
		{"status": {"500"}}, {"status": {rareStatus}}, {"status": {"200"}}, {"status": {"4xx"}}, {"status": {"3xx"}},
		{"event_type": {mainType}},
		{"host": {"127.0.0.1"}}, {"host": {"nowhere.example"}},
		{"since": {start.Format(time.RFC3339)}}, {"until": {start.Add(time.Second).Format(time.RFC3339)}},
		{"q": {"dlv_0"}}, {"q": {errorText}},
	}
	var all []url.Values
	for _, f := range alone {
		own := maps.Clone(f)
		own.Set("webhook_id", webhook)
		all = append(all, f, own)
	}
	return all
}

// measureLog: a page of the log at five depths, and with filters.
func measureLog(ctx context.Context, l *lab) error {
	var webhook string
	var start time.Time
	n, err := l.seededNode(ctx, func(s *seeder) error {
		webhook = s.webhook
		s.spreadIDs(l.plan.logRows)
		start = s.start.UTC()
		return s.finished(ctx, l.plan.logRows, "")
	})
	if err != nil {
		return err
	}
	if n, err = n.startAgain(ctx); err != nil {
		return err
	}
	defer n.kill()
	var deep, filtered worst
	walks := []url.Values{{"webhook_id": {webhook}}}
	if l.plan.walkAll {
		walks = append(walks, url.Values{})
	}
	for _, base := range walks {
		if err := l.walkLog(ctx, n, base, &deep); err != nil {
			return err
		}
	}
	for _, filter := range logFilters(webhook, start) {
		p50, slowest, err := n.timePages(ctx, filter, "", 20)
		if err != nil {
			return err
		}
		l.say("  %q: p50 %.2f ms, slowest %.2f ms", filter.Encode(), milliseconds(p50), milliseconds(slowest))
		if filter.Get("q") != errorText { // no index has texts: the search is bounded instead
			filtered.note(p50, filter.Encode())
		}
	}
	rows := thousands(float64(l.plan.logRows))
	l.table.add(row{
		figure: "a 50-row page of the log, " + rows + " deliveries, any depth, p50", value: deep.ms,
		shown: fmt.Sprintf("%.2f ms", deep.ms), goal: atMost(5, "5 ms"), beside: "worst of 5 depths: " + deep.where,
	})
	l.table.add(row{
		figure: "the same with filters", value: filtered.ms, shown: fmt.Sprintf("%.2f ms", filtered.ms),
		goal: atMost(5, "5 ms"), beside: "worst: " + filtered.where,
	})
	ready := milliseconds(n.ready)
	l.table.add(row{
		figure: "ready after start, " + rows + " deliveries", value: ready, shown: fmt.Sprintf("%.0f ms", ready),
		goal: atMost(200, "200 ms"), beside: "one start, the file in the system's cache",
	})
	return n.shutdown()
}

// walkLog follows the cursor from the newest delivery to the oldest, and times pages at five depths on the way.
func (l *lab) walkLog(ctx context.Context, n *node, filter url.Values, w *worst) error {
	const step = 200 // rows a page while walking
	depth, cursor := 0, ""
	for part := range 5 {
		// The last depth leaves room for the timed pages.
		target := (l.plan.logRows - 20*50) * part / 4
		for ; depth+step <= target; depth += step {
			page, err := n.page(ctx, filter, cursor, step)
			if err != nil {
				return err
			}
			if page.NextCursor == nil {
				return fmt.Errorf("the log ended after %d of %d deliveries", depth+len(page.Data), l.plan.logRows)
			}
			cursor = *page.NextCursor
		}
		p50, p99, err := n.timePages(ctx, filter, cursor, 20)
		if err != nil {
			return err
		}
		l.say("  %s deep, %q: p50 %.2f ms, slowest %.2f ms", thousands(float64(depth)), filter.Encode(), milliseconds(p50), milliseconds(p99))
		w.note(p50, fmt.Sprintf("at %s", thousands(float64(depth))))
	}
	return nil
}

// timePages reads up to count pages of 50 in a row from the cursor on.
func (n *node) timePages(ctx context.Context, filter url.Values, cursor string, count int) (p50, slowest time.Duration, err error) {
	var took []time.Duration
	for range count {
		started := time.Now()
		page, err := n.page(ctx, filter, cursor, 50)
		if err != nil {
			return 0, 0, err
		}
		took = append(took, time.Since(started))
		if page.NextCursor == nil {
			break
		}
		cursor = *page.NextCursor
	}
	return percentile(took, 50), percentile(took, 100), nil
}

func (n *node) page(ctx context.Context, filter url.Values, cursor string, limit int) (deliveriesPage, error) {
	q := url.Values{"limit": {fmt.Sprint(limit)}}
	for k, v := range filter {
		q[k] = v
	}
	if cursor != "" {
		q.Set("cursor", cursor)
	}
	var page deliveriesPage
	return page, n.call(ctx, http.MethodGet, "/deliveries?"+q.Encode(), nil, &page)
}

// worst keeps the largest of several.
type worst struct {
	ms    float64
	where string
}

func (w *worst) note(d time.Duration, where string) {
	if ms := milliseconds(d); ms > w.ms {
		w.ms, w.where = ms, where
	}
}
