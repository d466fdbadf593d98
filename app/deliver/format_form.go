package deliver

import (
	"fmt"
	"net/url"

	"hookline/app/template"
	"hookline/models"
)

// formFormat is fields as HTML forms send them, in the order of the form. A field
// whose value is missing is sent empty, as an input that nobody filled in.
func (p *prepared) formFormat(b models.Body) format {
	fields := make([]paramTemplate, 0, len(b.Fields))
	for i, f := range b.Fields {
		value := p.text(f.Value, template.Form, fmt.Sprintf("body.fields.%d.value", i), "the field "+f.Name)
		if value != nil {
			fields = append(fields, paramTemplate{url.QueryEscape(f.Name), *value})
		}
	}
	return func(r *rendering) ([]byte, string, *fault) {
		var body []byte
		for i := range fields {
			f := &fields[i]
			if i > 0 {
				body = append(body, '&')
			}
			var err error
			if body, err = f.value.text.Append(append(append(body, f.name...), '='), r.look()); err != nil {
				return nil, "", renderFault(err, f.value.field, f.value.what)
			}
		}
		return body, formType, nil
	}
}
