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

	"github.com/chromedp/chromedp"
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
	ctx, cancel := context.WithTimeout(ctx, 6*time.Minute)
	t.Cleanup(cancel)
	return ctx
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

	runAxe = `axe.run(document, {runOnly: %s}).then(r =>
	r.violations.flatMap(v => v.nodes.map(n => v.id + " " + n.target.join(" ") + ": " + n.failureSummary.split("\n").slice(1).join(" "))))`
)

// Axe returns what axe-core finds wrong with the page in the browser.
func Axe(t testing.TB, ctx context.Context, source string) []string {
	t.Helper()
	return axe(t, ctx, source, allRules)
}

// AxeColours looks at the contrast alone: all that another theme changes.
func AxeColours(t testing.TB, ctx context.Context, source string) []string {
	t.Helper()
	return axe(t, ctx, source, colours)
}

func axe(t testing.TB, ctx context.Context, source, rules string) []string {
	t.Helper()
	_, err := chromedp.Run(ctx, chromedp.Evaluate[int](source+";0"))
	require.NoError(t, err)
	found, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](fmt.Sprintf(runAxe, rules), chromedp.EvalAwaitPromise))
	require.NoError(t, err)
	return found
}
