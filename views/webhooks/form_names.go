package webhooks

import (
	"fmt"
	"strconv"
	"strings"

	"hookline/models"
	"hookline/views/ui"
)

// wrong reports whether a field of the section has an error.
func (p FormProps) wrong(section string) bool {
	for name := range p.Errors {
		if f, ok := models.WebhookFieldOf(name); ok && f.Section == section {
			return true
		}
	}
	return false
}

// formField is the label of a field, and the id of the control to go to; both ""
// when the form has none of that name.
func formField(name string) (label, target string) {
	for table, noun := range map[string]string{"headers": "Header", "params": "Parameter", "body.fields": "Field"} {
		if row, ok := strings.CutPrefix(name, table+"."); ok {
			return rowLabel(noun, row), ui.FieldID(rowTarget(name, row))
		}
	}
	f, ok := models.WebhookFieldOf(name)
	switch {
	case !ok || f.Section == "":
		return "", ""
	case f.Choice != "":
		return f.Label, ui.FieldID(f.Control + "-" + f.Choice)
	}
	return f.Label, ui.FieldID(f.Control)
}

// rowLabel: 0.value of the headers → Header 1, value.
func rowLabel(noun, row string) string {
	number, part, _ := strings.Cut(row, ".")
	n, err := strconv.Atoi(number)
	switch {
	case err != nil:
		return noun
	case part == "":
		return fmt.Sprintf("%s %d", noun, n+1)
	}
	return fmt.Sprintf("%s %d, %s", noun, n+1, part)
}

// rowTarget is the name of the control: of an error of a whole row, its first.
func rowTarget(name, row string) string {
	if strings.Contains(row, ".") {
		return name
	}
	return name + ".name"
}
