package page

import (
	"cmp"
	"net/http"

	"github.com/labstack/echo/v4"

	"hookline/app/policy"
	"hookline/app/service"
	"hookline/app/web/form"
	"hookline/models"
	"hookline/views/link"
	"hookline/views/participants"
	"hookline/views/ui"
	"hookline/views/webhooks"
)

// Participants are the pages of the people that events are about.
type Participants struct{ Deps }

// List shows all, newest first, or those that a search finds.
func (p Participants) List(c echo.Context) error {
	query, cursor := form.Query(c.QueryParam("q")), c.QueryParam("cursor")
	page, err := p.Service.Participants.List(c.Request().Context(), p.actor(c), query, models.PageRequest{Cursor: cursor, Limit: pageSize})
	if err != nil {
		return err
	}
	return form.Draw(c, http.StatusOK, participants.List(participants.ListProps{
		Page: p.Frame(c), Query: query, Items: page.Items, BaseURL: p.BaseURL, CanAdd: p.can(c, policy.WriteParticipants),
		Pager: ui.PagerOf(cursor, page.Older, func(at string) string { return link.ParticipantsPage(query, at) }),
	}))
}

// Suggest is the list of a type-ahead.
func (p Participants) Suggest(c echo.Context) error {
	text := cmp.Or(c.QueryParam("q"), c.QueryParam(webhooks.ParticipantField))
	list, err := p.Service.Participants.Suggest(c.Request().Context(), p.actor(c), form.Query(text))
	if err != nil {
		return err
	}
	return form.Draw(c, http.StatusOK, ui.ComboboxOptions(participants.Options(list), "No participant matches. Try fewer letters."))
}

// New draws the form of a new one.
func (p Participants) New(c echo.Context) error {
	return p.draw(c, http.StatusOK, models.Participant{}, participants.Values{Fields: "{}"}, nil, 0)
}

// moreRows are the empty rows that one gets on asking for more.
const moreRows = 6

// Create adds a participant.
func (p Participants) Create(c echo.Context) error {
	return p.save(c, models.Participant{}, func(in service.ParticipantInput) (models.Participant, string, error) {
		made, err := p.Service.Participants.Create(c.Request().Context(), p.actor(c), in)
		return made, "participant-added", err
	})
}

// Show is one participant, ready to be changed.
func (p Participants) Show(c echo.Context) error {
	who, err := p.get(c)
	if err != nil {
		return err
	}
	return p.draw(c, http.StatusOK, who, participants.ValuesOf(who), nil, 0)
}

func (p Participants) get(c echo.Context) (models.Participant, error) {
	return p.Service.Participants.Get(c.Request().Context(), p.actor(c), c.Param("id"))
}

// Update saves the whole form, unless the participant changed meanwhile.
func (p Participants) Update(c echo.Context) error {
	who, err := p.get(c)
	if err != nil {
		return err
	}
	return p.save(c, who, func(in service.ParticipantInput) (models.Participant, string, error) {
		saved, err := p.Service.Participants.Update(c.Request().Context(), p.actor(c), who.ID, in)
		return saved, "participant-saved", err
	})
}

func (p Participants) save(c echo.Context, who models.Participant, do func(service.ParticipantInput) (models.Participant, string, error)) error {
	v := c.Request().PostForm
	values, in, errs := form.Participant(v, who)
	if v.Get("action") == "more_rows" {
		return p.draw(c, http.StatusOK, who, values, nil, moreRows)
	}
	if len(errs) > 0 {
		return p.draw(c, http.StatusUnprocessableEntity, who, values, errs, 0)
	}
	saved, flash, err := do(in)
	if redrawn(err) {
		return p.draw(c, form.StatusOf(c, err), who, values, form.ParticipantErrors(fieldErrors(err), values.Identifiers), 0)
	}
	if err != nil {
		return err
	}
	return p.onward(c, link.Participant(saved.ID), flash)
}

func (p Participants) draw(c echo.Context, code int, who models.Participant, values participants.Values, errs ui.Errors, spare int) error {
	props := participants.FormProps{Page: p.Frame(c), Of: who, Values: values, Errors: errs, Spare: spare}
	if who.ID != "" {
		var err error
		if props.Events, err = p.Service.Participants.Events(c.Request().Context(), p.actor(c), who); err != nil {
			return err
		}
	}
	return form.Draw(c, code, participants.Form(props))
}

// ConfirmDelete asks to type the address.
func (p Participants) ConfirmDelete(c echo.Context) error {
	who, err := p.get(c)
	if err != nil {
		return err
	}
	return form.Draw(c, http.StatusOK, participants.Delete(participants.DeleteProps{Page: p.Frame(c), Of: who}))
}

// Delete removes the participant when the address was typed: it cannot be undone.
func (p Participants) Delete(c echo.Context) error {
	who, err := p.get(c)
	if err != nil {
		return err
	}
	if typed := c.Request().PostForm.Get("confirm"); !participants.Confirms(who, typed) {
		return form.Draw(c, http.StatusUnprocessableEntity, participants.Delete(participants.DeleteProps{
			Page: p.Frame(c), Of: who, Typed: typed, Error: participants.DeleteError(who),
		}))
	}
	if err := p.Service.Participants.Delete(c.Request().Context(), p.actor(c), who.ID); err != nil {
		return err
	}
	return p.onward(c, link.Participants, "participant-deleted")
}
