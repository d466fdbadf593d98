package views_test

import (
	"context"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"hookline/app/apptest/browser"
	"hookline/views/deliveries"
)

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

// session is one browser on the pages of the gallery, with scripts on.
type session struct {
	*gallery
	ctx context.Context
}

func (s session) at(name string) string { return s.URL + "/page/dark/" + name }

func TestTheScript(t *testing.T) {
	s := session{gallery: newGallery(t), ctx: browser.New(t)}
	t.Run("rows", s.rows)
	t.Run("live log", s.liveLog)
	t.Run("drawer", s.drawer)
	t.Run("form", s.form)
	t.Run("layout", s.layout)
	t.Run("dialogs", s.dialogs)
	t.Run("payload", s.payload)
	require.Empty(t, s.breaches)
}

func (s session) rows(t *testing.T) {
	t.Run("a switch swaps its row and keeps the focus", func(t *testing.T) {
		see(t, s.ctx, s.at("webhooks-calm"), steps(chromedp.Click("#switch-wh_1")),
			`document.querySelector("#switch-wh_1").ariaChecked === "false" && document.activeElement.id === "switch-wh_1" && document.querySelector("#toasts").textContent.includes("Switched off.")`)
		require.Contains(t, s.noted(), "csrf-token-value csrf-token-value")
	})
	t.Run("a retriggered row changes in place, and again when it is told", func(t *testing.T) {
		told := s.quiet()
		see(t, s.ctx, s.at("logs"), steps(chromedp.Click("#retrigger-dlv_5")), `document.querySelector("#row-dlv_5").textContent.includes("Pending") && document.activeElement.id === "retrigger-dlv_5" && document.querySelector("#toasts").textContent.includes("Due now.")`)
		told.tell(render(t, deliveries.Row(liveRow("dlv_5", false))))
		_, err := chromedp.Run(s.ctx, chromedp.Poll[bool](`document.querySelector("#row-dlv_5").textContent.includes("Succeeded") && document.activeElement.id === "retrigger-dlv_5" && document.querySelectorAll("#row-dlv_5").length === 1`))
		require.NoError(t, err)
	})
	t.Run("a refusal is told", func(t *testing.T) {
		see(t, s.ctx, s.at("logs"), steps(chromedp.Click("#retrigger-dlv_6")), `document.querySelector("#toasts").textContent.includes("Nothing was changed. It is shared with you to look at only.")`)
	})
	t.Run("search as one types", func(t *testing.T) {
		see(t, s.ctx, s.at("webhooks-calm"), steps(chromedp.SendKeys("#search", "nope")),
			`document.querySelector("#results").textContent.includes("No webhook matches") && document.activeElement.id === "search" && location.search === "?q=nope"`)
	})
	t.Run("raw and pretty", func(t *testing.T) {
		see(t, s.ctx, s.at("delivery"), steps(chromedp.Click(`.code:has(#request-body) label:has([value=raw])`)),
			`getComputedStyle(document.querySelector("#request-body")).display === "block" && document.querySelector("#request-body").textContent.startsWith('{"title"')`)
	})
	t.Run("a delivery's page follows it", func(t *testing.T) {
		told := s.quiet()
		see(t, s.ctx, s.at("delivery-pending"), nil, `document.querySelector("#delivery").textContent.includes("first attempt")`)
		done := deliveryPages()["delivery"]
		done.Delivery.ID = "dlv_4"
		told.tell(render(t, deliveries.Detail(done)))
		_, err := chromedp.Run(s.ctx, chromedp.Poll[bool](`document.querySelector("#delivery").textContent.includes("Delivered:")`))
		require.NoError(t, err)
	})
}

func (s session) liveLog(t *testing.T) {
	t.Run("what is new comes on top, or waits while paused", func(t *testing.T) {
		told := s.quiet()
		see(t, s.ctx, s.at("logs"), nil, `document.querySelector("[data-live-label]").textContent === "Live"`)
		told.tell(render(t, deliveries.Row(liveRow("dlv_8", true))))
		for _, js := range []string{
			`document.querySelector("#log").firstElementChild.id === "row-dlv_8"`,
			`(document.querySelector("[data-live-toggle]").click(), true)`,
		} {
			_, err := chromedp.Run(s.ctx, chromedp.Poll[bool](js))
			require.NoError(t, err)
		}
		told.tell(render(t, deliveries.Row(liveRow("dlv_9", true))))
		for _, js := range []string{
			`document.querySelector("[data-live-toggle]").textContent === "Resume (1 new)" && !document.querySelector("#row-dlv_9")`,
			`(document.querySelector("[data-live-toggle]").click(), true)`,
			`document.querySelector("#log").firstElementChild.id === "row-dlv_9"`,
		} {
			_, err := chromedp.Run(s.ctx, chromedp.Poll[bool](js))
			require.NoError(t, err)
		}
	})
	t.Run("B8 Home changes around what one is at", func(t *testing.T) {
		told, changed := s.quiet(), homePages()["home-broken"]
		see(t, s.ctx, s.at("home-broken"), steps(chromedp.Focus("#home-problems li:nth-child(2) .problem-actions a")),
			`document.querySelector("[data-live-label]").textContent === "Live" && (document.querySelector("#home-charts details").open = true)`)
		changed.Problems = changed.Problems[1:]
		changed.Stats.Total.Succeeded++
		for _, part := range changed.Parts() {
			told.tell(render(t, part.View))
		}
		_, err := chromedp.Run(s.ctx, chromedp.Poll[bool](`document.querySelectorAll("#home-problems li").length === `+strconv.Itoa(len(changed.Problems))+
			` && document.activeElement === document.querySelector("#home-problems li:first-child .problem-actions a") && document.querySelector("#home-charts details").open`))
		require.NoError(t, err)
	})
}

