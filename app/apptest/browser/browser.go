// Package browser drives a real, headless Chromium for tests.
package browser

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// New starts a browser with an empty profile that ends with the test. A machine
// without Chromium fails it: what is not run proves nothing.
func New(t testing.TB) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	require.NoError(t, err, "the browser tests need Chromium: apt-get install chromium")
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.WSURLReadTimeout(time.Minute),
		chromedp.Flag("disable-quic", true), chromedp.Flag("hide-scrollbars", true), chromedp.Flag("disable-component-update", true))
	ctx, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, closeTab := chromedp.NewContext(ctx)
	t.Cleanup(closeTab)
	ctx, cancel := context.WithTimeout(ctx, 10*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// Press types keys as a person does: a key and its character are one event, so
// that a page that takes the key gets no character. chromedp.KeyEvent sends two.
func Press(keys string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		for _, key := range keys {
			events := kb.Encode(key)
			down, up := *events[0], *events[len(events)-1]
			if len(events) == 3 {
				down.Text, down.UnmodifiedText = events[1].Text, events[1].UnmodifiedText
			}
			for _, event := range []input.DispatchKeyEventParams{down, up} {
				if _, err := cdp.Call(ctx, target, input.DispatchKeyEvent, event); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// AxeSource is axe-core, to be evaluated in a page.
func AxeSource(t testing.TB) string {
	t.Helper()
	_, here, _, _ := runtime.Caller(0)
	source, err := os.ReadFile(filepath.Join(filepath.Dir(here), "../../../node_modules/axe-core/axe.min.js"))
	require.NoError(t, err, "the browser tests need axe-core: npm install")
	return string(source)
}

const (
	allRules = `["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]`
	colours  = `{type: "rule", values: ["color-contrast"]}`

	// Violations are all that is asked for; paths to what passed cost time.
	runAxe = `axe.run(document, {runOnly: %s, resultTypes: ["violations"], preload: false}).then(r =>
	r.violations.flatMap(v => v.nodes.map(n => v.id + " " + n.target.join(" ") + ": " + n.failureSummary.split("\n").slice(1).join(" "))))`

	tall = 4000 // px, at which nothing sticks over anything
)

// Look is a theme and the width of a window in px.
type Look struct {
	Theme string
	Width int64
	rules string
}

// Looks are those that Inspect takes at a page. The layout does not depend on the
// theme, and another theme changes nothing but colours.
var Looks = []Look{{"light", 360, allRules}, {"dark", 1280, colours}}

// Take gives the open page a look, at once: colours on their way say nothing.
func (l Look) Take(t testing.TB, ctx context.Context) {
	t.Helper()
	require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(l.Width, tall), chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`{
		const still = new CSSStyleSheet()
		still.replaceSync("*, ::before, ::after { transition: none !important }")
		document.adoptedStyleSheets = [still]
		document.documentElement.dataset.theme = %q
	}`, l.Theme))))
}

// Inspect fails the test for what is wrong with the open page, in each look:
// what axe-core finds, and what sticks out at the side.
func Inspect(t testing.TB, ctx context.Context, source, name string) {
	t.Helper()
	load(t, ctx, source)
	for _, look := range Looks {
		look.Take(t, ctx)
		over, err := chromedp.Run(ctx, chromedp.Evaluate[int](`document.documentElement.scrollWidth - innerWidth`))
		require.NoError(t, err)
		assert.LessOrEqual(t, over, 0, "%s: px too wide at %d", name, look.Width)
		assert.Empty(t, run(t, ctx, look.rules), "%s in %s", name, look.Theme)
	}
}

// Axe returns what axe-core finds wrong with the page in the browser.
func Axe(t testing.TB, ctx context.Context, source string) []string {
	t.Helper()
	load(t, ctx, source)
	return run(t, ctx, allRules)
}

func load(t testing.TB, ctx context.Context, source string) {
	t.Helper()
	_, err := chromedp.Run(ctx, chromedp.Evaluate[int](source+";0"))
	require.NoError(t, err)
}

func run(t testing.TB, ctx context.Context, rules string) []string {
	t.Helper()
	found, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](fmt.Sprintf(runAxe, rules), chromedp.EvalAwaitPromise))
	require.NoError(t, err)
	return found
}
