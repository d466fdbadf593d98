package deliver

import (
	"net/url"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"hookline/app/expression"
	"hookline/app/template"
	"hookline/models"
)

// mergedBody makes one object or form of several sources (I8), each going over
// the one before: the chosen fields of the participant, the event's data, email
// and workflowId, the custom body. What goes over a field takes its place in the
// order, as in an object that is assigned to.
type mergedBody struct {
	userFields []string
	identity   bool
	custom     *template.JSON // nil: none
}

func (m *mergedBody) json(r *rendering) ([]byte, string, *fault) {
	list, f := m.merge(r)
	if f != nil {
		return nil, "", f
	}
	size := 2
	for _, field := range list {
		size += len(field.name) + len(field.value) + 8
	}
	body := append(make([]byte, 0, size), '{')
	for i, field := range list {
		if i > 0 {
			body = append(body, ',')
		}
		body = append(appendJSONString(body, field.name), ':')
		body = append(body, field.value...)
	}
	return append(body, '}'), jsonType, nil
}

func (m *mergedBody) urlEncoded(r *rendering) ([]byte, string, *fault) {
	list, f := m.merge(r)
	if f != nil {
		return nil, "", f
	}
	var body []byte
	for _, field := range list {
		body = appendFormField(body, field.name, plain(field.value))
	}
	return body, formType, nil
}

// longestQuery is far beyond any URL that the guard lets pass, so what is longer
// need not be finished.
const longestQuery = 16 << 10

// query puts the fields behind what the URL has: how GET and DELETE send them.
func (m *mergedBody) query(r *rendering, query string) (string, *fault) {
	list, f := m.merge(r)
	for _, field := range list {
		if len(query) > longestQuery {
			break
		}
		query = joinQuery(query, escapeQuery(field.name)+"="+escapeQuery(plain(field.value)))
	}
	return query, f
}

func (m *mergedBody) merge(r *rendering) ([]member, *fault) {
	data, contact := membersOf(r.in.Event.Data), r.contact()
	fields := mergedFields{at: make(map[string]int, len(m.userFields)+len(data)+2)}
	for _, name := range m.userFields {
		switch v := valueOf(contact, name); {
		case v != nil:
			fields.put(name, v)
		case valueOf(data, name) == nil:
			r.miss("contact." + name)
		}
	}
	for _, d := range data {
		fields.put(d.name, d.value)
	}
	if m.identity {
		m.identify(r, contact, &fields)
	}
	if m.custom == nil {
		return fields.list, nil
	}
	custom, err := m.custom.Fields(r.look())
	if err != nil {
		return nil, renderFault(err, "body.custom", "the custom body")
	}
	for _, c := range custom {
		if !c.Missing { // what is missing is left out, and what was there before stays
			fields.put(c.Name, c.Value)
		}
	}
	return fields.list, nil
}

// identify adds who and in which track. Without a participant or a track there
// is nothing to add.
func (m *mergedBody) identify(r *rendering, contact []member, fields *mergedFields) {
	if email := valueOf(contact, "email"); email != nil && plain(email) != "" {
		fields.put("email", email)
	}
	if id := valueOf(membersOf(valueOf(r.around(), "workflow")), "id"); id != nil {
		fields.put("workflowId", id)
	}
}

// mergedFields keep the order in which the names first came.
type mergedFields struct {
	list []member
	at   map[string]int
}

func (f *mergedFields) put(name string, value jsontext.Value) {
	if i, known := f.at[name]; known {
		f.list[i].value = value
		return
	}
	f.at[name] = len(f.list)
	f.list = append(f.list, member{name, value})
}

// appendFormField writes one field as HTML forms do.
func appendFormField(body []byte, name, value string) []byte {
	if len(body) > 0 {
		body = append(body, '&')
	}
	body = append(append(body, url.QueryEscape(name)...), '=')
	return append(body, url.QueryEscape(value)...)
}

// mergedFormat is the body of methods that have one; mergedOf serves the others.
func (p *prepared) mergedFormat(b models.Body) format {
	m := p.mergedOf(b)
	if b.Encoding == models.EncodingForm {
		return m.urlEncoded
	}
	return m.json
}

func (p *prepared) mergedOf(b models.Body) *mergedBody {
	m := &mergedBody{userFields: b.UserFields, identity: b.IncludeIdentity}
	if strings.TrimSpace(b.Custom) == "" {
		return m
	}
	var err error
	if m.custom, err = template.CompileJSON(b.Custom); err != nil {
		p.misbuilt("body.custom", "the custom body", err)
	} else if !m.custom.IsObject() {
		p.misbuilt("body.custom", "the custom body", errNoObject)
	} else {
		p.doubt("body.custom", m.custom.Doubt())
	}
	return m
}

var errNoObject = &expression.Fault{Line: 1, Column: 1, Message: `The custom body must be a JSON object, for example {"campaign": "{{data.name}}"}.`}
