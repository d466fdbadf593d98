package deliver

import (
	"bytes"
	"slices"

	"hookline/app/template"
	"hookline/models"
)

// rendering is the making of one request: what it is made from, and what was
// looked up for it so far. A webhook without templates looks nothing up.
type rendering struct {
	in *Input
	// id is the delivery's id as receivers read it: in the body, in the headers and
	// in the signatures.
	id      string
	fired   *firing
	context []member // the members of the event's context
	read    bool
	values  *template.Context
	missing []string // beside what values notes
}

func newRendering(in *Input) *rendering { return &rendering{in: in, id: in.Delivery.ID} }

// around lists what is known of an event beside its data.
func (r *rendering) around() []member {
	if !r.read {
		r.read = true
		if len(r.in.Event.Context) > 0 {
			r.context = membersOf(r.in.Event.Context)
		}
	}
	return r.context
}

// contact lists the participant's fields; none when the event has no participant.
func (r *rendering) contact() []member { return membersOf(valueOf(r.around(), "contact")) }

// look gives what templates may name; expression.Roots says it in words.
func (r *rendering) look() *template.Context {
	if r.values == nil {
		r.values = template.NewContext(r.known())
	}
	return r.values
}

// ValuesOf is what an expression may name of an event outside of a request: as
// templates name it, and of a webhook only when in has one.
func ValuesOf(in Input) template.Values { return newRendering(&in).known() }

func (r *rendering) known() template.Values {
	in := r.in
	around := func(name string) []byte { return valueOf(r.around(), name) }
	v := template.Values{
		Event: eventValues(in), Data: in.Event.Data, Webhook: webhookValues(in.Webhook), Site: siteValues(&in.Settings),
		Contact: around("contact"), Opportunity: around("opportunity"), Workflow: around("workflow"), Step: around("step"),
		Steps: around("steps"), Params: around("params"), LiveData: around("liveData"),
	}
	if v.Opportunity == nil && bytes.Contains(in.Event.Data, []byte(`"opportunity"`)) {
		v.Opportunity = []byte(valueOf(membersOf(in.Event.Data), "opportunity")) // H5: from the trigger's data
	}
	return v
}

func eventValues(in *Input) []byte {
	e, t := &in.Event, &in.Type
	b := appendJSONString(append(make([]byte, 0, 256), `{"id":`...), e.ID)
	b = appendJSONString(append(b, `,"type":`...), e.Type)
	b = appendJSONString(append(b, `,"category":`...), t.Category)
	b = appendJSONString(append(b, `,"title":`...), t.Title)
	b = appendJSONString(append(b, `,"description":`...), t.Description)
	b = e.OccurredAt.UTC().AppendFormat(append(b, `,"occurred_at":"`...), instant)
	b = e.CreatedAt.UTC().AppendFormat(append(b, `","created_at":"`...), instant)
	return append(b, `"}`...)
}

func webhookValues(w *models.Webhook) []byte {
	if w == nil {
		return nil
	}
	b := appendJSONString([]byte(`{"id":`), w.ID)
	return append(appendJSONString(append(b, `,"name":`...), w.Name), '}')
}

func siteValues(s *models.Settings) []byte {
	b := appendJSONString([]byte(`{"name":`), s.SiteName)
	return append(appendJSONString(append(b, `,"domain":`...), s.SiteDomain), '}')
}

// maxMissing bounds what one attempt's log says of missing fields.
const maxMissing = 50

// miss notes a field that was looked for by name and not found.
func (r *rendering) miss(expression string) { r.missing = append(r.missing, expression) }

// missed lists what found nothing, each once.
func (r *rendering) missed() []string {
	if r.values == nil {
		return r.missing[:min(len(r.missing), maxMissing)]
	}
	list := r.missing
	for _, m := range r.values.Missing() {
		if !slices.Contains(list, m) {
			list = append(list, m)
		}
	}
	return list[:min(len(list), maxMissing)]
}
