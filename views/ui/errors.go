package ui

import (
	"regexp"
	"slices"

	"hookline/models"
)

// Errors are what is wrong with a form, by the field names that models uses.
type Errors map[string]string

// ErrorsFrom keeps the first fault of each field.
func ErrorsFrom(faults []models.FieldError) Errors {
	errs := make(Errors, len(faults))
	for _, f := range faults {
		if _, there := errs[f.Field]; !there {
			errs[f.Field] = f.Message
		}
	}
	return errs
}

// Of is the fault of the first of these fields that has one, or "".
func (e Errors) Of(fields ...string) string {
	for _, f := range fields {
		if e[f] != "" {
			return e[f]
		}
	}
	return ""
}

// Any reports whether any of these fields has a fault.
func (e Errors) Any(fields ...string) bool { return e.Of(fields...) != "" }

// fields in an order that does not change between two drawings.
func (e Errors) fields() []string {
	names := make([]string, 0, len(e))
	for name := range e {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

var notInID = regexp.MustCompile(`[^A-Za-z0-9_-]+`)

// FieldID is the element id of the control with this name; error summaries
// link to it.
func FieldID(name string) string { return "f-" + notInID.ReplaceAllString(name, "-") }

type summaryLine struct{ Label, Target, Text string }

func summaryLines(errs Errors, labels func(string) (string, string)) []summaryLine {
	var lines []summaryLine
	for _, field := range errs.fields() {
		line := summaryLine{Text: errs[field]}
		if field != "" && labels != nil {
			line.Label, line.Target = labels(field)
		}
		if line.Target != "" && line.Label == "" {
			line.Label = field
		}
		lines = append(lines, line)
	}
	return lines
}

func summaryTitle(errs Errors) string {
	if len(errs) == 1 {
		return "One value needs a change before this can be saved."
	}
	return "Some values need a change before this can be saved."
}
