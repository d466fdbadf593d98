package page

import (
	"time"

	"github.com/labstack/echo/v4"

	"hookline/app/web/form"
	"hookline/views/layout"
	"hookline/views/ui"
)

// A flash says after a redirect what was done. The cookie has a key of this
// list, never text, so a forged cookie cannot put a text of its own on the page.
const (
	flashCookie = "hookline-flash"
	flashFor    = time.Minute
)

var flashes = map[string]layout.Flash{
	"signed-out":          {Kind: ui.FlashInfo, Text: "You are signed out."},
	"webhook-created":     {Kind: ui.FlashOK, Text: "The webhook is saved."},
	"webhook-saved":       {Kind: ui.FlashOK, Text: "Saved. The next attempt uses it."},
	"webhook-on":          {Kind: ui.FlashOK, Text: "The webhook is on."},
	"webhook-off":         {Kind: ui.FlashOK, Text: "The webhook is off. What is pending waits until it is on again."},
	"webhook-duplicated":  {Kind: ui.FlashOK, Text: "This is the copy. It is switched off, and has none of the secrets."},
	"key-restored":        {Kind: ui.FlashOK, Text: "The old key signs again. The one it took the place of is kept for the rest of the time."},
	"key-ended":           {Kind: ui.FlashOK, Text: "The old key is gone."},
	"webhook-deleted":     {Kind: ui.FlashOK, Text: "The webhook is deleted."},
	"delivery-due":        {Kind: ui.FlashOK, Text: "The delivery is due now."},
	"delivery-again":      {Kind: ui.FlashOK, Text: "This is a new delivery of the same event."},
	"delivery-cancelled":  {Kind: ui.FlashOK, Text: "The delivery is cancelled."},
	"grant-given":         {Kind: ui.FlashOK, Text: "Shared. It counts from their next click on."},
	"grant-changed":       {Kind: ui.FlashOK, Text: "Changed. It counts from their next click on."},
	"grant-revoked":       {Kind: ui.FlashOK, Text: "The grant is revoked. What a role or a team still allows stands under “Who can do what, and why”."},
	"job-stopped":         {Kind: ui.FlashOK, Text: "The job is stopped. What was done stays done."},
	"capture-created":     {Kind: ui.FlashOK, Text: "The endpoint is there. Copy its URL and send something to it."},
	"capture-saved":       {Kind: ui.FlashOK, Text: "Saved. The next request gets this answer."},
	"capture-rotated":     {Kind: ui.FlashOK, Text: "The endpoint has a new URL. The old one works no more."},
	"capture-cleared":     {Kind: ui.FlashOK, Text: "All requests are deleted."},
	"capture-deleted":     {Kind: ui.FlashOK, Text: "The endpoint is deleted."},
	"captured-deleted":    {Kind: ui.FlashOK, Text: "The request is deleted."},
	"capture-used":        {Kind: ui.FlashOK, Text: "The webhook delivers to your capture endpoint now. Send a test to see it arrive."},
	"user-saved":          {Kind: ui.FlashOK, Text: "Saved. It counts from their next click."},
	"user-disabled":       {Kind: ui.FlashOK, Text: "The user is disabled and signed out everywhere."},
	"user-enabled":        {Kind: ui.FlashOK, Text: "The user is enabled and can sign in again."},
	"user-deleted":        {Kind: ui.FlashOK, Text: "The user is deleted and signed out everywhere."},
	"session-revoked":     {Kind: ui.FlashOK, Text: "The session is ended."},
	"sessions-revoked":    {Kind: ui.FlashOK, Text: "The sessions are ended."},
	"invitation-revoked":  {Kind: ui.FlashOK, Text: "The invitation is revoked. Its link works no more."},
	"team-created":        {Kind: ui.FlashOK, Text: "The team is made. Add its members."},
	"team-saved":          {Kind: ui.FlashOK, Text: "The team is saved."},
	"team-deleted":        {Kind: ui.FlashOK, Text: "The team is deleted."},
	"profile-saved":       {Kind: ui.FlashOK, Text: "Your profile is saved."},
	"password-changed":    {Kind: ui.FlashOK, Text: "Your password is changed. Your other sessions are ended."},
	"password-set":        {Kind: ui.FlashOK, Text: "Your password is set. Sign in with it."},
	"token-revoked":       {Kind: ui.FlashOK, Text: "The token is revoked. It works no more."},
	"connection-created":  {Kind: ui.FlashOK, Text: "The connection is saved. Fetch a token to see whether it works."},
	"connection-saved":    {Kind: ui.FlashOK, Text: "Saved. The next attempt of each webhook that uses it counts on it."},
	"connection-deleted":  {Kind: ui.FlashOK, Text: "The connection is deleted."},
	"settings-saved":      {Kind: ui.FlashOK, Text: "The settings are saved. The next request uses them."},
	"event-type-saved":    {Kind: ui.FlashOK, Text: "The event type is saved."},
	"event-type-archived": {Kind: ui.FlashOK, Text: "The event type is archived. It takes no more events."},
	"event-type-restored": {Kind: ui.FlashOK, Text: "The event type takes events again."},
	"category-renamed":    {Kind: ui.FlashOK, Text: "The category is renamed, and so are the subscriptions to it."},
	"participant-added":   {Kind: ui.FlashOK, Text: "The participant is added."},
	"participant-saved":   {Kind: ui.FlashOK, Text: "The participant is saved. Later events carry them so."},
	"participant-deleted": {Kind: ui.FlashOK, Text: "The participant is deleted."},
	"event-sent":          {Kind: ui.FlashOK, Text: "The event is published. This is where it goes."},
}

// onward leads on to a page, which then shows the message.
func (d Deps) onward(c echo.Context, to, flash string) error {
	if flash != "" {
		c.SetCookie(d.Cookies.Lasting(flashCookie, flash, flashFor))
	}
	return form.Onward(c, to)
}

// takeFlash is the message to show now, once; nil when there is none.
func (d Deps) takeFlash(c echo.Context) *layout.Flash {
	key := d.Cookies.Value(c.Request(), flashCookie)
	if key == "" {
		return nil
	}
	c.SetCookie(d.Cookies.Lasting(flashCookie, "", -time.Second))
	flash, known := flashes[key]
	if !known {
		return nil
	}
	return &flash
}
