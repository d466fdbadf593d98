package api

import (
	"bytes"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"hookline/app/service"
	"hookline/models"
)

// eventReader reads events in one pass, without reflection and without copying
// data: this is the hot path. Readers are pooled.
type eventReader struct {
	decoder jsontext.Decoder
	source  bytes.Buffer
	body    []byte
	errs    models.FieldErrors // of the event being read
}

var eventReaders = sync.Pool{New: func() any { return new(eventReader) }}

// withReader lends a reader of body to fn, and explains its error.
func withReader(body []byte, fn func(*eventReader) error) error {
	if err := checkShape(body); err != nil {
		return err
	}
	r := eventReaders.Get().(*eventReader)
	r.body, r.source = body, *bytes.NewBuffer(body)
	r.decoder.Reset(&r.source)
	err := fn(r)
	r.body, r.source, r.errs = nil, bytes.Buffer{}, nil
	r.decoder.Reset(&r.source) // lets go of the body
	eventReaders.Put(r)
	return explain(body, err)
}

// readEvent reads a body that is one event.
func readEvent(body []byte) (e service.NewEvent, err error) {
	err = withReader(body, func(r *eventReader) error {
		var invalid error
		if e, invalid, err = r.event(); err == nil {
			err = r.end()
		}
		if err == nil {
			err = invalid
		}
		return err
	})
	if len(body)-len(e.Data) > spare {
		e.Data = bytes.Clone(e.Data)
	}
	return e, err
}

// spare is how much beyond data an event may hold on to in memory while it waits
// for delivery.
const spare = 4 << 10

// end refuses a second document.
func (r *eventReader) end() error {
	if _, err := r.decoder.ReadToken(); !errors.Is(err, io.EOF) {
		if err == nil {
			err = models.Errorf(models.Malformed, "There is more after the JSON object. Send one object.")
		}
		return err
	}
	return nil
}

// event reads the object that comes next. invalid says what is wrong with its
// members; err, that the JSON is broken and reading cannot go on.
func (r *eventReader) event() (e service.NewEvent, invalid, err error) {
	r.errs = nil
	if r.decoder.PeekKind() != '{' {
		if err := r.decoder.SkipValue(); err != nil {
			return e, nil, err
		}
		return e, models.Errorf(models.Invalid, "An event is a JSON object."), nil
	}
	if _, err := r.decoder.ReadToken(); err != nil {
		return e, nil, err
	}
	for r.decoder.PeekKind() == '"' {
		if err := r.member(&e); err != nil {
			return e, nil, err
		}
	}
	_, err = r.decoder.ReadToken() // the closing brace, or what is wrong
	return e, r.errs.Err(), err
}

// name reads a member's name and leaves it as it is spelled, with its quotes:
// comparing it so costs no memory. Few callers escape a letter in it.
func (r *eventReader) name() (jsontext.Value, error) {
	name, err := r.decoder.ReadValue()
	if err == nil && bytes.IndexByte(name, '\\') >= 0 {
		plain, _ := jsontext.AppendUnquote(nil, name) // it was read as a valid string
		name, err = jsontext.AppendQuote(nil, plain)
	}
	return name, err
}

func (r *eventReader) member(e *service.NewEvent) error {
	name, err := r.name()
	if err != nil {
		return err
	}
	switch string(name) {
	case `"data"`:
		e.Data, err = r.raw()
	case `"type"`:
		e.Type, err = r.text("type", false)
	case `"id"`:
		e.ID, err = r.text("id", true)
	case `"occurred_at"`:
		e.OccurredAt, err = r.time("occurred_at")
	case `"participant"`:
		e.Participant, err = r.participant()
	default:
		err = r.unknown(name)
	}
	return err
}

// maxFaults are shown of one document; a caller mends those and asks again.
const maxFaults = 50

// fault notes one, unless there are enough already: a body of a million unknown
// members must not grow into an answer of a hundred times its size.
func (r *eventReader) fault(field, message string) {
	if len(r.errs) < maxFaults {
		r.errs.Add(field, "%s", message)
	}
}

func (r *eventReader) unknown(name jsontext.Value) error {
	r.fault(fieldNamed(name), "There is no such member here. Known are type, data, id, occurred_at, participant.")
	return r.decoder.SkipValue()
}

func fieldNamed(quoted jsontext.Value) string {
	plain, _ := jsontext.AppendUnquote(nil, quoted) // it was read as a valid string
	return fieldOf(jsontext.Pointer("").AppendToken(string(plain)))
}

// raw is the next value as it stands in the body, byte for byte.
func (r *eventReader) raw() ([]byte, error) {
	v, err := r.decoder.ReadValue()
	if err != nil {
		return nil, err
	}
	end := r.decoder.InputOffset()
	return r.body[end-int64(len(v)) : end : end], nil
}

// text reads a string; null means that an optional one is not given. An empty
// one is a fault: an event id that came out empty is no protection from repeats.
func (r *eventReader) text(name string, optional bool) (string, error) {
	kind := r.decoder.PeekKind()
	if kind != '"' {
		if kind != 'n' || !optional {
			r.fault(name, "Give a string.")
		}
		return "", r.decoder.SkipValue()
	}
	token, err := r.decoder.ReadToken()
	if err != nil {
		return "", err
	}
	text := token.String()
	if text == "" {
		r.fault(name, "Give a string that is not empty, or leave it out.")
	}
	return text, nil
}

func (r *eventReader) time(name string) (time.Time, error) {
	before := len(r.errs)
	text, err := r.text(name, true)
	if err != nil || text == "" || len(r.errs) > before {
		return time.Time{}, err
	}
	t, ok := models.ParseTime(text)
	if !ok {
		r.fault(name, giveTime)
	}
	return t, nil
}
