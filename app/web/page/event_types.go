package page

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"hookline/app/policy"
	"hookline/app/web/form"
	"hookline/models"
	"hookline/views/eventtypes"
	"hookline/views/link"
	"hookline/views/ui"
)

// EventTypes are the pages of the catalog (Z4).
type EventTypes struct{ Deps }

// List shows the catalog by category.
func (p EventTypes) List(c echo.Context) error {
	return p.list(c, http.StatusOK, eventtypes.Renaming{})
}

func (p EventTypes) list(c echo.Context, code int, renaming eventtypes.Renaming) error {
	types, err := p.Service.EventTypes.List(c.Request().Context(), p.actor(c))
	if err != nil {
		return err
	}
	subscribers := make(map[string]int, len(types))
	for _, t := range types {
		subscribers[t.Name] = len(p.Service.EventTypes.Subscribers(p.actor(c), t))
	}
	return form.Draw(c, code, eventtypes.List(eventtypes.ListProps{
		Page: p.Frame(c), Types: types, Subscribers: subscribers, CanWrite: p.can(c, policy.WriteEventTypes), Renaming: renaming,
	}))
}

// Show is one entry, with its sample and schema.
func (p EventTypes) Show(c echo.Context) error {
	t, err := p.named(c)
	if models.CodeOf(err) == models.NotFound && c.Param("name") == "new" { // where the form was
		return c.Redirect(http.StatusFound, link.EventTypeNew)
	}
	if err != nil {
		return err
	}
	return form.Draw(c, http.StatusOK, eventtypes.Show(eventtypes.ShowProps{
		Page: p.Frame(c), Type: t, Subscribers: p.Service.EventTypes.Subscribers(p.actor(c), t),
		CanWrite: p.can(c, policy.WriteEventTypes), CanSend: p.can(c, policy.PublishEvents),
	}))
}

func (p EventTypes) named(c echo.Context) (models.EventType, error) {
	return p.Service.EventTypes.Get(c.Request().Context(), p.actor(c), c.Param("name"))
}

// New draws the form of a new entry.
func (p EventTypes) New(c echo.Context) error {
	return p.draw(c, http.StatusOK, "", eventtypes.Values{}, nil)
}

// Edit draws the form of an entry.
func (p EventTypes) Edit(c echo.Context) error {
	t, err := p.named(c)
	if err != nil {
		return err
	}
	return p.draw(c, http.StatusOK, t.Name, eventTypeValues(t), nil)
}

// eventTypeValues is an entry as its form shows it.
func eventTypeValues(t models.EventType) eventtypes.Values {
	return eventtypes.Values{
		Name: t.Name, Category: t.Category, Title: t.Title, Description: t.Description, Sample: pretty(t.Sample), Schema: pretty(t.Schema),
	}
}

// pretty indents JSON; numbers and the order of keys stay.
func pretty(raw []byte) string {
	var out bytes.Buffer
	if len(raw) == 0 || json.Indent(&out, raw, "", "  ") != nil {
		return string(raw)
	}
	return out.String()
}

// Create adds an entry.
func (p EventTypes) Create(c echo.Context) error {
	t, values, errs := readEventType(c, models.EventType{})
	t.Name = strings.TrimSpace(values.Name)
	if len(errs) > 0 {
		return p.draw(c, http.StatusUnprocessableEntity, "", values, errs)
	}
	t, err := p.Service.EventTypes.Create(c.Request().Context(), p.actor(c), t)
	if models.CodeOf(err) == models.Conflict {
		return p.draw(c, http.StatusConflict, "", values, ui.Errors{"name": "There is an event type of this name already. Use another, or edit that one."})
	}
	return p.saved(c, t.Name, "", values, err)
}

// Update changes an entry; whether it is archived stays.
func (p EventTypes) Update(c echo.Context) error {
	old, err := p.named(c)
	if err != nil {
		return err
	}
	t, values, errs := readEventType(c, old)
	t.Name, t.Archived = old.Name, old.Archived
	if len(errs) > 0 {
		return p.draw(c, http.StatusUnprocessableEntity, t.Name, values, errs)
	}
	_, err = p.Service.EventTypes.Save(c.Request().Context(), p.actor(c), t)
	return p.saved(c, t.Name, t.Name, values, err)
}

