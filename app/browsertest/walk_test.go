package browsertest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"hookline/app/apptest"
	"hookline/app/apptest/browser"
)

const (
	email    = "pat@example.com"
	password = "correct horse battery"
)

// tab is a browser tab at the app, with a notebook of what the console said.
type tab struct {
	*apptest.Server
	ctx context.Context
	t   *testing.T

	mu      sync.Mutex
	console []string
}

func open(t *testing.T, s *apptest.Server) *tab {
	t.Helper()
	b := &tab{Server: s, ctx: browser.New(t), t: t}
	b.do(chromedp.EmulateViewport(1280, 900))
	messages := chromedp.Console(b.ctx)
	go func() {
		for m, err := range messages {
			if err != nil {
				return
			}
			b.mu.Lock()
			b.console = append(b.console, m.String())
			b.mu.Unlock()
		}
	}()
	return b
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	require.NoError(b.t, chromedp.Do(b.ctx, steps...))
}

// withoutScript is a browser that runs no JavaScript from now on.
func (b *tab) withoutScript() {
	b.t.Helper()
	_, err := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	require.NoError(b.t, err)
}

// visit opens a path of the app.
func (b *tab) visit(path string) {
	b.t.Helper()
	b.do(chromedp.Navigate(b.BaseURL + path))
}

// follow does what leads to another page, and waits until it is there.
func (b *tab) follow(steps ...chromedp.Action[chromedp.Void]) (status int64) {
	b.t.Helper()
	resp, err := chromedp.RunResponse(b.ctx, steps...)
	require.NoError(b.t, err)
	return resp.Status
}

func (b *tab) text(selector string) string {
	b.t.Helper()
	text, err := chromedp.Run(b.ctx, chromedp.Text(chromedp.CSS(selector)))
	require.NoError(b.t, err)
	return text
}

func (b *tab) at() string {
	b.t.Helper()
	where, err := chromedp.Run(b.ctx, chromedp.Location())
	require.NoError(b.t, err)
	return strings.TrimPrefix(where, b.BaseURL)
}

// await waits until a JavaScript expression is true, if need be on the page that
// is just taking the place of this one.
func (b *tab) await(expression string) {
	b.t.Helper()
	for pages := 0; ; pages++ {
		_, err := chromedp.Run(b.ctx, chromedp.Poll[chromedp.Void](expression, chromedp.WithPollingTimeout(apptest.Patience)))
		if err != nil && pages < 5 && strings.Contains(err.Error(), "context with specified id") {
			continue
		}
		require.NoError(b.t, err, expression)
		return
	}
}

func field(name string) chromedp.CSS { return chromedp.CSS(fmt.Sprintf("[name=%q]", name)) }

func button(text string) string {
	return fmt.Sprintf(`//main//*[self::button or self::a][normalize-space()=%q]`, text)
}

// setUp makes the first owner with the one-time link, in the browser.
func (b *tab) setUp() {
	b.t.Helper()
	token, err := b.Service.Accounts.OpenSetup(b.ctx)
	require.NoError(b.t, err)
	b.visit("/setup?token=" + url.QueryEscape(token))
	b.do(
		chromedp.SendKeys(field("site_name"), "Acme"), chromedp.SetValue(field("site_domain"), "acme.example"),
		chromedp.SendKeys(field("name"), "Pat"), chromedp.SendKeys(field("email"), email), chromedp.SendKeys(field("password"), password),
	)
	b.follow(chromedp.Click(button("Create workspace")))
	require.Equal(b.t, "/", b.at())
}

// quiet fails the test if the page broke its content security policy, or threw.
func (b *tab) quiet() {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, line := range b.console {
		require.NotContains(b.t, line, "Content Security Policy")
		require.NotContains(b.t, line, "Uncaught")
	}
}

// shot leaves a picture, when pictures are asked for.
func (b *tab) shot(name string) {
	b.t.Helper()
	dir := os.Getenv("HOOKLINE_SHOTS")
	if dir == "" {
		return
	}
	png, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	require.NoError(b.t, err)
	require.NoError(b.t, os.WriteFile(filepath.Join(dir, name+".png"), png, 0o600))
}
