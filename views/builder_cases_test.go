package views_test

import (
	"strings"
	"time"

	"github.com/a-h/templ"

	"hookline/models"
	"hookline/views/ui"
	"hookline/views/webhooks"
)

const slackTemplate = `{
  "text": "{{data.release.title}} is out",
  "blocks": [
    { "type": "section", "text": { "type": "mrkdwn", "text": "*{{data.release.title}}* {{data.release.version}}" } }
  ],
  "owner": "{{contact.city}}"
}`

// builderPages are the webhook form with its preview, in the states worth looking
// at.
func builderPages() map[string]templ.Component {
	service := webhooks.Destination{
		ID: "slack", Name: "Slack", Description: "Post a message. " + longOne, Logo: "slack", Docs: "https://docs.example.com", Steps: "Copy the URL. " + script, URLHint: "https://hooks.example.com/" + longOne, NeedsSecret: true,
		Questions: []webhooks.Question{{Name: "title", Label: "Title", Value: script, Max: 150}, {Name: "text", Label: rtl, Long: true, Required: true}, {Name: "style", Label: "Colour", Options: []ui.Option{{Value: "a", Text: longOne}}}},
	}
	filled := builderForm()
	filled.ID, filled.Preset = "", &service
	return map[string]templ.Component{
		"form-filter": webhooks.Form(filterForm()), "form-filter-wrong": webhooks.Form(wrongFilter()),
		"form-filled-in":    webhooks.Form(filled),
		"destinations":      webhooks.Destinations(webhooks.DestinationsProps{Page: page("/"), Destinations: []webhooks.Destination{{Name: "Custom", Custom: true, Logo: "custom"}, service, {ID: "x", Name: script, Logo: "zapier"}}}),
		"destination":       webhooks.DestinationPage(webhooks.DestinationProps{Page: page("/"), Destination: service, Name: "Slack"}),
		"destination-wrong": webhooks.DestinationPage(webhooks.DestinationProps{Page: page("/"), Destination: service, URL: "x" + script, Errors: ui.Errors{"url": "This is no URL.", "answer.title": "Use 150 characters at most."}}),
		"form-builder":      webhooks.Form(builderForm()), "form-builder-wrong": webhooks.Form(wrongBuilder()), "form-builder-oauth": webhooks.Form(oauthBuilder()),
	}
}

func builderForm() webhooks.FormProps {
	w := webhook()
	w.Body = models.Body{Format: models.BodyJSON, Template: slackTemplate}
	w.Params = []models.Param{{Name: "source", Value: "hookline"}, {Name: "who", Value: "{{contact.email}}"}}
	w.RateLimit = 5
	return webhooks.FormProps{
		Page: page("/"), ID: w.ID, Name: w.Name, Fields: webhooks.FieldsOf(w.Settings()), Types: types(), Source: builderSource(), Palette: builderPalette(),
		Preview: webhooks.PreviewProps{URLTyped: true, Bytes: 231, Missing: []string{"contact.city", "contact." + longOne}, Request: preview(), Marked: markedPreview()},
	}
}

// markedPreview has what is missing at its place: in a URL, a header and a body.
func markedPreview() models.MarkedRequest {
	r := preview()
	r.URL += "&who=MARK0z"
	r.Headers[3].Value = "2026-01 MARK1z"
	r.Body = []byte(strings.Replace(string(r.Body), `"notes":null`, `"notes":"From MARK0z, MARK1z","owner":"MARK0z"`, 1))
	return models.MarkedRequest{LoggedRequest: r, Marks: []models.Mark{{Token: "MARK0z", Name: "contact.city"}, {Token: "MARK1z", Name: "contact." + longOne}}}
}

