package views_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"hookline/app/apptest/browser"
	"hookline/views/deliveries"
	"hookline/views/ui"
	"hookline/views/webhooks"
)

// answer plays the server for the requests that pages make in the background.
func (g *gallery) answer(mux *http.ServeMux, t *testing.T) {
	mux.HandleFunc("POST /webhooks/wh_1/status", func(w http.ResponseWriter, r *http.Request) {
		item := items()[0]
		item.Webhook.Enabled, item.May = r.FormValue("enabled") == "true", webhooks.All
		g.note(r.Header.Get("X-CSRF-Token") + " " + r.FormValue("csrf"))
		_, _ = io.WriteString(w, render(t, webhooks.Row(webhooks.RowProps{CSRF: "csrf-token-value", Now: now, Item: item})))
		_, _ = io.WriteString(w, render(t, ui.ToastOOB(ui.Flash{Kind: ui.FlashOK, Text: "Switched off."})))
	})
	mux.HandleFunc("POST /deliveries/dlv_5/retrigger", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, render(t, deliveries.Row(liveRow("dlv_5", true)))+render(t, ui.ToastOOB(ui.Flash{Kind: ui.FlashOK, Text: "Due now."})))
	})
	for _, path := range []string{"GET /webhooks/{id}/logs/stream", "GET /deliveries/stream", "GET /deliveries/{id}/stream", "GET /home/stream"} {
		mux.HandleFunc(path, g.stream)
	}
	mux.HandleFunc("POST /deliveries/dlv_6/retrigger", func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "It is shared with you to look at only.", http.StatusForbidden)
	})
	mux.HandleFunc("GET /webhooks", func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, render(t, webhooks.List(webhooks.ListProps{Page: page("/"), Query: r.FormValue("q")})))
	})
	mux.HandleFunc("GET /deliveries/{id}", func(w http.ResponseWriter, r *http.Request) {
		g.note("asked " + r.PathValue("id"))
		name := map[string]string{"dlv_2": "delivery-hostile", "dlv_1": "delivery-pending"}[r.PathValue("id")]
		if name == "" {
			name = "delivery"
		}
		p := deliveryPages()[name]
		p.Drawer, p.Delivery.ID = true, r.PathValue("id")
		_, _ = io.WriteString(w, render(t, deliveries.Follow(p)))
	})
	mux.HandleFunc("GET /webhooks/{id}/test", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, render(t, webhooks.TestHook(testProps())))
	})
	mux.HandleFunc("POST /theme", func(_ http.ResponseWriter, r *http.Request) { g.note("theme " + r.FormValue("theme")) })
}

// telling is what the streams of one subtest send: all of it to each of them, so
// that it does not matter which page's stream comes first or again.
type telling struct {
	mu    sync.Mutex
	parts []string
	more  chan struct{} // closed when a part is added
}

// after is what was told after the first n, and what to wait for when that is nothing.
func (l *telling) after(n int) ([]string, <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.parts[n:], l.more
}

func (l *telling) tell(html string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.parts = append(l.parts, html)
	close(l.more)
	l.more = make(chan struct{})
}

// quiet begins anew: streams that open from now on send what the result is told.
func (g *gallery) quiet() *telling {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.told = &telling{more: make(chan struct{})}
	return g.told
}

// stream plays the server's events: what the test tells.
func (g *gallery) stream(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodHead {
		return
	}
	g.mu.Lock()
	told := g.told
	g.mu.Unlock()
	for n := 0; ; {
		w.(http.Flusher).Flush()
		parts, more := told.after(n)
		for _, html := range parts {
			_, _ = io.WriteString(w, "event: part\ndata: "+strings.ReplaceAll(html, "\n", "\ndata: ")+"\n\n")
		}
		if n += len(parts); len(parts) > 0 {
			continue
		}
		select {
		case <-r.Context().Done():
			return
		case <-g.over:
			return
		case <-more:
		}
	}
}

func (g *gallery) note(text string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.notes = append(g.notes, text)
}

func (g *gallery) noted() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.notes)
}

func liveRow(id string, pending bool) deliveries.RowProps {
	p := rows()[0]
	p.Delivery.ID = id
	if !pending {
		p.Delivery = delivery(id, "succeeded", 3)
	}
	return p
}

func (g *gallery) shot(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	dir := os.Getenv("HOOKLINE_SHOTS")
	if dir == "" {
		return
	}
	require.NoError(t, os.MkdirAll(dir, 0o755))
	png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644))
}

// shots are pictures of the open page in both themes and at both widths.
func (g *gallery) shots(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	if os.Getenv("HOOKLINE_SHOTS") == "" {
		return
	}
	for _, theme := range []string{"light", "dark"} {
		for _, width := range []int64{360, 1280} {
			browser.Look{Theme: theme, Width: width}.Take(t, ctx)
			g.shot(t, ctx, fmt.Sprintf("%s-%s-%d", name, theme, width))
		}
	}
}
