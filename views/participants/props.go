// Package participants has the pages of the people that events are about.
package participants

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"hookline/models"
	"hookline/views/layout"
	"hookline/views/link"
	"hookline/views/ui"
)

// ListProps is the list, or what a search finds.
type ListProps struct {
	Page    layout.Page
	Query   string
	Items   []models.Participant
	Pager   ui.PagerProps
	BaseURL string // public, for the example
	CanAdd  bool
}

// FormProps is the form of a new participant, or a participant's page.
type FormProps struct {
	Page   layout.Page
	Of     models.Participant // without an id: a new one
	Values Values
	Errors ui.Errors
	Events []models.Event // the newest about them
	Spare  int            // empty rows; 0: as many as usual
}

// Values are the form as it was typed. Rows without name and value are left out.
type Values struct {
	Email       string
	Identifiers []models.Identifier
	Fields      string // JSON
	Since       string // when what is edited was read
}

// DeleteProps asks whether to delete.
type DeleteProps struct {
	Page  layout.Page
	Of    models.Participant
	Typed string
	Error string
}

// ValuesOf are the values of a participant as it is.
func ValuesOf(p models.Participant) Values {
	v := Values{Email: p.Email, Identifiers: p.IdentifierList(), Fields: pretty(p.Fields)}
	if !p.UpdatedAt.IsZero() {
		v.Since = strconv.FormatInt(p.UpdatedAt.UnixMicro(), 10)
	}
	return v
}

// pretty indents JSON; numbers and the order of keys stay.
func pretty(raw []byte) string {
	var out bytes.Buffer
	if len(raw) == 0 || json.Indent(&out, raw, "", "  ") != nil {
		return "{}"
	}
	return out.String()
}

const usualSpare = 2

func (p FormProps) spare() int {
	if p.Spare > 0 {
		return p.Spare
	}
	return usualSpare
}

func (p FormProps) isNew() bool { return p.Of.ID == "" }

func (p FormProps) title() string {
	if p.isNew() {
		return "New participant"
	}
	return p.Of.Called()
}

func (p FormProps) action() string {
	if p.isNew() {
		return link.Participants
	}
	return link.Participant(p.Of.ID)
}

func (p FormProps) rows() int {
	return min(max(strings.Count(p.Values.Fields, "\n")+2, 10), 28)
}

// Row is the name that the form gives to a row of identifiers.
func Row(i int) string { return fmt.Sprintf("identifiers.%d.", i) }

func label(field string) (string, string) {
	labels := map[string]string{"email": "E-mail", "fields": "Fields", "identifiers": "Identifiers"}
	if text := labels[field]; text != "" {
		return text, ui.FieldID(field)
	}
	if n, part, ok := strings.Cut(strings.TrimPrefix(field, "identifiers."), "."); ok {
		if i, err := strconv.Atoi(n); err == nil {
			return fmt.Sprintf("Identifier %d, %s", i+1, part), ui.FieldID(field)
		}
	}
	return "", ""
}

// sub is what tells a participant from others of the name.
func sub(p models.Participant) string {
	if p.Email != "" && p.Email != p.Called() {
		return p.Email
	}
	if p.ID == p.Called() {
		return ""
	}
	return p.ID
}

// identifiers are those of a row in the list, as far as there is room.
func identifiers(p models.Participant) (shown []models.Identifier, more int) {
	list := p.IdentifierList()
	n := min(len(list), 2)
	return list[:n], len(list) - n
}

// fields are the names of a participant's fields, for the list.
func fields(p models.Participant) string {
	members := models.ObjectMembers(p.Fields)
	names := make([]string, 0, 5)
	for _, m := range members[:min(len(members), 4)] {
		names = append(names, m.Name)
	}
	if more := len(members) - len(names); more > 0 {
		names = append(names, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(names, ", ")
}

// example is the call that adds the first one.
func (p ListProps) example() string {
	return "curl " + p.BaseURL + "/api/v1/participants \\\n  -H \"Authorization: Bearer $HOOKLINE_TOKEN\" \\\n" +
		"  --json '{\"email\":\"sam@example.com\",\"fields\":{\"first_name\":\"Sam\",\"city\":\"Bern\"}}'"
}

// Options are the participants as a type-ahead offers them.
func Options(list []models.Participant) []ui.ComboboxOption {
	options := make([]ui.ComboboxOption, len(list))
	for i, p := range list {
		options[i] = ui.ComboboxOption{ID: "participant-" + p.ID, Value: p.ID, Text: p.Called(), Sub: sub(p), Icon: "contact-round"}
	}
	return options
}

// confirmation is the text to type for a deletion.
func confirmation(p models.Participant) (text, what string) {
	if p.Email != "" {
		return p.Email, "address"
	}
	return p.ID, "id"
}

// Confirms reports whether what was typed confirms deleting the participant.
func Confirms(p models.Participant, typed string) bool {
	text, _ := confirmation(p)
	return strings.TrimSpace(typed) == text
}

// DeleteError says that it does not.
func DeleteError(p models.Participant) string {
	_, what := confirmation(p)
	return "This is not the participant's " + what + ". Type it exactly as it stands above."
}