// readEventType reads the form of an entry, zero for a new one.
func readEventType(c echo.Context, stored models.EventType) (t models.EventType, values eventtypes.Values, errs ui.Errors) {
	v, drawn := c.Request().PostForm, eventTypeValues(stored)
	values = eventtypes.Values{
		Name: v.Get("name"), Category: v.Get("category"), Title: form.Line(drawn.Title, v.Get("title")), Description: form.Block(drawn.Description, v.Get("description")),
		Sample: form.Block(drawn.Sample, v.Get("sample")), Schema: form.Block(drawn.Schema, v.Get("schema")),
	}
	errs = ui.Errors{}
	read := func(field, text, drawn string, stored []byte) []byte {
		if text == drawn {
			return stored // which the page shows indented
		}
		object, fault := form.JSONObject(text)
		if fault != "" {
			errs[field] = fault
		}
		return object
	}
	t = models.EventType{
		Category: strings.TrimSpace(values.Category), Title: values.Title, Description: values.Description,
		Sample: read("sample", values.Sample, drawn.Sample, stored.Sample), Schema: read("schema", values.Schema, drawn.Schema, stored.Schema),
	}
	return t, values, errs
}

func (p EventTypes) saved(c echo.Context, name, editing string, values eventtypes.Values, err error) error {
	if models.CodeOf(err) == models.Invalid {
		return p.draw(c, form.StatusOf(c, err), editing, values, atFields(fieldErrors(err), "sample", "schema"))
	}
	if err != nil {
		return err
	}
	return p.onward(c, link.EventType(name), "event-type-saved")
}

// atFields gathers faults at paths inside of a field, such as sample.lines[0], at
// the field itself, with the path in the words.
func atFields(errs ui.Errors, fields ...string) ui.Errors {
	for name, text := range errs {
		for _, f := range fields {
			if path, inside := strings.CutPrefix(name, f+"."); inside {
				delete(errs, name)
				errs[f] = path + ": " + text
			}
		}
	}
	return errs
}

// Archive lets a type take no more events.
func (p EventTypes) Archive(c echo.Context) error {
	if err := p.Service.EventTypes.Archive(c.Request().Context(), p.actor(c), c.Param("name")); err != nil {
		return err
	}
	return p.onward(c, link.EventType(c.Param("name")), "event-type-archived")
}

// Restore lets it take events again.
func (p EventTypes) Restore(c echo.Context) error {
	if err := p.Service.EventTypes.Restore(c.Request().Context(), p.actor(c), c.Param("name")); err != nil {
		return err
	}
	return p.onward(c, link.EventType(c.Param("name")), "event-type-restored")
}

// RenameCategory moves a category under a new name.
func (p EventTypes) RenameCategory(c echo.Context) error {
	from, to := c.Param("name"), strings.TrimSpace(c.Request().PostForm.Get("name"))
	err := p.Service.EventTypes.RenameCategory(c.Request().Context(), p.actor(c), from, to)
	if code := models.CodeOf(err); code == models.Invalid || code == models.Conflict {
		return p.list(c, form.StatusOf(c, err), eventtypes.Renaming{Category: from, Name: to, Error: fieldErrors(err).Of("name", "")})
	}
	if err != nil {
		return err
	}
	return p.onward(c, link.EventTypes, "category-renamed")
}

func (p EventTypes) draw(c echo.Context, code int, name string, values eventtypes.Values, errs ui.Errors) error {
	types, err := p.Service.EventTypes.List(c.Request().Context(), p.actor(c))
	if err != nil {
		return err
	}
	var categories []string
	for _, t := range types {
		categories = append(categories, t.Category)
	}
	slices.Sort(categories)
	return form.Draw(c, code, eventtypes.Form(eventtypes.FormProps{
		Page: p.Frame(c), Name: name, Values: values, Errors: errs, Categories: slices.Compact(categories),
	}))
}
