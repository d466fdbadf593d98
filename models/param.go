package models

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Param is a name and a templated value: a query parameter, or a field of a form
// body (H3). The name is fixed, the value may hold {{…}}.
type Param struct {
	Name  string `json:"name" example:"team"`
	Value string `json:"value" example:"{{data.team}}" doc:"May hold {{…}}."`
}

// Bounds of parameters and form fields.
const (
	MaxParams     = 50
	MaxFormFields = 200
	maxParamName  = 256
	// maxParamSource is how long a query parameter's value may be as it is written:
	// what it comes to has to fit into a URL.
	maxParamSource = 8 << 10
)

// validateParams checks names and sizes; list names the field they come from.
func validateParams(errs *FieldErrors, list string, params []Param, most, longest int) {
	if len(params) > most {
		errs.Add(list, "Give at most %d of them.", most)
		return
	}
	for i, p := range params {
		if problem := nameProblem(p.Name); problem != "" {
			errs.Add(fmt.Sprintf("%s.%d.name", list, i), "%s", problem)
		}
		checkSource(errs, fmt.Sprintf("%s.%d.value", list, i), p.Value, longest)
	}
}

// nameProblem says what is wrong with the name of a parameter or field, or "".
// Any text will do that one can see: it is encoded before it is sent.
func nameProblem(name string) string {
	switch {
	case strings.TrimSpace(name) == "":
		return "Give a name."
	case len(name) > maxParamName:
		return fmt.Sprintf("Keep the name to %d bytes.", maxParamName)
	case !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
		return "Remove the control characters."
	case strings.Contains(name, "{{"):
		return "A name is fixed: {{…}} can stand in the value only."
	}
	return ""
}

// checkSource checks what a person wrote to be filled in, or a fixed text.
func checkSource(errs *FieldErrors, field, source string, longest int) {
	switch {
	case len(source) > longest:
		errs.Add(field, "Keep it to %d bytes; it has %d.", longest, len(source))
	case !utf8.ValidString(source) || strings.Contains(source, "\x00"):
		errs.Add(field, "Remove the characters that are no text.")
	}
}
