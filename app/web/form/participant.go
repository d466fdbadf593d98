package form

import (
	"bytes"
	"cmp"
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"hookline/app/service"
	"hookline/models"
	"hookline/views/participants"
	"hookline/views/ui"
)

var identifierField = regexp.MustCompile(`^identifiers\.(0|[1-9][0-9]{0,3})\.name$`)

// Participant reads the form of a participant, zero for a new one: what was typed,
// what it means, and what of it means nothing.
func Participant(v url.Values, stored models.Participant) (values participants.Values, in service.ParticipantInput, errs ui.Errors) {
	errs = ui.Errors{}
	drawn := participants.ValuesOf(stored)
	values = participants.Values{
		Email: strings.TrimSpace(v.Get("email")), Identifiers: identifierRows(v, drawn.Identifiers), Fields: Block(drawn.Fields, v.Get("fields")), Since: v.Get("since"),
	}
	in = service.ParticipantInput{Email: &values.Email, Whole: true, Identifiers: identifiers(values.Identifiers, errs)}
	if slices.Equal(values.Identifiers, drawn.Identifiers) {
		in.Identifiers = stored.Identifiers
	}
	fields, fault := JSONObject(values.Fields)
	if fault != "" {
		errs["fields"] = fault
	}
	var compact bytes.Buffer // or room would go to the spaces that the page puts in
	if values.Fields == drawn.Fields {
		in.Fields = stored.Fields
	} else if len(fields) > 0 && json.Compact(&compact, fields) == nil {
		in.Fields = compact.Bytes()
	}
	if us, err := strconv.ParseInt(values.Since, 10, 64); err == nil && us > 0 {
		in.Since = time.UnixMicro(us).UTC()
	}
	return values, in, errs
}

// identifierRows reads the rows in their order, without the empty ones.
func identifierRows(v url.Values, drawn []models.Identifier) []models.Identifier {
	var numbers []int
	for field := range v {
		if m := identifierField.FindStringSubmatch(field); m != nil {
			n, _ := strconv.Atoi(m[1]) // four digits at most
			numbers = append(numbers, n)
		}
	}
	slices.SortFunc(numbers, cmp.Compare[int])
	var rows []models.Identifier
	for _, n := range numbers {
		var was models.Identifier
		if n < len(drawn) {
			was = drawn[n]
		}
		row := models.Identifier{Name: Line(was.Name, v.Get(participants.Row(n)+"name")), Value: Line(was.Value, v.Get(participants.Row(n)+"value"))}
		if row != (models.Identifier{}) {
			rows = append(rows, row)
		}
	}
	return rows
}

// identifiers are the rows as an object. A name that is there twice would be taken
// for two different people's.
func identifiers(rows []models.Identifier, errs ui.Errors) json.RawMessage {
	seen := map[string]bool{}
	members := make([]models.ObjectMember, len(rows))
	for i, row := range rows {
		switch {
		case row.Name == "":
			errs[participants.Row(i)+"name"] = "Give the identifier a name, such as slack_user_id, or empty the row."
		case seen[row.Name]:
			errs[participants.Row(i)+"name"] = "This name is there twice. Keep one of them."
		}
		seen[row.Name] = true
		members[i] = models.ObjectMember{Name: row.Name, Value: models.JSONText(row.Value)}
	}
	return models.ObjectOf(members)
}

// ParticipantErrors are faults of the service at the form's rows, which it knows
// by name.
func ParticipantErrors(errs ui.Errors, rows []models.Identifier) ui.Errors {
	for i, row := range rows {
		field := "identifiers." + row.Name
		if text := errs[field]; text != "" {
			delete(errs, field)
			errs[participants.Row(i)+"value"] = text
		}
	}
	return errs
}
