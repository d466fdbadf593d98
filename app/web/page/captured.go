package page

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"hookline/app/policy"
	"hookline/app/service"
	"hookline/app/web/form"
	"hookline/models"
	"hookline/views/capture"
	"hookline/views/link"
)

// Request is one captured request in full, beside the list.
func (p Captures) Request(c echo.Context) error {
	return p.drawRequest(c, http.StatusOK, func(*capture.Detail) {})
}

func (p Captures) drawRequest(c echo.Context, code int, change func(*capture.Detail)) error {
	ctx, actor := c.Request().Context(), p.actor(c)
	view, err := p.Service.Captures.Get(ctx, actor, c.Param("id"))
	if err != nil {
		return err
	}
	r, err := p.Service.Captures.Request(ctx, actor, view.ID, c.Param("request"))
	if err != nil {
		return err
	}
	webhooks, err := p.webhooksFor(c, policy.TestWebhooks)
	if err != nil {
		return err
	}
	detail := capture.Detail{Request: r, Query: queryLines(r.Target), Webhooks: webhooks}
	detail.Origin = p.Service.Captures.Origin(ctx, actor, r)
	change(&detail)
	return p.draw(c, code, view, func(s *capture.ShowProps) { s.Detail = &detail })
}

// queryLines are the parameters in the order they came, decoded where they can
// be.
func queryLines(target string) (lines []models.HeaderLine) {
	_, query, _ := strings.Cut(target, "?")
	for pair := range strings.SplitSeq(query, "&") {
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		lines = append(lines, models.HeaderLine{Name: decoded(name), Value: decoded(value)})
	}
	return lines
}

func decoded(text string) string {
	if plain, err := url.QueryUnescape(text); err == nil {
		return strings.ToValidUTF8(plain, "\uFFFD")
	}
	return text
}

// DeleteRequest removes it.
func (p Captures) DeleteRequest(c echo.Context) error {
	if err := p.Service.Captures.DeleteRequest(c.Request().Context(), p.actor(c), c.Param("id"), c.Param("request")); err != nil {
		return err
	}
	return p.onward(c, link.Capture(c.Param("id")), "captured-deleted")
}

// Replay sends it once more and shows what came of it, in the answer itself: it
// is kept nowhere.
func (p Captures) Replay(c echo.Context) error {
	v := c.Request().PostForm
	in := service.ReplayInput{WebhookID: v.Get("webhook_id"), URL: v.Get("url")}
	res, err := p.Service.Captures.Replay(c.Request().Context(), p.actor(c), c.Param("id"), c.Param("request"), in)
	code := http.StatusOK
	if err != nil {
		if !redrawn(err) && models.CodeOf(err) != models.TooMany {
			return err
		}
		code = form.StatusOf(c, err)
	}
	return p.drawRequest(c, code, func(d *capture.Detail) {
		d.WebhookID, d.ReplayURL = in.WebhookID, in.URL
		if err != nil {
			d.Errors = fieldErrors(err)
			return
		}
		d.Result = &res
	})
}
