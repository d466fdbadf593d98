package api

import (
	"slices"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"hookline/models"
)

// A later version adds these parts of a webhook. What stands in them is not
// looked at beyond telling the default, so that the answer to everything else is
// "not available" instead of "unknown".
type (
	authInput struct{ rawValue }
)

// rawValue is any JSON value.
type rawValue []byte

// UnmarshalJSONFrom keeps the bytes.
func (v *rawValue) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	raw, err := d.ReadValue()
	*v = rawValue(raw.Clone())
	return err
}

// Schema of authentication in this version.
func (authInput) Schema(huma.Registry) *huma.Schema { return choice("kind", "none") }

func choice(member string, values ...any) *huma.Schema {
	return &huma.Schema{Type: huma.TypeObject, AdditionalProperties: false, Properties: map[string]*huma.Schema{
		member: {Type: huma.TypeString, Enum: values, Default: values[0]},
	}}
}

// What the contract names and this version does not have.
var (
	laterAuth = []string{"bearer", "api_key", "basic", "basic_token", "oauth2"}
)

func (in webhookInput) checkLater(errs *models.FieldErrors) {
	if in.Auth.given && !in.Auth.null {
		in.Auth.value.checkChoice(errs, "auth", "kind", []string{"none"}, laterAuth)
	}
}

// checkChoice reads the one member that an object may have, and returns its
// value when it is one of now.
func (v rawValue) checkChoice(errs *models.FieldErrors, part, member string, now, later []string) string {
	var members map[string]jsontext.Value
	if json.Unmarshal(v, &members) != nil {
		errs.Add(part, "Give an object, for example {%q: %q}.", member, now[0])
		return ""
	}
	field := part + "." + member
	var chosen string
	if raw, given := members[member]; given && json.Unmarshal(raw, &chosen) != nil {
		errs.Add(field, "Give a string.")
		return ""
	}
	switch {
	case slices.Contains(later, chosen):
		errs.Add(field, "%q is not available in this version. Use %q.", chosen, now[0])
	case chosen != "" && !slices.Contains(now, chosen):
		errs.Add(field, "Choose one of %s.", joined(now))
	case len(members) > 1 || (len(members) == 1 && members[member] == nil):
		errs.Add(part, "In this version the only member is %s.", member)
	default:
		return chosen
	}
	return ""
}
