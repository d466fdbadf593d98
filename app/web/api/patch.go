package api

import (
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"hookline/models"
)

// patch is a JSON merge patch (RFC 7396) of a T: members that are left out stay, and null
// sets the default.
type patch[T any] struct{ raw jsontext.Value }

// UnmarshalJSONFrom keeps the bytes. read and mergedInto check them against T.
func (p *patch[T]) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	v, err := d.ReadValue()
	if err == nil && v.Kind() != 'n' {
		p.raw = v.Clone()
	}
	return err
}

// MarshalJSONTo is there for huma alone, which shows examples of inputs.
func (p patch[T]) MarshalJSONTo(e *jsontext.Encoder) error { return e.WriteValue(p.object()) }

func (p patch[T]) object() jsontext.Value {
	if len(p.raw) == 0 {
		return jsontext.Value("{}")
	}
	return p.raw
}

// has reports whether the patch names a member, be it as null.
func (p patch[T]) has(name string) bool {
	for _, m := range models.ObjectMembers([]byte(p.object())) {
		if m.Name == name {
			return true
		}
	}
	return false
}

// read decodes the patch by itself over v. Its errors name every member as the caller
// wrote it, also those that the merge would drop.
func (p patch[T]) read(v *T) error {
	return explain(p.object(), json.Unmarshal(p.object(), v, strict))
}

// mergedInto is the answer now with the patch merged into it; def has what the patch
// sets to null.
func (p patch[T]) mergedInto(now any, def T) (T, error) {
	target, err := encode(now)
	if err != nil {
		return def, err
	}
	merged, _ := models.MergePatch(target, []byte(p.object()))
	return def, explain(merged, json.Unmarshal(merged, &def, strict))
}

// Schema is T's, with no member required and null for each.
func (patch[T]) Schema(r huma.Registry) *huma.Schema {
	t := reflect.TypeFor[T]()
	return patchSchema(r, r.Schema(t, true, t.Name()))
}

// patchSchema adds the component NameInput beside Name.
func patchSchema(r huma.Registry, whole *huma.Schema) *huma.Schema {
	if whole.Ref == "" {
		s := *whole
		s.Nullable = s.Type != ""
		return &s
	}
	name := whole.Ref[strings.LastIndex(whole.Ref, "/")+1:] + "Input"
	if r.Map()[name] == nil {
		s := *r.SchemaFromRef(whole.Ref)
		s.Required, s.Properties = nil, make(map[string]*huma.Schema, len(s.Properties))
		for member, schema := range r.SchemaFromRef(whole.Ref).Properties {
			s.Properties[member] = patchSchema(r, schema)
		}
		r.Map()[name] = &s
	}
	return &huma.Schema{Ref: strings.TrimSuffix(whole.Ref, "Input") + "Input", Description: whole.Description}
}