func (s session) drawer(t *testing.T) {
	t.Run("B6 the drawer by keys alone", func(t *testing.T) {
		s.quiet()
		see(t, s.ctx, s.at("logs"), steps(browser.Press("j"), browser.Press("j")), `document.activeElement.closest("tr").id === "row-dlv_2"`)
		see2 := func(js string, keys ...string) {
			t.Helper()
			for _, key := range keys {
				require.NoError(t, chromedp.Do(s.ctx, browser.Press(key)))
			}
			_, err := chromedp.Run(s.ctx, chromedp.Poll[bool](js))
			require.NoError(t, err, js)
		}
		see2(`location.pathname === "/deliveries/dlv_2" && document.querySelector("#drawer").open && document.querySelector("#drawer").contains(document.activeElement)`, kb.Enter)
		s.shot(t, s.ctx, "drawer")
		see2(`location.pathname === "/deliveries/dlv_3" && document.querySelector("#follow").dataset.delivery === "dlv_3"`, "j")
		see2(`location.pathname === "/deliveries/dlv_2" && document.querySelector("#follow").dataset.delivery === "dlv_2"`, kb.ArrowUp)
		see2(`location.pathname.endsWith("/logs") && !document.querySelector("#drawer").open && document.activeElement.closest("tr").id === "row-dlv_2"`, kb.Escape)
	})
}

func (s session) layout(t *testing.T) {
	t.Run("keys", func(t *testing.T) {
		see(t, s.ctx, s.at("webhooks-calm"), steps(browser.Press("/")), `document.activeElement.id === "search"`)
		see(t, s.ctx, s.at("webhooks-calm"), steps(browser.Press("?")), `document.querySelector("#shortcuts").open`)
		s.shot(t, s.ctx, "open-shortcuts")
	})
	t.Run("the theme is set at once and saved", func(t *testing.T) {
		see(t, s.ctx, s.at("webhooks-calm"), steps(chromedp.Click(".account")), `document.querySelector("#user-menu").matches(":popover-open")`)
		s.shot(t, s.ctx, "open-menu")
		require.NoError(t, chromedp.Do(s.ctx, chromedp.Click("#user-menu [value=light]")))
		_, err := chromedp.Run(s.ctx, chromedp.Poll[bool](`document.documentElement.dataset.theme === "light"`))
		require.NoError(t, err)
		require.Eventually(t, func() bool { return slices.Contains(s.noted(), "theme light") }, 10*time.Second, 10*time.Millisecond)
	})
	t.Run("the menu of a phone", func(t *testing.T) {
		require.NoError(t, chromedp.Do(s.ctx, chromedp.EmulateViewport(360, 700), chromedp.Navigate(s.at("webhooks-calm")), chromedp.Click(".topbar summary")))
		require.NoError(t, chromedp.Do(s.ctx, chromedp.WaitVisible(".topbar-panel .menu-item")))
		s.shot(t, s.ctx, "open-phone")
	})
}

func (s session) dialogs(t *testing.T) {
	t.Run("B12 the receiver in another language, by the keyboard", func(t *testing.T) {
		see(t, s.ctx, s.at("details-rotated"), steps(chromedp.Focus("input[name=snippet]"), browser.Press(kb.ArrowRight), browser.Press(kb.ArrowRight)),
			`getComputedStyle(document.querySelector(".snippet-python")).display === "block" && getComputedStyle(document.querySelector(".snippet-go")).display === "none" && document.querySelector("#snippet-python").textContent.startsWith('"""A receiver')`)
	})
	t.Run("a dialog opens and closes", func(t *testing.T) {
		see(t, s.ctx, s.at("details"), steps(chromedp.Click("[data-opens=send-test]")), `document.querySelector("#send-test").open && document.querySelector("#test-data") !== null`)
		s.shot(t, s.ctx, "open-test")
		require.NoError(t, chromedp.Do(s.ctx, chromedp.Click("#send-test [command=close]"), chromedp.WaitNotVisible("#send-test")))
	})
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
