package webhooks

import (
	"fmt"
	"strconv"
	"strings"

	"hookline/views/ui"
)

// formSections are the parts of the form in their order. Parts are the first words
// of the fields that stand in each.
var formSections = []struct {
	ID, Title string
	Parts     []string
}{
	{"destination", "Destination", []string{"name", "description", "method", "url"}},
	{"authentication", "Authentication", []string{"auth"}},
	{"headers", "Headers", []string{"headers"}},
	{"parameters", "Parameters", []string{"params"}},
	{"body", "Body", []string{"body"}},
	{"signing", "Signing", []string{"signing"}},
	{"retries", "Retries", []string{"retry", "timeout", "timeout_ms", "rate_limit"}},
	{"events", "Events", []string{"subscriptions"}},
}

// wrong reports whether a field of the section has a fault.
func (p FormProps) wrong(section string) bool {
	for field := range p.Errors {
		if field != "" && sectionOf(field) == section {
			return true
		}
	}
	return false
}

func sectionOf(field string) string {
	part, _, _ := strings.Cut(field, ".")
	for _, s := range formSections {
		for _, p := range s.Parts {
			if p == part {
				return s.ID
			}
		}
	}
	return ""
}

// formFields maps the names models uses to a label and the control to go to.
var formFields = map[string][2]string{
	"name":                  {"Display name", "name"},
	"description":           {"Description", "description"},
	"method":                {"Method", "method"},
	"url":                   {"URL", "url"},
	"auth":                  {"Authentication", "auth.kind-none"},
	"auth.kind":             {"Authentication", "auth.kind-none"},
	"auth.header":           {"API key, header", "auth.header"},
	"auth.username":         {"User name", "auth.username"},
	"auth.connection":       {"OAuth connection", "auth.connection"},
	"auth.client_id":        {"Client ID", "auth.client_id"},
	"auth.token_url":        {"Token URL", "auth.token_url"},
	"auth.scope":            {"Scope", "auth.scope"},
	"signing.secret":        {"Signing key", "signing.secret"},
	"signing.overlap":       {"The key used until now", "signing.overlap"},
	"signing.jwt":           {"Signed token", "signing.jwt-true"},
	"signing.hmac":          {"Signature", "signing.hmac-true"},
	"signing.standard":      {"Standard Webhooks", "signing.standard-true"},
	"body":                  {"Body", "body.format-auto"},
	"body.format":           {"Body", "body.format-auto"},
	"body.template":         {"Body template", "body.template"},
	"body.content_type":     {"Content type", "body.content_type"},
	"body.fields":           {"Form fields", "body.fields"},
	"body.encoding":         {"Sent as", "body.encoding"},
	"body.include_identity": {"Include email and workflowId", "body.include_identity-true"},
	"body.user_fields":      {"Profile fields", "body.user_fields"},
	"body.custom":           {"Members of your own", "body.custom"},
	"headers":               {"Headers", "headers"},
	"params":                {"Parameters", "params"},
	"timeout":               {"Timeout", "timeout"},
	"timeout_ms":            {"Timeout", "timeout"},
	"rate_limit":            {"Requests per second", "rate_limit"},
	"rate_limit.per_second": {"Requests per second", "rate_limit"},
	"retry.preset":          {"Retries", "retry.preset-quick"},
	"retry.attempts":        {"Attempts", "retry.attempts"},
	"retry.delays":          {"Pauses", "retry.delays"},
	"retry.delays_ms":       {"Pauses", "retry.delays"},
	"retry.retry_on":        {"Retry on", "retry.retry_on"},
	"subscriptions.filter":  {"Filter", "subscriptions.filter"},
}

// formField is the label of a field, and the id of the control to go to; both ""
// when the form has none of that name.
func formField(field string) (label, target string) {
	if known, ok := formFields[field]; ok {
		return known[0], ui.FieldID(known[1])
	}
	for _, name := range secretFaults {
		if field == name {
			return "Credentials", ui.FieldID("auth.secret")
		}
	}
	if strings.HasPrefix(field, "subscriptions") {
		return "Events", ui.FieldID("subscriptions.all-true")
	}
	for table, noun := range map[string]string{"headers": "Header", "params": "Parameter", "body.fields": "Field"} {
		if row, ok := strings.CutPrefix(field, table+"."); ok {
			return rowLabel(noun, row), ui.FieldID(rowTarget(field, row))
		}
	}
	return "", ""
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

// rowTarget is the name of the control: of a row at fault as a whole, its first.
func rowTarget(field, row string) string {
	if strings.Contains(row, ".") {
		return field
	}
	return field + ".name"
}
