package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"time"
)

// measureRequest: what a request with everything costs against a plain one, in CPU of the whole process per event: a JSON
// template, a templated header and parameter, three signatures, a filter, and an OAuth token from the cache.
func measureRequest(ctx context.Context, l *lab) error {
	tokens, stop, err := serveTokens()
	if err != nil {
		return err
	}
	defer stop()
	plain, err := l.freshNodeWithWebhook(ctx, "", 0)
	if err != nil {
		return err
	}
	defer plain.kill()
	rich, err := l.freshNode(ctx, "")
	if err != nil {
		return err
	}
	defer rich.kill()
	if err := rich.makeWebhook(ctx, richWebhook(hookURL(l.receiver.hooks, 0), tokens)); err != nil {
		return err
	}
	s := series{}
	for round := range l.plan.rounds + 1 {
		for name, n := range map[string]*node{"plain": plain, "rich": rich} {
			if err := l.cpuPerEvent(ctx, s, name, n); err != nil {
				return fmt.Errorf("%s, round %d: %w", name, round, err)
			}
		}
		if round == 0 { // fills caches and opens connections
			s = series{}
			continue
		}
		l.say("  round %d: plain %.0f µs, with everything %.0f µs", round, s["plain"][round-1], s["rich"][round-1])
	}
	ratio := s.ratio("rich", "plain")
	l.table.add(row{
		figure: "CPU per event of a webhook with everything, against a plain one", value: ratio, shown: fmt.Sprintf("%.2f", ratio),
		goal:   atMost(1.3, "1.3"),
		beside: fmt.Sprintf("%.0f µs against %.0f µs: JSON template, OAuth, signatures, filter", s.median("rich"), s.median("plain")),
	})
	if err := plain.shutdown(); err != nil {
		return err
	}
	return rich.shutdown()
}

// cpuPerEvent floods one node and adds what an event cost it, in microseconds.
func (l *lab) cpuPerEvent(ctx context.Context, s series, name string, n *node) error {
	before, err := cpuTime(n.pid())
	if err != nil {
		return err
	}
	b, _, err := l.floodAndAwait(ctx, 16, l.plan.flood16, n.ingest())
	if err != nil {
		return err
	}
	after, err := cpuTime(n.pid())
	if err != nil {
		return err
	}
	s.add(name, float64((after-before).Microseconds())/float64(b.len()))
	return nil
}

// richWebhook uses all that a request can be made of.
func richWebhook(url, tokens string) map[string]any {
	return map[string]any{
		"name": "Everything", "url": url,
		"headers": []any{map[string]any{"name": "X-Release", "value": "v{{data.release}}"}},
		"params":  []any{map[string]any{"name": "author", "value": "{{data.author.id}}"}},
		"auth":    map[string]any{"kind": "oauth2", "client_id": "bench", "client_secret": "bench-client-secret", "token_url": tokens},
		"body": map[string]any{"format": "json", "template": `{"marker": "{{data.marker}}", "text": "{{data.author.name}} published {{data.release}}", ` +
			`"author": "{{data.author}}", "notes": "{{data.notes}}", "event": {"id": "{{event.id}}", "at": "{{event.occurred_at}}"}, "fixed": [1, 2, 3]}`},
		"signing":       map[string]any{"jwt": true, "hmac": true, "secret": "bench-secret-0123456789abcdef0123456789abcdef"},
		"subscriptions": map[string]any{"types": []string{mainType}, "filter": `data.public && data.author.id > 0`},
	}
}

// serveTokens is an OAuth token server whose tokens outlast the run.
func serveTokens() (url string, stop func(), err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	server := &http.Server{ReadHeaderTimeout: time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{"access_token": "bench-token-0123456789", "token_type": "Bearer", "expires_in": 86400})
	})}
	go func() { _ = server.Serve(listener) }()
	return "http://" + listener.Addr().String() + "/token", func() { _ = server.Close() }, nil
}
