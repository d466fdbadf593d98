package form

import (
	"net/url"
	"strings"

	"hookline/models"
	"hookline/views/webhooks"
)

func bodyValues(v url.Values, drawn webhooks.BodyValues) (webhooks.BodyValues, error) {
	text := func(name string) string { return strings.TrimSpace(v.Get(name)) }
	b := webhooks.BodyValues{
		Format: text("body.format"), Template: Block(drawn.Template, v.Get("body.template")), ContentType: Line(drawn.ContentType, v.Get("body.content_type")),
		Encoding: text("body.encoding"), UserFields: Line(drawn.UserFields, v.Get("body.user_fields")), Custom: Block(drawn.Custom, v.Get("body.custom")),
	}
	var err error
	if b.Fields, err = rows(v, "body.fields", drawn.Fields); err != nil {
		return b, err
	}
	b.IncludeIdentity, err = Bool(v, "body.include_identity")
	return b, err
}

// body is the body with the fields of its format alone; nil where the form does
// not have it.
func (f Webhook) body() *models.Body {
	if !f.has.Has("body.format") {
		return nil
	}
	v := f.values.Body
	b := models.Body{Format: models.BodyFormat(v.Format)}
	switch b.Format {
	case models.BodyJSON:
		b.Template, b.ContentType = v.Template, v.ContentType
		if b.ContentType == models.DefaultRawType { // left there by raw text, whose field it is too
			b.ContentType = ""
		}
	case models.BodyRaw:
		b.Template, b.ContentType = v.Template, v.ContentType
	case models.BodyForm:
		b.Fields = params(v.Fields)
	case models.BodyMerged:
		b.Encoding, b.IncludeIdentity, b.UserFields, b.Custom = v.Encoding, v.IncludeIdentity, f.userFields(), v.Custom
	}
	return &b
}

// userFields are the names as they are stored while the field is untouched: one
// with a comma in it is two to those who type.
func (f Webhook) userFields() []string {
	if f.values.Body.UserFields == f.drawn.Body.UserFields {
		return f.stored.Body.UserFields
	}
	return list(f.values.Body.UserFields)
}
