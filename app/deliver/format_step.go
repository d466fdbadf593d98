package deliver

import (
	"bytes"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// instant is ISO 8601 in UTC with milliseconds, as the documents write times.
const instant = "2006-01-02T15:04:05.000Z"

// stepFired is the event of a step payload; stepType is that of the catalog.
const (
	stepFired = "track.step.fired"
	stepType  = "track.step_fired"
)

// stepFormat makes the step payload (D6): these members in this order, whatever
// fired the webhook, so that a receiver needs one parser.
//
// For an event that came from no track's step, event is its type, delivery_id the
// delivery's own id, and workflow, step and instance have empty members. An event
// that was published with the catalog's type for steps, as a test is, says in its
// data which step it means.
func stepFormat(r *rendering) ([]byte, string, *fault) {
	f, name := r.firing(), stepFired
	switch {
	case f.complete():
		r.id = f.deliveryID()
	case r.in.Event.Type == stepType:
		f = firingOf(r.in.Event.Data)
	default:
		f, name = firing{Contact: f.Contact}, r.in.Event.Type
	}
	return f.payload(name, r.id, r.in.Event.OccurredAt), jsonType, nil
}

// autoFormat is the step payload when a track's step fired the webhook, else the
// site envelope.
func autoFormat(r *rendering) ([]byte, string, *fault) {
	if r.firing().complete() {
		return stepFormat(r)
	}
	return siteFormat(r)
}

// firing is what an event's context says of the step that fired the webhook.
type firing struct {
	Workflow *stepPlace `json:"workflow"`
	Track    *stepPlace `json:"track"` // the workflow's name in the catalog's sample
	Step     *stepPlace `json:"step"`
	Instance *stepPlace `json:"instance"`
	Contact  struct {
		Identifiers jsontext.Value `json:"identifiers"`
	} `json:"contact"`
}

// stepPlace is a workflow, a step or an instance.
type stepPlace struct {
	ID    spelled `json:"id"`
	Name  spelled `json:"name"`
	Title spelled `json:"title"`
}

// spelled is a JSON string, or another value as it is spelled: ids of other systems
// may be numbers.
type spelled string

// UnmarshalJSONFrom never fails for what the value is.
func (t *spelled) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	v, err := d.ReadValue()
	*t = spelled(plain(v))
	return err
}

// firingOf reads a JSON object; what it does not find there is empty.
func firingOf(object []byte) (f firing) {
	if json.Unmarshal(object, &f) != nil { // a member of another shape than ours
		return firing{}
	}
	if f.Workflow == nil {
		f.Workflow = f.Track
	}
	return f
}

// complete reports whether a track's step fired the webhook.
func (f firing) complete() bool { return f.Workflow != nil && f.Step != nil && f.Instance != nil }

func (f firing) deliveryID() string {
	return string(f.Workflow.ID + ":" + f.Instance.ID + ":" + f.Step.ID)
}

func (f firing) payload(event, deliveryID string, at time.Time) []byte {
	part := func(p *stepPlace) stepPlace {
		if p == nil {
			return stepPlace{}
		}
		return *p
	}
	workflow, step, instance := part(f.Workflow), part(f.Step), part(f.Instance)
	b := appendJSONString([]byte(`{"event":`), event)
	b = appendJSONString(append(b, `,"delivery_id":`...), deliveryID)
	b = appendJSONString(append(b, `,"fired_at":`...), at.UTC().Format(instant))
	b = appendJSONString(append(b, `,"workflow":{"id":`...), string(workflow.ID))
	b = appendJSONString(append(b, `,"name":`...), string(workflow.Name))
	b = appendJSONString(append(b, `},"step":{"id":`...), string(step.ID))
	b = appendJSONString(append(b, `,"title":`...), string(step.Title))
	b = appendJSONString(append(b, `},"instance":{"id":`...), string(instance.ID))
	b = append(b, `},"user":`...)
	if user := bytes.TrimSpace(f.Contact.Identifiers); len(user) > 0 && user[0] == '{' {
		return append(append(b, user...), '}')
	}
	return append(b, `{}}`...)
}

// firing is read once, and only from an event that has a context.
func (r *rendering) firing() firing {
	if len(r.in.Event.Context) == 0 || r.fired != nil {
		if r.fired == nil {
			return firing{}
		}
		return *r.fired
	}
	f := firingOf(r.in.Event.Context)
	r.fired = &f
	return f
}
