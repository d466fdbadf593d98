package browsertest

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"hookline/app/apptest"
	"hookline/app/apptest/browser"
	"hookline/app/config"
)

// B4, end to end without any setting: the URL is there, a webhook is pointed at
// it in one click, and its test appears without a reload.
func TestB4_CaptureInTheBrowser(t *testing.T) {
	s := apptest.NewServer(t, func(c *config.Server) { c.AllowHTTP, c.AllowTargets = false, nil })
	b := open(t, s)
	b.setUp()
	b.follow(chromedp.Click(`//aside//a[normalize-space()="Capture"]`))
	require.Contains(t, b.text("main"), "Waiting for the first request")
	b.shot("capture-first")
	captureAt, target := b.at(), strings.TrimSpace(b.text("#capture-url"))
	require.True(t, strings.HasPrefix(target, s.BaseURL+"/capture/in/"))

	b.await(`document.querySelector("[data-live-bar=captured]").dataset.state === "live"`)
	b.do(chromedp.Evaluate[chromedp.Void](`window.stayed = true`))
	hostile(t, s, target)
	b.await(`document.querySelectorAll("#captured li").length === 1`)
	b.await(`getComputedStyle(document.querySelector(".capture-wait")).display === "none"`)
	b.await(`window.stayed === true`)

	b.follow(chromedp.Click(button("New webhook to this endpoint")))
	b.do(chromedp.SendKeys(field("name"), "To capture"))
	b.follow(chromedp.Click(button("Add webhook")))
	require.Contains(t, b.text("main"), "whsec_")
	hook := b.webhook()
	require.Equal(t, target, hook.URL)
	b.visit(captureAt)
	require.Contains(t, b.text("#capture-url"), target)
	b.await(`document.querySelector("[data-live-bar=captured]").dataset.state === "live"`)
	b.do(chromedp.Evaluate[chromedp.Void](`window.stayed = true`))
	require.Equal(t, 200, s.Call(t, "POST", "/api/v1/webhooks/"+hook.ID+"/test", nil, nil))
	b.await(`document.querySelectorAll("#captured li").length === 2`)
	b.await(`window.stayed === true`)
	b.shot("capture")

	// With the keyboard alone.
	b.do(chromedp.Focus(chromedp.CSS("#captured li:first-child a")))
	b.follow(browser.Press("\r"))
	text := b.text("main")
	require.Contains(t, text, "The HMAC signature is valid")
	require.Contains(t, text, "The token is valid")
	require.Contains(t, text, "To capture")
	b.await(`document.querySelectorAll("#captured a[aria-current]").length === 1`)
	b.shot("capture-request")

	axe := browser.AxeSource(t)
	b.visit(captureAt)
	b.follow(chromedp.Click(chromedp.CSS("#captured li:last-child a")))
	for _, path := range []string{captureAt, b.at()} {
		for _, width := range []int64{1280, 360} {
			b.do(chromedp.EmulateViewport(width, 800))
			b.visit(path)
			require.Empty(t, browser.Axe(t, b.ctx, axe), "%s %d", path, width)
			b.await(`document.documentElement.scrollWidth <= innerWidth`)
			b.await(`window.pwned === undefined`)
		}
		b.shot("capture-phone")
	}
	b.quiet()
}

// hostile sends what an attacker who has the URL would.
func hostile(t *testing.T, s *apptest.Server, target string) {
	t.Helper()
	path := strings.TrimPrefix(target, s.BaseURL)
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.BaseURL, "http://"))
	require.NoError(t, err)
	defer conn.Close()
	_, err = io.WriteString(conn, "HX-'`POST "+path+`/"><script>window.pwned=1</script>?<script>=<img/src=x/onerror=window.pwned=1> HTTP/1.1`+"\r\nHost: x\r\n"+
		"X-Evil: "+attack+"\r\nContent-Length: 34\r\n\r\n<script>window.pwned=1</script>\x00\xff\r")
	require.NoError(t, err)
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(t, err)
	require.Equal(t, 200, resp.StatusCode)
}

// B4 with plain forms and links alone.
func TestB4_CaptureWithoutJavaScript(t *testing.T) {
	s := apptest.NewServer(t, nil)
	b := open(t, s)
	b.withoutScript()
	b.setUp()
	b.visit("/capture")
	target := strings.TrimSpace(b.text("#capture-url"))
	b.do(chromedp.SetValue(field("status"), "99"))
	require.Equal(t, int64(422), b.follow(chromedp.Submit(field("status"))))
	b.do(chromedp.SetValue(field("status"), "201"))
	b.follow(chromedp.Submit(field("status")))
	resp, err := http.Post(target, "text/plain", strings.NewReader("plain"))
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, 201, resp.StatusCode)
	s.Capture.Flush()
	b.visit("/capture")
	b.follow(chromedp.Click(chromedp.CSS("#captured a")))
	r := apptest.NewReceiver(t)
	b.do(chromedp.SendKeys(field("url"), r.URL+"/replayed"))
	b.follow(chromedp.Submit(field("url")))
	require.Equal(t, "plain", string(r.Wait(t, 1)[0].Body))
	require.Contains(t, b.text("main"), "Answered 200")
	b.visit("/capture")
	b.follow(chromedp.Click(`//dialog//button[@type="submit" and normalize-space()="Rotate URL"]`))
	require.NotEqual(t, target, strings.TrimSpace(b.text("#capture-url")))
	b.follow(chromedp.Click(`//dialog//button[@type="submit" and normalize-space()="Clear all requests"]`))
	require.Contains(t, b.text("main"), "Waiting for the first request")
}
