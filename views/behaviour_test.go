package views_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
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

// see opens a page, and fails when js is not true there in the end.
func see(t *testing.T, ctx context.Context, url string, do []chromedp.Action[chromedp.Void], js string) {
	t.Helper()
	require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(1280, 800), chromedp.Navigate(url)))
	for _, step := range do {
		require.NoError(t, chromedp.Do(ctx, step))
	}
	_, err := chromedp.Run(ctx, chromedp.Poll[bool](js))
	require.NoError(t, err, js)
}

func steps(s ...chromedp.Action[chromedp.Void]) []chromedp.Action[chromedp.Void] { return s }

func TestTheScript(t *testing.T) {
	ctx, g := browser.New(t), newGallery(t)
	at := func(name string) string { return g.URL + "/page/dark/" + name }

	t.Run("a switch swaps its row and keeps the focus", func(t *testing.T) {
		see(t, ctx, at("webhooks-calm"), steps(chromedp.Click("#switch-wh_1")),
			`document.querySelector("#switch-wh_1").ariaChecked === "false" && document.activeElement.id === "switch-wh_1" && document.querySelector("#toasts").textContent.includes("Switched off.")`)
		require.Contains(t, g.noted(), "csrf-token-value csrf-token-value")
	})
	t.Run("B12 the receiver in another language, by the keyboard", func(t *testing.T) {
		see(t, ctx, at("details-rotated"), steps(chromedp.Focus("input[name=snippet]"), browser.Press(kb.ArrowRight), browser.Press(kb.ArrowRight)),
			`getComputedStyle(document.querySelector(".snippet-python")).display === "block" && getComputedStyle(document.querySelector(".snippet-go")).display === "none" && document.querySelector("#snippet-python").textContent.startsWith('"""A receiver')`)
	})
	t.Run("a retriggered row changes in place, and again when it is told", func(t *testing.T) {
		told := g.quiet()
		see(t, ctx, at("logs"), steps(chromedp.Click("#retrigger-dlv_5")), `document.querySelector("#row-dlv_5").textContent.includes("Pending") && document.activeElement.id === "retrigger-dlv_5" && document.querySelector("#toasts").textContent.includes("Due now.")`)
		told.tell(render(t, deliveries.Row(liveRow("dlv_5", false))))
		_, err := chromedp.Run(ctx, chromedp.Poll[bool](`document.querySelector("#row-dlv_5").textContent.includes("Succeeded") && document.activeElement.id === "retrigger-dlv_5" && document.querySelectorAll("#row-dlv_5").length === 1`))
		require.NoError(t, err)
	})
	t.Run("what is new comes on top, or waits while paused", func(t *testing.T) {
		told := g.quiet()
		see(t, ctx, at("logs"), nil, `document.querySelector("[data-live-label]").textContent === "Live"`)
		told.tell(render(t, deliveries.Row(liveRow("dlv_8", true))))
		for _, js := range []string{
			`document.querySelector("#log").firstElementChild.id === "row-dlv_8"`,
			`(document.querySelector("[data-live-toggle]").click(), true)`,
		} {
			_, err := chromedp.Run(ctx, chromedp.Poll[bool](js))
			require.NoError(t, err)
		}
		told.tell(render(t, deliveries.Row(liveRow("dlv_9", true))))
		for _, js := range []string{
			`document.querySelector("[data-live-toggle]").textContent === "Resume (1 new)" && !document.querySelector("#row-dlv_9")`,
			`(document.querySelector("[data-live-toggle]").click(), true)`,
			`document.querySelector("#log").firstElementChild.id === "row-dlv_9"`,
		} {
			_, err := chromedp.Run(ctx, chromedp.Poll[bool](js))
			require.NoError(t, err)
		}
	})
	t.Run("B8 Home changes around what one is at", func(t *testing.T) {
		told, changed := g.quiet(), homePages()["home-broken"]
		see(t, ctx, at("home-broken"), steps(chromedp.Focus("#home-problems li:nth-child(2) .problem-actions a")),
			`document.querySelector("[data-live-label]").textContent === "Live" && (document.querySelector("#home-charts details").open = true)`)
		changed.Problems = changed.Problems[1:]
		changed.Stats.Total.Succeeded++
		for _, part := range changed.Parts() {
			told.tell(render(t, part.View))
		}
		_, err := chromedp.Run(ctx, chromedp.Poll[bool](`document.querySelectorAll("#home-problems li").length === `+strconv.Itoa(len(changed.Problems))+
			` && document.activeElement === document.querySelector("#home-problems li:first-child .problem-actions a") && document.querySelector("#home-charts details").open`))
		require.NoError(t, err)
	})
	t.Run("B6 the drawer by keys alone", func(t *testing.T) {
		g.quiet()
		see(t, ctx, at("logs"), steps(browser.Press("j"), browser.Press("j")), `document.activeElement.closest("tr").id === "row-dlv_2"`)
		see2 := func(js string, keys ...string) {
			t.Helper()
			for _, key := range keys {
				require.NoError(t, chromedp.Do(ctx, browser.Press(key)))
			}
			_, err := chromedp.Run(ctx, chromedp.Poll[bool](js))
			require.NoError(t, err, js)
		}
		see2(`location.pathname === "/deliveries/dlv_2" && document.querySelector("#drawer").open && document.querySelector("#drawer").contains(document.activeElement)`, kb.Enter)
		g.shot(t, ctx, "drawer")
		see2(`location.pathname === "/deliveries/dlv_3" && document.querySelector("#follow").dataset.delivery === "dlv_3"`, "j")
		see2(`location.pathname === "/deliveries/dlv_2" && document.querySelector("#follow").dataset.delivery === "dlv_2"`, kb.ArrowUp)
		see2(`location.pathname.endsWith("/logs") && !document.querySelector("#drawer").open && document.activeElement.closest("tr").id === "row-dlv_2"`, kb.Escape)
	})
	t.Run("a refusal is told", func(t *testing.T) {
		see(t, ctx, at("logs"), steps(chromedp.Click("#retrigger-dlv_6")), `document.querySelector("#toasts").textContent.includes("Nothing was changed. It is shared with you to look at only.")`)
	})
	t.Run("header rows can be added without end", func(t *testing.T) {
		add := chromedp.Click("[data-add-pair=headers]")
		see(t, ctx, at("form-edit"), steps(add, add, add, add),
			`document.querySelectorAll("[data-pairs=headers] > .pair:not(.spare)").length === 6 && document.querySelectorAll("[name='headers.5.value']").length === 1 && document.activeElement.name === "headers.5.name"`)
	})
	secretRow := func(value, readOnly, secret, button string) string {
		return `(([v, s, b]) => v.value === "` + value + `" && v.readOnly === ` + readOnly + ` && s.checked === ` + secret + ` && b.textContent === "` + button +
			`")(["#f-headers-1-value", "#f-headers-1-secret", "[data-pairs=headers] > .pair:nth-child(2) [data-secret-change]"].map((q) => document.querySelector(q)))`
	}
	t.Run("D4: what stops being secret is asked for again, and can stay as it was", func(t *testing.T) {
		see(t, ctx, at("form-edit"), nil, secretRow("***", "true", "true", "Replace"))
		off := chromedp.Click("#f-headers-1-secret")
		see(t, ctx, at("form-edit"), steps(off), secretRow("", "false", "false", "Cancel"))
		g.shot(t, ctx, "secret-off")
		cancel := chromedp.Click("[data-pairs=headers] > .pair:nth-child(2) [data-secret-change]")
		see(t, ctx, at("form-edit"), steps(off, cancel), secretRow("***", "true", "true", "Replace"))
	})
	t.Run("D4: a secret is replaced as a whole, and Escape keeps it", func(t *testing.T) {
		replace := chromedp.Click("[data-pairs=headers] > .pair:nth-child(2) [data-secret-change]")
		typed := chromedp.SendKeys("#f-headers-1-value", "new value")
		see(t, ctx, at("form-edit"), steps(replace, typed), secretRow("new value", "false", "true", "Cancel"))
		see(t, ctx, at("form-edit"), steps(replace, typed, chromedp.SendKeys("#f-headers-1-value", "\x1b")), secretRow("***", "true", "true", "Replace"))
	})
	t.Run("the fields of a new key show when it is asked for", func(t *testing.T) {
		see(t, ctx, at("form-edit"), nil, `!document.querySelector("#f-signing-secret").checkVisibility() && !document.querySelector("#f-signing-overlap").checkVisibility()`)
		see(t, ctx, at("form-edit"), steps(chromedp.Click("#f-signing-key-enter")), `document.querySelector("#f-signing-secret").checkVisibility() && document.querySelector("#f-signing-overlap").checkVisibility()`)
		g.shot(t, ctx, "key-enter")
		see(t, ctx, at("form-edit"), steps(chromedp.Click("#f-signing-key-make")), `!document.querySelector("#f-signing-secret").checkVisibility() && document.querySelector("#f-signing-overlap").checkVisibility()`)
	})
	t.Run("keys", func(t *testing.T) {
		see(t, ctx, at("webhooks-calm"), steps(browser.Press("/")), `document.activeElement.id === "search"`)
		see(t, ctx, at("webhooks-calm"), steps(browser.Press("?")), `document.querySelector("#shortcuts").open`)
		g.shot(t, ctx, "open-shortcuts")
	})
	t.Run("the theme is set at once and saved", func(t *testing.T) {
		see(t, ctx, at("webhooks-calm"), steps(chromedp.Click(".account")), `document.querySelector("#user-menu").matches(":popover-open")`)
		g.shot(t, ctx, "open-menu")
		require.NoError(t, chromedp.Do(ctx, chromedp.Click("#user-menu [value=light]")))
		_, err := chromedp.Run(ctx, chromedp.Poll[bool](`document.documentElement.dataset.theme === "light"`))
		require.NoError(t, err)
		require.Eventually(t, func() bool { return slices.Contains(g.noted(), "theme light") }, 10*time.Second, 10*time.Millisecond)
	})
	t.Run("raw and pretty", func(t *testing.T) {
		see(t, ctx, at("delivery"), steps(chromedp.Click(`.code:has(#request-body) label:has([value=raw])`)),
			`getComputedStyle(document.querySelector("#request-body")).display === "block" && document.querySelector("#request-body").textContent.startsWith('{"title"')`)
	})
	t.Run("search as one types", func(t *testing.T) {
		see(t, ctx, at("webhooks-calm"), steps(chromedp.SendKeys("#search", "nope")),
			`document.querySelector("#results").textContent.includes("No webhook matches") && document.activeElement.id === "search" && location.search === "?q=nope"`)
	})
	t.Run("a delivery's page follows it", func(t *testing.T) {
		told := g.quiet()
		see(t, ctx, at("delivery-pending"), nil, `document.querySelector("#delivery").textContent.includes("first attempt")`)
		done := deliveryPages()["delivery"]
		done.Delivery.ID = "dlv_4"
		told.tell(render(t, deliveries.Detail(done)))
		_, err := chromedp.Run(ctx, chromedp.Poll[bool](`document.querySelector("#delivery").textContent.includes("Delivered:")`))
		require.NoError(t, err)
	})
	t.Run("the menu of a phone", func(t *testing.T) {
		require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(360, 700), chromedp.Navigate(at("webhooks-calm")), chromedp.Click(".topbar summary")))
		require.NoError(t, chromedp.Do(ctx, chromedp.WaitVisible(".topbar-panel .menu-item")))
		g.shot(t, ctx, "open-phone")
	})
	t.Run("a dialog opens and closes", func(t *testing.T) {
		see(t, ctx, at("details"), steps(chromedp.Click("[data-opens=send-test]")), `document.querySelector("#send-test").open && document.querySelector("#test-data") !== null`)
		g.shot(t, ctx, "open-test")
		require.NoError(t, chromedp.Do(ctx, chromedp.Click("#send-test [command=close]"), chromedp.WaitNotVisible("#send-test")))
	})
	t.Run("Z5: a fault in the payload is told by line while one types", func(t *testing.T) {
		typed := `(() => { const area = document.querySelector("#test-data"); area.value = %s; area.dispatchEvent(new Event("input", { bubbles: true })); %s })()`
		for text, want := range map[string]string{ // in the words of form.JSONObject
			"{\n  \"a\": 1,\n  \"b\": tru\n}": "Line 3, column 11: this is not valid JSON",
			"\n\n{\"a\": tru}":                "Line 3, column 10: this is not valid JSON",
			"{\"a\": 1,}":                     "Line 1, column 8: this is not valid JSON",
			"{\"a\": 1, \"a\": 2}":            "Line 1, column 10: the name \"a\" is there twice",
			"{\"a\": \"x":                     "Line 1, column 9: the JSON ends too early",
			"{\"a\": [1":                      "the JSON ends too early",
			"{\"ü\": x}":                      "Line 1, column 7: this is not valid JSON",
			`{"a": "\q"}`:                     "Line 1, column 9: this is not valid JSON",
			"{} {}":                           "Line 1, column 4: one object is enough",
			"[1]":                             "This must be a JSON object",
			" ":                               "Enter a JSON object",
			strings.Repeat(`{"a":`, 70):       "nested more than 64",
			` {"a": [1.10e5, -0, true, null, {}, []], "ü\u00e4": "\""} `: "Valid JSON",
		} {
			see(t, ctx, at("test"), nil, fmt.Sprintf(typed, strconv.Quote(text), "return document.querySelector('[data-json-state]').textContent.includes("+strconv.Quote(want)+")"))
		}
		formatted := strconv.Quote("{\n  \"n\": 1.10,\n  \"l\": [],\n  \"o\": {\n    \"s\": \"a, {b}: c\"\n  }\n}")
		see(t, ctx, at("test"), nil, fmt.Sprintf(typed, strconv.Quote(`{"n":1.10,"l":[],"o":{"s":"a, {b}: c"}}`), `document.querySelector("[data-json-format]").click(); return area.value === `+formatted))
	})
	require.Empty(t, g.breaches)
}

