package page

import (
	"context"

	"github.com/labstack/echo/v4"

	"hookline/models"
	"hookline/views/link"
)

// RestoreKey goes back to the signing key before the last rotation.
func (p Webhooks) RestoreKey(c echo.Context) error {
	return p.changeKey(c, p.Service.Webhooks.RestoreKey, "key-restored")
}

// EndOldKey wipes the old signing key before its time.
func (p Webhooks) EndOldKey(c echo.Context) error {
	return p.changeKey(c, p.Service.Webhooks.EndOldKey, "key-ended")
}

func (p Webhooks) changeKey(c echo.Context, change func(context.Context, models.Actor, string) (models.Webhook, error), flash string) error {
	w, err := change(c.Request().Context(), p.actor(c), c.Param("id"))
	if err != nil {
		return err
	}
	return p.onward(c, link.Webhook(w.ID), flash)
}
