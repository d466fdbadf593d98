package form

import (
	"net/url"
	"strings"

	"hookline/models"
	"hookline/views/webhooks"
)

func bodyValues(v url.Values) (webhooks.BodyValues, error) {
	text := func(name string) string { return strings.TrimSpace(v.Get(name)) }
	typed := func(name string) string { return strings.ReplaceAll(v.Get(name), "\r\n", "\n") }
	b := webhooks.BodyValues{
		Format: text("body.format"), Template: typed("body.template"), ContentType: text("body.content_type"),
		Encoding: text("body.encoding"), UserFields: text("body.user_fields"), Custom: typed("body.custom"),
	}
	var err error
	if b.Fields, err = rows(v, "body.fields"); err != nil {
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
		b.Encoding, b.IncludeIdentity, b.UserFields, b.Custom = v.Encoding, v.IncludeIdentity, list(v.UserFields), v.Custom
	}
	return &b
}
