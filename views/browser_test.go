package views_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"hookline/app/apptest/browser"
	"hookline/static"
)

const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; report-uri /csp"

// gallery serves every page under its name, as the real server would.
type gallery struct {
	*httptest.Server
	mu       sync.Mutex
	breaches []string      // of the content security policy
	notes    []string      // what pages asked for
	told     *telling      // by streams
	over     chan struct{} // closed at the end
}

func newGallery(t *testing.T) *gallery {
	g := &gallery{over: make(chan struct{})}
	g.quiet()
	mux := http.NewServeMux()
	mux.Handle(static.Prefix, static.Handler())
	mux.HandleFunc("POST /csp", func(_ http.ResponseWriter, r *http.Request) {
		report, _ := io.ReadAll(r.Body)
		g.mu.Lock()
		defer g.mu.Unlock()
		g.breaches = append(g.breaches, string(report))
	})
	g.answer(mux, t)
	all := pages()
	mux.HandleFunc("GET /page/{theme}/{name}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		html := render(t, all[r.PathValue("name")])
		_, _ = io.WriteString(w, strings.Replace(html, `data-theme="system"`, `data-theme="`+r.PathValue("theme")+`"`, 1))
	})
	g.Server = httptest.NewServer(mux)
	t.Cleanup(func() {
		close(g.over) // streams stay open, and are opened again when they break
		g.CloseClientConnections()
		g.Close()
	})
	return g
}

// Every page, both themes, phone and desk: axe finds nothing, nothing sticks out
// at the side, the policy is never breached. With HOOKLINE_SHOTS=folder it leaves
// a picture of each.
func TestPagesInABrowser(t *testing.T) {
	ctx := browser.New(t)
	axe, site := browser.AxeSource(t), newGallery(t)
	for _, name := range wanted() {
		require.NoError(t, chromedp.Do(ctx, chromedp.Navigate(site.URL+"/page/light/"+name)))
		browser.Inspect(t, ctx, axe, name)
		site.shots(t, ctx, name)
	}
	require.Empty(t, site.breaches)
}

// wanted are the pages to look at: all, or those whose name starts with
// HOOKLINE_PAGES.
func wanted() []string {
	var names []string
	for name := range pages() {
		if strings.HasPrefix(name, os.Getenv("HOOKLINE_PAGES")) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
