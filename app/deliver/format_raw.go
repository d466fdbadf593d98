package deliver

import (
	"hookline/app/template"
	"hookline/models"
)

// rawFormat is any text, with the content type that the person gave it.
func (p *prepared) rawFormat(b models.Body) format {
	text := p.text(b.Template, template.Raw, "body.template", "the body")
	if text == nil {
		return nil
	}
	contentType := b.ContentType
	if contentType == "" {
		contentType = models.DefaultRawType
	}
	return func(r *rendering) ([]byte, string, *fault) {
		body, err := text.text.Append(nil, r.look())
		if err != nil {
			return nil, "", renderFault(err, text.field, text.what)
		}
		return body, contentType, nil
	}
}
