package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"time"
)

const (
	homeUser, homePassword = "bench@example.com", "bench-password-0123456789"
	// homeWebhooks are in the statistics of the week; one of them has a backlog.
	homeWebhooks = 20
	homeVisits   = 50
)

// measureHome: the pages that sum deliveries up, over a large log with a backlog and trouble in it.
func measureHome(ctx context.Context, l *lab) error {
	var webhook string
	n, err := l.seededNode(ctx, func(s *seeder, n *node) error {
		webhook = s.webhook
		add := n.command("user", "add", "--email", homeUser, "--name", "Bench", "--role", "owner")
		add.Stdin = strings.NewReader(homePassword + "\n")
		if _, err := runCommand(ctx, add); err != nil {
			return err
		}
		s.spreadIDs(l.plan.homeRows + l.plan.homeWaiting)
		return errors.Join(s.finished(ctx, l.plan.homeRows, ""), s.waiting(ctx, l.reserve(l.plan.homeWaiting)), s.week(ctx, homeWebhooks))
	})
	if err != nil {
		return err
	}
	if n, err = startNodeAgain(ctx, n); err != nil {
		return err
	}
	defer n.kill()
	browser, err := n.signIn(ctx)
	if err != nil {
		return err
	}
	rows := thousands(float64(l.plan.homeRows))
	for _, page := range []struct{ name, path string }{
		{"Home, last 24 hours", "/"}, {"Home, last hour", "/?range=1h"}, {"Home, last 7 days", "/?range=7d"},
		{"the list of webhooks", "/webhooks"}, {"a webhook's page", "/webhooks/" + webhook + "?range=7d"},
		{"a webhook's log", "/webhooks/" + webhook + "/logs"}, {"the workspace's log", "/deliveries"}, {"its problems", "/deliveries?state=problem"},
		{"the test of a webhook", "/webhooks/" + webhook + "/test"}, {"who has a webhook", "/webhooks/" + webhook + "/permissions"},
		{"the stream of events", "/events"}, {"the catalog", "/event-types"}, {"bulk jobs", "/jobs"},
		{"what a bulk retrigger would do", "/deliveries/retrigger?state=problem"}, {"the audit log", "/audit"}, {"settings", "/settings"},
	} {
		took, err := n.visit(ctx, browser, page.path)
		if err != nil {
			return err
		}
		p50, p99 := milliseconds(percentile(took, 50)), milliseconds(percentile(took, 99))
		l.table.add(row{
			figure: page.name + ", " + rows + " deliveries, p50", value: p50, shown: fmt.Sprintf("%.1f ms", p50), goal: atMost(50, "50 ms"),
			beside: fmt.Sprintf("p99 %.1f ms; %s waiting", p99, thousands(float64(l.plan.homeWaiting))),
		})
	}
	return n.shutdown()
}

var csrfField = regexp.MustCompile(`name="csrf" value="([^"]+)"`)

// signIn is a browser with a session.
func (n *node) signIn(ctx context.Context) (*http.Client, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	browser := &http.Client{Timeout: 60 * time.Second, Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	status, page, err := n.fetch(ctx, browser, http.MethodGet, "/login", nil)
	if err != nil {
		return nil, err
	}
	token := csrfField.FindStringSubmatch(page)
	if token == nil {
		return nil, fmt.Errorf("the sign-in page (%d) has no token", status)
	}
	form := url.Values{"csrf": {token[1]}, "email": {homeUser}, "password": {homePassword}}
	status, _, err = n.fetch(ctx, browser, http.MethodPost, "/login", form)
	if err == nil && status != http.StatusSeeOther {
		err = fmt.Errorf("signing in answered %d", status)
	}
	return browser, err
}

// visit asks for a page again and again, after two visits that warm the caches.
func (n *node) visit(ctx context.Context, browser *http.Client, path string) ([]time.Duration, error) {
	var took []time.Duration
	for i := range homeVisits + 2 {
		started := time.Now()
		status, _, err := n.fetch(ctx, browser, http.MethodGet, path, nil)
		if err != nil {
			return nil, err
		}
		if status != http.StatusOK {
			return nil, fmt.Errorf("%s answered %d", path, status)
		}
		if i >= 2 {
			took = append(took, time.Since(started))
		}
	}
	return took, nil
}

func (n *node) fetch(ctx context.Context, browser *http.Client, method, path string, form url.Values) (status int, body string, err error) {
	req, err := http.NewRequestWithContext(ctx, method, "http://"+n.addr+path, strings.NewReader(form.Encode()))
	if err != nil {
		return 0, "", err
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := browser.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = res.Body.Close() }()
	all, err := io.ReadAll(res.Body)
	return res.StatusCode, string(all), err
}
