package api

import (
	"slices"
	"strings"

	"hookline/models"
)

// bodyPart is a body as answers show it: the format, and what it takes.
type bodyPart struct {
	Format          models.BodyFormat `json:"format" enum:"auto,site,step,standard,json,merged,form,raw,none"`
	Template        *string           `json:"template,omitzero" doc:"json and raw alone: the template."`
	ContentType     *string           `json:"content_type,omitzero" doc:"raw; and json, where it is not application/json."`
	Fields          *[]nameValue      `json:"fields,omitzero" doc:"form alone: sent URL-encoded, in this order."`
	Encoding        *string           `json:"encoding,omitzero" enum:"json,form" doc:"merged alone."`
	IncludeIdentity *bool             `json:"include_identity,omitzero" doc:"merged alone: with email and workflowId."`
	UserFields      *[]string         `json:"user_fields,omitzero" doc:"merged alone: names of the participant's fields."`
	Custom          *string           `json:"custom,omitzero" doc:"merged alone: a JSON template of an object, whose members go over all others."`
}

// bodyInput is a body as callers send it. A member of another format than the
// one that is chosen is refused.
type bodyInput struct {
	Format          opt[models.BodyFormat] `json:"format,omitzero" enum:"auto,site,step,standard,json,merged,form,raw,none" doc:"auto when left out: the step payload when a track's step fires the webhook, else the site envelope."`
	Template        opt[string]            `json:"template,omitzero" doc:"json and raw alone. json: a JSON document whose strings may hold {{…}}; a string that is one {{…}} alone becomes the value itself. raw: any text with {{…}}."`
	ContentType     opt[string]            `json:"content_type,omitzero" maxLength:"256" doc:"raw: text/plain; charset=utf-8 when left out. json: application/json when left out, or a type that ends in +json, such as application/json-patch+json."`
	Fields          opt[[]nameValue]       `json:"fields,omitzero" doc:"form alone: values may hold {{…}}."`
	Encoding        opt[string]            `json:"encoding,omitzero" enum:"json,form" doc:"merged alone; json when left out. With GET and DELETE the fields go into the query instead."`
	IncludeIdentity opt[bool]              `json:"include_identity,omitzero" doc:"merged alone: adds email and workflowId; false when left out."`
	UserFields      opt[[]string]          `json:"user_fields,omitzero" doc:"merged alone: names of the participant's fields."`
	Custom          opt[string]            `json:"custom,omitzero" doc:"merged alone: a JSON template of an object, whose members go over user fields, data and identity."`
}

func bodyOfWebhook(b models.Body) bodyPart {
	out := bodyPart{Format: b.Format}
	switch b.Format {
	case models.BodyJSON:
		out.Template = &b.Template
		if b.ContentType != "" {
			out.ContentType = &b.ContentType
		}
	case models.BodyRaw:
		out.Template, out.ContentType = &b.Template, &b.ContentType
	case models.BodyForm:
		fields := namesAndValues(b.Fields)
		out.Fields = &fields
	case models.BodyMerged:
		names := append([]string{}, b.UserFields...)
		out.Encoding, out.IncludeIdentity, out.UserFields, out.Custom = &b.Encoding, &b.IncludeIdentity, &names, &b.Custom
	}
	return out
}

// body merges what is given into the body there is. Another format starts from
// nothing.
func (in webhookInput) body(base models.Body, errs *models.FieldErrors) *models.Body {
	if !in.Body.given {
		return nil
	}
	if in.Body.null {
		return &models.Body{Format: models.BodyAuto}
	}
	b, v := base, in.Body.value
	if v.Format.apply(&b.Format, models.BodyAuto); b.Format != base.Format {
		b = models.Body{Format: b.Format}
	}
	v.refuseOthers(b.Format, errs)
	v.Template.apply(&b.Template, "")
	v.ContentType.apply(&b.ContentType, "")
	v.Encoding.apply(&b.Encoding, models.EncodingJSON)
	v.IncludeIdentity.apply(&b.IncludeIdentity, false)
	v.UserFields.apply(&b.UserFields, nil)
	v.Custom.apply(&b.Custom, "")
	if fields := v.Fields.or(nil); fields != nil {
		b.Fields = params(*fields)
	}
	return &b
}

// refuseOthers tells a caller of members that would count for nothing. A null
// says what is so anyway.
func (v bodyInput) refuseOthers(format models.BodyFormat, errs *models.FieldErrors) {
	for _, m := range []struct {
		name  string
		given bool
		of    []models.BodyFormat
	}{
		{"template", v.Template.given && !v.Template.null, []models.BodyFormat{models.BodyJSON, models.BodyRaw}},
		{"content_type", v.ContentType.given && !v.ContentType.null, []models.BodyFormat{models.BodyJSON, models.BodyRaw}},
		{"fields", v.Fields.given && !v.Fields.null, []models.BodyFormat{models.BodyForm}},
		{"encoding", v.Encoding.given && !v.Encoding.null, []models.BodyFormat{models.BodyMerged}},
		{"include_identity", v.IncludeIdentity.given && !v.IncludeIdentity.null, []models.BodyFormat{models.BodyMerged}},
		{"user_fields", v.UserFields.given && !v.UserFields.null, []models.BodyFormat{models.BodyMerged}},
		{"custom", v.Custom.given && !v.Custom.null, []models.BodyFormat{models.BodyMerged}},
	} {
		if m.given && !known(format, m.of) {
			errs.Add("body."+m.name, "Only the format %s takes this. Set format so, or leave this out.", orJoined(m.of))
		}
	}
}

// known reports whether the format is one of these, or one that is refused for
// itself.
func known(format models.BodyFormat, of []models.BodyFormat) bool {
	return slices.Contains(of, format) || !slices.Contains(models.BodyFormats, format)
}

func orJoined(formats []models.BodyFormat) string {
	names := make([]string, len(formats))
	for i, f := range formats {
		names[i] = string(f)
	}
	return strings.Join(names, " or ")
}
