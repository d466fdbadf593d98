package page

import (
	"cmp"
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"hookline/app/policy"
	"hookline/app/service"
	"hookline/app/web/form"
	"hookline/models"
	"hookline/views/webhooks"
)

// Preview answers with the request that the form makes, during typing: of a new
// webhook, or of the one of the path. Nothing is saved.
func (p Webhooks) Preview(c echo.Context) error {
	w, f, err := p.unsaved(c)
	if err != nil {
		return err
	}
	if !form.HX(c) {
		return p.drawPreviewed(c, w, f)
	}
	shown, err := p.previewed(c, w.ID, f.Draft(), f.Source)
	if err != nil {
		return err
	}
	return form.Draw(c, http.StatusOK, webhooks.PreviewAnswer(webhooks.AnswerProps{
		Source: shown.source, Preview: shown.preview, Palette: shown.palette, Suggested: p.suggested(c, w, f.Fields), Hinted: f.Hinted,
	}))
}

// unsaved is the form as typed so far, and its webhook: that of the path, or zero for
// a new one.
func (p Webhooks) unsaved(c echo.Context) (w models.Webhook, f form.Webhook, err error) {
	if c.Param("id") != "" {
		if w, err = p.get(c, policy.ChangeWebhooks); err != nil {
			return w, f, err
		}
	}
	f, err = form.ReadWebhook(c.Request().PostForm, w)
	return w, f, err
}

// drawPreviewed draws the whole form with its preview, and each fault of the
// request beside its field.
func (p Webhooks) drawPreviewed(c echo.Context, w models.Webhook, f form.Webhook) error {
	d := redisplay(w, f, nil)
	d.source.Shown = "" // all of it is drawn
	shown, err := p.previewed(c, w.ID, d.draft, d.source)
	if err != nil {
		return err
	}
	return p.drawWith(c, http.StatusOK, redisplay(w, f, shown.preview.Faults), shown)
}

// previewed is what stands beside the form.
type previewed struct {
	source  webhooks.SourceProps
	preview webhooks.PreviewProps
	palette []webhooks.ValueGroup
}

// previewed renders the request from the chosen source. A source that is not there
// any more gives way to the type's sample.
func (p Webhooks) previewed(c echo.Context, id string, d service.WebhookDraft, chosen webhooks.SourceValues) (previewed, error) {
	ctx, actor := c.Request().Context(), p.actor(c)
	nobody, err := p.resolveParticipant(c, &chosen)
	if err != nil {
		return previewed{}, err
	}
	ask := func() (service.Previewed, error) {
		return p.Service.Webhooks.Preview(ctx, actor, id, d, service.PreviewSource{EventType: chosen.EventType, EventID: chosen.EventID, ParticipantID: chosen.ParticipantID})
	}
	got, err := ask()
	if models.CodeOf(err) == models.Invalid && (chosen.EventID != "" || chosen.ParticipantID != "") {
		chosen.EventID, chosen.Participant, chosen.ParticipantID = "", "", ""
		got, err = ask()
	}
	out := previewed{preview: p.previewOf(got, d.Settings.URL)}
	var refused *models.Error
	switch {
	case errors.As(err, &refused) && refused.Code == models.Invalid:
		out.preview.Problem = refused.Fields[0].Message
	case models.CodeOf(err) == models.TooMany && !form.HX(c):
		out.preview.Problem = refused.Message // the form is drawn all the same
	case err != nil:
		return out, err
	}
	chosen.EventType = cmp.Or(got.Event.Type, chosen.EventType)
	if out.source, err = p.sources(c, id, chosen); err != nil || chosen.Key() == chosen.Shown {
		return out, err
	}
	out.source.PersonFault = nobody
	out.palette, err = p.palette(c, got)
	return out, err
}

// sources is what a preview may be rendered from, with what was chosen.
func (p Webhooks) sources(c echo.Context, id string, chosen webhooks.SourceValues) (out webhooks.SourceProps, err error) {
	ctx, actor := c.Request().Context(), p.actor(c)
	out.Values = chosen
	if out.Types, err = p.types(c); err != nil {
		return out, err
	}
	if out.Events, err = p.Service.Webhooks.PreviewEvents(ctx, actor, id, chosen.EventType); err != nil {
		return out, err
	}
	out.People = p.can(c, policy.ReadParticipants)
	return out, err
}

// resolveParticipant puts the participant that the text names into the chosen source.
// When it names none, the answer is why, and the preview is made without.
func (p Webhooks) resolveParticipant(c echo.Context, chosen *webhooks.SourceValues) (why string, err error) {
	picked := chosen.ParticipantID
	chosen.ParticipantID = ""
	if chosen.Participant == "" || !p.can(c, policy.ReadParticipants) {
		return "", nil
	}
	found, err := p.Service.Participants.Find(c.Request().Context(), p.actor(c), chosen.Participant, picked)
	var refused *models.Error
	if errors.As(err, &refused) && refused.Code == models.Invalid {
		return refused.Fields[0].Message, nil
	}
	if err != nil {
		return "", err
	}
	chosen.Participant, chosen.ParticipantID = found.Called(), found.ID
	return "", nil
}

func (p Webhooks) palette(c echo.Context, got service.Previewed) ([]webhooks.ValueGroup, error) {
	groups, err := p.Service.Webhooks.Values(c.Request().Context(), p.actor(c), got)
	out := make([]webhooks.ValueGroup, len(groups))
	for i, g := range groups {
		out[i] = webhooks.ValueGroup{Title: g.Title, Text: g.Text}
		for _, v := range g.Values {
			out[i].Values = append(out[i].Values, webhooks.Value(v))
		}
	}
	return out, err
}

func (p Webhooks) previewOf(got service.Previewed, typed string) webhooks.PreviewProps {
	return webhooks.PreviewProps{
		Request: got.Request, Marked: got.Marked, Bytes: got.Bytes, Missing: got.Missing, Faults: got.Faults,
		URLTyped: typed != "", LeadsHome: p.Service.Webhooks.LeadsHome(typed, p.BaseURL),
	}
}
