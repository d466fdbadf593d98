package browsertest

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"hookline/app/apptest"
	"hookline/app/service"
	"hookline/models"
)

// ui.md, "Every width": the column that a row begins with has room for a name, and
// no head of a column runs into the next.
func TestEveryColumnHasRoom(t *testing.T) {
	s := apptest.NewServer(t, nil)
	b := open(t, s)
	b.setUp()
	hook := "/webhooks/" + made(t, s, "/webhooks", object{"name": "Orders to the warehouse", "url": "https://example.com/"})
	_, err := s.Service.Webhooks.Test(t.Context(), apptest.System, b.webhook().ID, service.TestInput{})
	require.NoError(t, err)
	_, _, err = s.Service.Tokens.Create(t.Context(), apptest.System, "Shop backend", []models.Scope{models.Admin}, b.webhook().CreatedAt.AddDate(1, 0, 0))
	require.NoError(t, err)
	for _, page := range []string{"/tokens", "/audit", "/webhooks", "/event-types", "/team", "/deliveries", hook + "/logs"} {
		b.visit(page)
		for _, width := range []int64{768, 820, 1024, 1152, 1280, 1440} {
			b.do(chromedp.EmulateViewport(width, 900))
			narrow, err := chromedp.Run(b.ctx, chromedp.Evaluate[[]string](`[
				...[...document.querySelectorAll("main td.lead")].filter(e => e.offsetParent && e.clientWidth < 110),
				...[...document.querySelectorAll("main th")].filter(e => e.offsetParent && e.scrollWidth > e.clientWidth + 1),
			].map(e => e.textContent.trim() + ": " + e.clientWidth + " px")`))
			require.NoError(t, err)
			require.Empty(t, narrow, fmt.Sprintf("%s at %d", page, width))
		}
	}
}
