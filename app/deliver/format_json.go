package deliver

import (
	"cmp"

	"hookline/app/template"
	"hookline/models"
)

// jsonFormat is a JSON template (H4): parsed before anything is filled in, so that
// no value can change its shape.
func (p *prepared) jsonFormat(b models.Body) format {
	t, err := template.CompileJSON(b.Template)
	if err != nil {
		p.misbuilt("body.template", "the body", err)
		return nil
	}
	p.doubt("body.template", t.Doubt())
	contentType := cmp.Or(b.ContentType, jsonType)
	return func(r *rendering) ([]byte, string, *fault) {
		body, err := t.Append(nil, r.look())
		if err != nil {
			return nil, "", renderFault(err, "body.template", "the body")
		}
		return body, contentType, nil
	}
}
