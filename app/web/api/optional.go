package api

import (
	"reflect"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// opt is a member that may be left out, which in a merge patch (RFC 7396) is not
// the same as null: left out means as it was, null means the default.
type opt[T any] struct {
	given bool
	null  bool
	value T
}

// UnmarshalJSONFrom notes that the member is there.
func (o *opt[T]) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	o.given = true
	if d.PeekKind() == 'n' {
		o.null = true
		return d.SkipValue()
	}
	return json.UnmarshalDecode(d, &o.value)
}

// MarshalJSONTo is there for huma alone, which shows examples of inputs.
func (o opt[T]) MarshalJSONTo(e *jsontext.Encoder) error { return json.MarshalEncode(e, o.value) }

// Schema is T's, or null.
func (opt[T]) Schema(r huma.Registry) *huma.Schema {
	t := reflect.TypeFor[T]()
	s := *r.Schema(t, true, t.Name())
	if s.Ref == "" && s.Type != "" {
		s.Nullable = true
	}
	return &s
}

// or returns what is to change to: nil for nothing, def for null.
func (o opt[T]) or(def T) *T {
	switch {
	case !o.given:
		return nil
	case o.null:
		return &def
	}
	return &o.value
}

// rawObject is a JSON object that stays as it was written.
type rawObject []byte

// UnmarshalJSONFrom keeps the bytes.
func (o *rawObject) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	v, err := d.ReadValue()
	*o = rawObject(v.Clone())
	return err
}

// MarshalJSONTo writes them; an answer without any is an empty object.
func (o rawObject) MarshalJSONTo(e *jsontext.Encoder) error {
	if len(o) == 0 {
		return e.WriteValue(jsontext.Value("{}"))
	}
	return e.WriteValue(jsontext.Value(o))
}

// Schema is any object.
func (rawObject) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true}
}
