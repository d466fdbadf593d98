package views_test

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/a-h/templ"

	"hookline/models"
	"hookline/views/events"
	"hookline/views/participants"
	"hookline/views/ui"
)

func participant(n int, email, identifiers, fields string) models.Participant {
	return models.Participant{
		ID: fmt.Sprintf("par_01kf2j7q8e5t9v3m6x0y4z1b%02d", n), Email: email, Identifiers: json.RawMessage(identifiers), Fields: json.RawMessage(fields),
		CreatedAt: before(time.Duration(n) * 40 * time.Hour), UpdatedAt: before(time.Duration(n*n) * 11 * time.Minute),
	}.Normal()
}

func people() []models.Participant {
	text := func(s string) string { return string(models.JSONText(s)) }
	return []models.Participant{
		participant(1, "sam.lee@northwind.example.com", `{"slack_user_id":"U01ABC","slack_team_id":"T01XYZ","crm":"4711"}`, `{"first_name":"Sam","last_name":"Lee","city":"Bern","plan":"pro","tags":["new","vip"],"address":{"zip":"3000"}}`),
		participant(2, "", `{"doozy_user_id":"usr_abc"}`, `{}`),
		participant(3, longOne[:60]+"@example.com", `{`+text(script)+`:`+text(longOne+longOne)+`}`, `{"full_name":`+text(script)+`,`+text(longOne)+`:1,`+text(rtl)+`:true}`),
		participant(4, "x@example.com", "", `{"full_name":`+text(rtl)+`}`),
		participant(5, "", "", ""),
	}
}

// participantPages are the pages of the people whom events are about.
func participantPages() map[string]templ.Component {
	all := people()
	one, hostile := all[0], all[2]
	about := []models.Event{
		{ID: "evt_01kf2j8x5vd0qz3m7c9r4t6y8c", Type: "release.published", CreatedAt: before(2 * time.Minute)},
		{ID: "order-4711", Type: models.ContactUpdated, CreatedAt: before(2 * time.Hour)},
		{ID: "evt_01kf2j8x5vd0qz3m7c9r4t6y8d", Type: "a." + longOne, CreatedAt: before(50 * time.Hour)},
	}
	wrong := participants.FormProps{
		Page: page("/"), Of: hostile, Values: participants.ValuesOf(hostile), Errors: ui.Errors{
			"":                    "The participant has been changed since you opened the form. Open it again to see how it is now.",
			"email":               "The participant par_01kf2j7q8e5t9v3m6x0y4z1b01 has the address " + hostile.Email + " already. Change that one, or use another address.",
			"identifiers.0.value": "Keep it to 256 bytes; it has 300.", "identifiers.1.name": "Give the identifier a name, such as slack_user_id, or empty the row.",
			"fields": "Line 2, column 7: this is not valid JSON.",
		},
	}
	wrong.Values.Identifiers = append(wrong.Values.Identifiers, models.Identifier{Value: script})
	wrong.Values.Fields = "{\n  \"a\": " + script
	event := models.Event{ID: "order-4711", Type: "release.published", Data: json.RawMessage(`{"version":"2.1.0"}`), CreatedAt: now, OccurredAt: now}
	return map[string]templ.Component{
		"participants":         participants.List(participants.ListProps{Page: page("/participants"), Items: all, CanAdd: true, Pager: ui.PagerProps{Older: "/x"}}),
		"participants-first":   participants.List(participants.ListProps{Page: page("/participants"), CanAdd: true, BaseURL: "https://hookline.example.com"}),
		"participants-nomatch": participants.List(participants.ListProps{Page: page("/participants"), Query: script, CanAdd: true}),
		"participant-new":      participants.Form(participants.FormProps{Page: page("/"), Values: participants.Values{Fields: "{}"}}),
		"participant":          participants.Form(participants.FormProps{Page: page("/"), Of: one, Values: participants.ValuesOf(one), Events: about}),
		"participant-hostile":  participants.Form(participants.FormProps{Page: page("/"), Of: hostile, Values: participants.ValuesOf(hostile), Spare: 6}),
		"participant-wrong":    participants.Form(wrong),
		"participant-delete":   participants.Delete(participants.DeleteProps{Page: page("/"), Of: one}),
		"participant-typo":     participants.Delete(participants.DeleteProps{Page: page("/"), Of: hostile, Typed: script, Error: participants.DeleteError(hostile)}),
		"event-participant":    events.Show(events.ShowProps{Page: page("/"), Event: event, Participant: events.EventParticipant{ID: one.ID, Name: one.Called(), Contact: one.Contact(), Known: true}}),
		"event-gone":           events.Show(events.ShowProps{Page: page("/"), Event: event, Participant: events.EventParticipant{ID: hostile.ID, Name: hostile.ID, Contact: hostile.Contact()}}),
	}
}
