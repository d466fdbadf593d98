package deliver

import (
	"bytes"

	"github.com/go-json-experiment/json/jsontext"
)

// member is a member of a JSON object. The value is the bytes as they stood
// there, so that numbers and escapes stay as they were spelled (promise 4).
type member struct {
	name  string
	value jsontext.Value
}

// membersOf lists the members of an object in their order; none of what is no
// object. The values are part of the text given.
func membersOf(object []byte) []member {
	d := jsontext.NewDecoder(bytes.NewBuffer(object))
	if open, err := d.ReadToken(); err != nil || open.Kind() != '{' {
		return nil
	}
	var list []member
	for d.PeekKind() == '"' {
		name, err := d.ReadToken()
		if err != nil {
			return list
		}
		key := name.String()
		value, err := d.ReadValue()
		if err != nil {
			return list
		}
		end := int(d.InputOffset())
		list = append(list, member{key, object[end-len(value) : end : end]})
	}
	return list
}

// valueOf is the member of that name, or nil.
func valueOf(list []member, name string) jsontext.Value {
	for _, m := range list {
		if m.name == name {
			return m.value
		}
	}
	return nil
}

// plain is a value as text: a string without its quotes, nothing for null, and
// all else as compact JSON.
func plain(v jsontext.Value) string {
	switch v.Kind() {
	case '"':
		text, err := jsontext.AppendUnquote(nil, v)
		if err != nil {
			return ""
		}
		return string(text)
	case 'n':
		return ""
	case '{', '[':
		compact := v.Clone()
		_ = compact.Compact() // it was read as valid JSON
		return string(compact)
	}
	return string(bytes.TrimSpace(v))
}