func builderSource() webhooks.SourceProps {
	return webhooks.SourceProps{
		Values: webhooks.SourceValues{EventType: "release.published", EventID: "evt_01kf2j8x5vd0qz3m7c9r4t6y8c", Participant: "Pat Miller", ParticipantID: "par_1"}, Types: types(),
		Events: []models.Event{{ID: "evt_01kf2j8x5vd0qz3m7c9r4t6y8c", CreatedAt: before(time.Hour)}, {ID: longOne, CreatedAt: before(2 * time.Hour), Test: true}},
		People: true,
	}
}

func builderPalette() []webhooks.ValueGroup {
	value := func(name, example string) webhooks.Value {
		return webhooks.Value{Name: name, Code: "{{" + name + "}}", Example: example}
	}
	return []webhooks.ValueGroup{
		{Title: "Event", Values: []webhooks.Value{value("event.id", "evt_01kf2j8x5vd0qz3m7c9r4t6y8c"), value("event.type", "release.published")}},
		{Title: "Data", Text: "What the event carries.", Values: []webhooks.Value{value("data.release.title", "Torque procedure"), value("data.release.final", "true"), value("data['"+longOne+"']", script), value("data.tags", `["a","b"]`)}},
		{Title: "Contact", Values: []webhooks.Value{value("contact.email", "pat.miller@northwind.example.com")}},
		{Title: "Functions", Values: []webhooks.Value{{Name: "upper(text)", Code: "{{upper()}}", Text: "The text in capital letters."}, {Name: "len(list)", Code: "{{len()}}", Text: "How many members a list has, or characters a text."}}},
	}
}

// wrongBuilder is what a refused save leaves: faults beside their fields, and in the
// preview.
func wrongBuilder() webhooks.FormProps {
	p := builderForm()
	p.Fields.Body.Template = "{\n  \"text\": \"{{data.release.title}\"\n}"
	p.Fields.Headers = append(p.Fields.Headers, models.HeaderSettings{Name: "X-Token", Value: "typed-secret-value", Secret: true}, models.HeaderSettings{Name: "X-Who", Value: "{{" + script})
	p.Fields.Params = append(p.Fields.Params, models.Param{Name: script, Value: longOne + longOne})
	p.Fields.Auth, p.Fields.AuthSecret = models.AuthSettings{Kind: "api_key", Header: "Host", Value: "typed-secret-key"}, "typed-secret-key"
	p.Fields.Raw = map[string]string{"rate_limit": "fast"}
	faults := []models.FieldError{
		{Field: "body.template", Message: "Line 2, column 12: {{ is not closed. End it with }}."}, {Field: "headers.3.value", Message: "Column 3: this expression cannot be read: " + script},
		{Field: "params.2.name", Message: "A name has no such characters."}, {Field: "auth.header", Message: "Host is reserved: it follows from the URL. Use another name."},
	}
	p.Errors = ui.ErrorsFrom(append(faults, models.FieldError{Field: "rate_limit", Message: "Give a number of requests per second, for example 5 or 0.5."}))
	p.Preview.Faults, p.Preview.Missing = faults, nil
	return p
}

func oauthBuilder() webhooks.FormProps {
	p := builderForm()
	p.Fields.AuthSecret = models.Mask
	p.Fields.Auth = models.AuthSettings{Kind: "oauth2", ClientID: "hookline", TokenURL: "https://id.example.com/oauth/token", Scope: "hooks.write"}
	p.StoredAuth, p.Connections = "oauth2", []ui.Option{{Value: "con_1", Text: "Warehouse ERP"}, {Value: "con_2", Text: script}}
	p.Fields.Body = models.Body{Format: "merged", Encoding: "form", UserFields: []string{"city", "plan"}, Custom: `{"campaign": "Spring"}`, IncludeIdentity: true}
	p.Preview = webhooks.PreviewProps{Request: models.LoggedRequest{Method: "POST", Headers: preview().Headers, Body: []byte("city=San+Francisco&email=pat%40example.com")}, Bytes: 12_400}
	p.ID, p.Name = "", ""
	return p
}
