package page

import (
	"context"
	"net/http"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"hookline/app/service"
	"hookline/app/web/form"
	"hookline/models"
	"hookline/views/link"
	"hookline/views/permissions"
	"hookline/views/ui"
	"hookline/views/webhooks"
)

// Permissions are the pages of grants (Z8).
type Permissions struct{ Deps }

// Overview shows all webhooks and their grants.
func (p Permissions) Overview(c echo.Context) error {
	query, cursor := form.Query(c.QueryParam("q")), c.QueryParam("cursor")
	page, err := p.Service.Grants.Overview(c.Request().Context(), p.actor(c), query, models.PageRequest{Cursor: cursor, Limit: pageSize})
	if err != nil {
		return err
	}
	props := permissions.OverviewProps{Page: p.Frame(c), Query: query, Items: make([]permissions.Shared, len(page.Items))}
	for i, s := range page.Items {
		props.Items[i] = permissions.Shared{Webhook: s.Webhook, Grants: grantsOf(s)}
	}
	props.Pager = ui.PagerOf(cursor, page.Older, func(at string) string { return link.PermissionsPage(query, at) })
	return form.Draw(c, http.StatusOK, permissions.Overview(props))
}

func grantsOf(s service.Shared) []permissions.Grant {
	grants := make([]permissions.Grant, len(s.Grants))
	for i, g := range s.Grants {
		grants[i] = permissions.Grant{Holder: g.Holder, Level: g.Grant.Level, CreatedAt: g.Grant.CreatedAt}
	}
	return grants
}

// Show is a webhook's Permissions tab.
func (p Permissions) Show(c echo.Context) error {
	share, err := p.share(c)
	if err != nil {
		return err
	}
	return p.draw(c, http.StatusOK, share)
}

// share is what stands on the tab, with an empty form.
func (p Permissions) share(c echo.Context) (permissions.ShareProps, error) {
	ctx, actor, id := c.Request().Context(), p.actor(c), c.Param("id")
	shared, err := p.Service.Grants.List(ctx, actor, id)
	if err != nil {
		return permissions.ShareProps{}, err
	}
	cursor := c.QueryParam("cursor")
	people, err := p.Service.Grants.Entitled(ctx, actor, id, models.PageRequest{Cursor: cursor})
	if err != nil {
		return permissions.ShareProps{}, err
	}
	share := permissions.ShareProps{
		CSRF: p.CSRF.Token(c), Now: p.Now(), Webhook: shared.Webhook, Values: permissions.FormValues{Level: string(models.ViewGrant)},
		Grants: grantsOf(shared), People: people.Items,
	}
	share.Pager = ui.PagerOf(cursor, people.Older, func(at string) string { return link.WebhookPermissionsPage(id, at) })
	return share, nil
}

// draw answers with the tab, or for htmx with the part that changes.
func (p Permissions) draw(c echo.Context, code int, share permissions.ShareProps) error {
	if form.HX(c) {
		return form.Draw(c, code, permissions.Share(share))
	}
	types, err := p.types(c)
	if err != nil {
		return err
	}
	return form.Draw(c, code, webhooks.Permissions(webhooks.PermissionsProps{
		Page: p.Frame(c), Webhook: share.Webhook, Types: types, Share: share, May: Webhooks(p).may(c, share.Webhook.ID),
	}))
}

// Suggest is the list of a type-ahead.
func (p Permissions) Suggest(c echo.Context) error {
	text := form.Key(c.QueryParam("q"), maxEmail)
	list, err := p.Service.Grants.Suggest(c.Request().Context(), p.actor(c), c.Param("id"), text)
	if err != nil {
		return err
	}
	return form.Draw(c, http.StatusOK, ui.ComboboxOptions(permissions.Options(candidates(list)), "Nobody is called that. Try fewer letters."))
}

func candidates(list []service.Suggestion) []permissions.Candidate {
	out := make([]permissions.Candidate, len(list))
	for i, s := range list {
		out[i] = permissions.Candidate{Holder: s.Holder, Level: s.Level, Reasons: s.Reasons}
	}
	return out
}

// Give shares the webhook with whom the form names. When that is not clear, the
// form asks back.
func (p Permissions) Give(c echo.Context) error {
	ctx, actor, v := c.Request().Context(), p.actor(c), c.Request().PostForm
	values := permissions.FormValues{Text: form.Key(v.Get("q"), maxEmail), Holder: v.Get("holder"), Picked: v.Get("picked"), Level: v.Get("level")}
	holder, among, err := p.meant(ctx, actor, c.Param("id"), values)
	if err == nil {
		_, err = p.Service.Grants.Give(ctx, actor, c.Param("id"), holder, models.Level(values.Level))
	}
	if redrawn(err) {
		return p.again(c, values, among, err)
	}
	if err != nil {
		return err
	}
	return p.done(c, "grant-given")
}

// meant is the id of the user or team that the form names; the error says why it
// names none, among whom one has to choose.
func (p Permissions) meant(ctx context.Context, actor models.Actor, webhookID string, v permissions.FormValues) (id string, among []service.Suggestion, err error) {
	if v.Picked != "" {
		return v.Picked, nil, nil
	}
	found, among, err := p.Service.Grants.Find(ctx, actor, webhookID, v.Text, v.Holder)
	if err != nil {
		return "", nil, err
	}
	if found != nil {
		return found.ID, nil, nil
	}
	var faults models.FieldErrors
	switch {
	case v.Text == "":
		among = nil
		faults.Add("holder", "Type the name or e-mail address of a user, or the name of a team.")
	case len(among) == 0:
		faults.Add("holder", "Nobody is called that. Try fewer letters, or ask an owner to invite them.")
	default:
		faults.Add("holder", "This may mean one of several. Choose one, or type the whole name or e-mail address.")
	}
	return "", among, faults.Err()
}

func (p Permissions) again(c echo.Context, values permissions.FormValues, among []service.Suggestion, err error) error {
	share, failed := p.share(c)
	if failed != nil {
		return failed
	}
	share.Values, share.Errors, share.Candidates = values, fieldErrors(err), candidates(among)
	return p.draw(c, form.StatusOf(c, err), share)
}

// SetLevel changes a grant that is there.
func (p Permissions) SetLevel(c echo.Context) error {
	level := models.Level(c.Request().PostForm.Get("level"))
	if _, err := p.Service.Grants.SetLevel(c.Request().Context(), p.actor(c), c.Param("id"), c.Param("holder"), level); err != nil {
		return err
	}
	return p.done(c, "grant-changed")
}

// Revoke takes a grant away.
func (p Permissions) Revoke(c echo.Context) error {
	if _, err := p.Service.Grants.Revoke(c.Request().Context(), p.actor(c), c.Param("id"), c.Param("holder")); err != nil {
		return err
	}
	return p.done(c, "grant-revoked")
}

// done shows the tab as it is now, with a message.
func (p Permissions) done(c echo.Context, flash string) error {
	if !form.HX(c) {
		return p.onward(c, link.WebhookPermissions(c.Param("id")), flash)
	}
	share, err := p.share(c)
	if err != nil {
		return err
	}
	return form.Draw(c, http.StatusOK, templ.Join(permissions.Share(share), ui.ToastOOB(flashes[flash])))
}
