package page

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"hookline/app/policy"
	"hookline/app/service"
	"hookline/app/web/form"
	"hookline/models"
	"hookline/views/ui"
	"hookline/views/webhooks"
)

// TestHook shows the test of a webhook, filled in (Z5): as a page, or for htmx
// as the part that the dialog holds.
func (p Webhooks) TestHook(c echo.Context) error {
	return p.loadTest(c, c.QueryParam("url"), c.QueryParam("event_type"), c.QueryParam("event_id"))
}

// SendTest makes one real attempt and shows what came of it. What cannot be sent
// is drawn again as it was typed, but for the key.
func (p Webhooks) SendTest(c echo.Context) error {
	v := c.Request().PostForm
	if v.Get("action") == "load" {
		return p.loadTest(c, v.Get("url"), v.Get("event_type"), v.Get("event_id"))
	}
	w, err := p.get(c, policy.TestWebhooks)
	if err != nil {
		return err
	}
	in, values, faults := readTest(v, w)
	if len(faults) > 0 {
		return p.drawTest(c, http.StatusUnprocessableEntity, w, values, ui.ErrorsFrom(faults), nil)
	}
	detail, err := p.Service.Webhooks.Test(c.Request().Context(), p.actor(c), w.ID, in)
	var refused *models.Error
	if errors.As(err, &refused) && (redrawn(err) || refused.Code == models.TooMany) {
		return p.drawTest(c, form.StatusOf(c, err), w, values, testErrors(refused), nil)
	}
	if err != nil {
		return err
	}
	result := &webhooks.TestResult{Delivery: detail.Delivery, SecretsStayed: p.Service.Webhooks.SecretsStay(w, in)}
	if n := len(detail.Attempts); n > 0 {
		result.Attempt = detail.Attempts[n-1]
	}
	return p.drawTest(c, http.StatusOK, w, values, nil, result)
}

// readTest reads the form. A field that is missing means what is usual.
func readTest(v url.Values, w models.Webhook) (service.TestInput, webhooks.TestValues, models.FieldErrors) {
	var faults models.FieldErrors
	values := webhooks.TestValues{
		URL: strings.TrimSpace(v.Get("url")), EventType: v.Get("event_type"), EventID: v.Get("event_id"), Data: strings.ReplaceAll(v.Get("data"), "\r\n", "\n"),
	}
	in := service.TestInput{EventType: values.EventType, EventID: values.EventID, URL: values.URL, Secret: v.Get("secret")}
	values.OwnKey = in.Secret != "" && in.Secret != models.Mask
	if values.URL == "" {
		values.URL = w.URL
	}
	if v.Has("data") {
		data, problem := form.JSONObject(values.Data)
		if problem != "" {
			faults.Add("data", "%s", problem)
		}
		if data == nil && problem == "" {
			faults.Add("data", "Enter a JSON object; {} will do.")
		}
		in.Data = data
	}
	return in, values, faults
}

// loadTest fills in the payload: of an event that went here before, or the
// sample of a type.
func (p Webhooks) loadTest(c echo.Context, url, eventType, eventID string) error {
	w, err := p.get(c, policy.TestWebhooks)
	if err != nil {
		return err
	}
	types, err := p.types(c)
	if err != nil {
		return err
	}
	values := webhooks.TestValues{
		URL: cmp.Or(form.Key(url, models.MaxURL), w.URL), EventType: cmp.Or(form.Query(eventType), usualType(w, types)), EventID: form.Query(eventID),
	}
	data, errs, err := p.payload(c, w.ID, &values)
	if err != nil {
		return err
	}
	values.Data = indented(data)
	return p.drawTest(c, http.StatusOK, w, values, errs, nil)
}

// payload is the data that the values choose. An event of another type than the
// one chosen since makes way for that type's sample.
func (p Webhooks) payload(c echo.Context, id string, values *webhooks.TestValues) (json.RawMessage, ui.Errors, error) {
	ask := func() (models.Event, error) {
		return p.Service.Webhooks.TestPayload(c.Request().Context(), p.actor(c), id, service.TestInput{EventType: values.EventType, EventID: values.EventID})
	}
	e, err := ask()
	if values.EventID != "" && models.CodeOf(err) == models.Invalid {
		values.EventID = ""
		e, err = ask()
	}
	var refused *models.Error
	if errors.As(err, &refused) && refused.Code == models.Invalid {
		return nil, testErrors(refused), nil
	}
	return e.Data, nil, err
}

// testErrors puts each fault beside its field, and what is about none of them
// above the button: to the service the type is the event's.
func testErrors(refused *models.Error) ui.Errors {
	errs := ui.ErrorsFrom(refused.Fields)
	if len(refused.Fields) == 0 {
		errs[""] = refused.Message
	}
	if errs["type"] != "" {
		errs["event_type"] = errs["type"]
	}
	return errs
}

// usualType is what a test most likely means: the first type that is subscribed.
func usualType(w models.Webhook, types []models.EventType) string {
	first := ""
	for _, t := range types {
		if w.Subscriptions.Covers(t) {
			return t.Name
		}
		first = cmp.Or(first, t.Name)
	}
	return first
}

func indented(data json.RawMessage) string {
	var out bytes.Buffer
	if json.Indent(&out, data, "", "  ") != nil {
		return "{}"
	}
	return out.String()
}

func (p Webhooks) drawTest(c echo.Context, code int, w models.Webhook, values webhooks.TestValues, errs ui.Errors, result *webhooks.TestResult) error {
	types, err := p.types(c)
	if err != nil {
		return err
	}
	past, err := p.Service.Webhooks.PastEvents(c.Request().Context(), p.actor(c), w.ID, values.EventType)
	if err != nil {
		return err
	}
	props := webhooks.TestProps{Page: p.Frame(c), Webhook: w, Types: types, Past: past, Values: values, Errors: errs, Result: result}
	if form.HX(c) {
		return form.Draw(c, code, webhooks.TestHook(props))
	}
	return form.Draw(c, code, webhooks.TestPage(props))
}