// Without a script everything can still be reached: dialogs stand open, empty
// header rows and the buttons of filters show, copy buttons hide.
func TestWithoutScript(t *testing.T) {
	ctx, g := browser.New(t), newGallery(t)
	require.NoError(t, chromedp.Do(ctx, func(ctx context.Context, tab *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, tab, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return chromedp.Void{}, err
	}))
	for _, tt := range []struct{ name, shown, hidden string }{
		{"details", "a[data-opens=send-test]", "[data-copy]"},
		{"details", "#snippet-go", "#snippet-ruby"},
		{"test", "button[name=action]", "[data-json-format]"},
		{"form-new", "[data-pairs=headers] > .spare", ".when-custom"},
		{"logs", "form[role=search] button", "#shortcuts"},
		{"tokens", "#revoke-tok_1 [type=submit]", "#revoke-tok_1 h2"},
		{"webhooks", ".toast", "[data-dismiss]"},
		{"delivery-pending", ".page-actions [type=submit]", "[data-copy]"},
	} {
		require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(1280, 800), chromedp.Navigate(g.URL+"/page/light/"+tt.name)))
		require.NoError(t, chromedp.Do(ctx, chromedp.WaitVisible(tt.shown), chromedp.WaitNotVisible(tt.hidden)), tt.name)
		g.shot(t, ctx, "nojs-"+tt.name)
	}
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
