package models

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"
)

// ObjectMember is a member of a JSON object. Value is its bytes as they came, so
// that a number keeps its spelling.
type ObjectMember struct {
	Name  string
	Value json.RawMessage
}

// ObjectMembers lists an object's members in their order; none of what is no
// object.
func ObjectMembers(object json.RawMessage) []ObjectMember {
	d := json.NewDecoder(bytes.NewReader(object))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil
	}
	var list []ObjectMember
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil
		}
		var m ObjectMember
		m.Name, _ = name.(string)
		if err := d.Decode(&m.Value); err != nil {
			return nil
		}
		list = append(list, m)
	}
	return list
}

// ObjectOf writes members as an object.
func ObjectOf(members []ObjectMember) json.RawMessage {
	b := []byte{'{'}
	for i, m := range members {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(append(b, JSONText(m.Name)...), ':'), m.Value...)
	}
	return append(b, '}')
}

// JSONText writes a string as JSON, with no more escapes than it needs.
func JSONText(text string) json.RawMessage {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	_ = e.Encode(text) // a string can always be written
	return bytes.TrimSuffix(out.Bytes(), []byte("\n"))
}

func isObject(value json.RawMessage) bool {
	text := bytes.TrimLeft(value, " \t\r\n")
	return len(text) > 0 && text[0] == '{'
}

func isNull(value json.RawMessage) bool { return string(bytes.TrimSpace(value)) == "null" }

// sameJSON reports whether two values are the same but for spaces.
func sameJSON(a, b json.RawMessage) bool {
	if bytes.Equal(a, b) {
		return true
	}
	var x, y bytes.Buffer
	return json.Compact(&x, a) == nil && json.Compact(&y, b) == nil && bytes.Equal(x.Bytes(), y.Bytes())
}

// jsonText is a string value; "" for any other.
func jsonText(value json.RawMessage) string {
	var text string
	if len(value) == 0 || value[0] != '"' || json.Unmarshal(value, &text) != nil {
		return ""
	}
	return text
}

// checkObject notes what keeps the value from being a JSON object that can be
// kept: it is read by others later, so it must not be read in two ways.
func checkObject(errs *FieldErrors, field string, value json.RawMessage) bool {
	before := len(*errs)
	switch {
	case !utf8.Valid(value) || !json.Valid(value):
		errs.Add(field, "This is not valid JSON in UTF-8.")
	case !isObject(value):
		errs.Add(field, "Give a JSON object.")
	default:
		checkNesting(errs, field, value)
	}
	return len(*errs) == before
}

// nest is an object or array that is being read.
type nest struct {
	names map[string]bool // of an object
	named bool            // its next token is a value
}

// checkNesting looks for names that are there twice, and for what lies too deep.
// The JSON is valid.
func checkNesting(errs *FieldErrors, field string, value json.RawMessage) {
	d := json.NewDecoder(bytes.NewReader(value))
	d.UseNumber()
	var open []*nest
	for {
		token, err := d.Token()
		if err != nil {
			return // the end
		}
		if delim, is := token.(json.Delim); is && (delim == '}' || delim == ']') {
			open = open[:len(open)-1]
			continue
		}
		if len(open) > 0 && open[len(open)-1].names != nil {
			in := open[len(open)-1]
			if in.named = !in.named; in.named {
				name, _ := token.(string)
				if in.names[name] {
					errs.Add(field, "The name %q is there twice. Keep one of them.", clipped(name, 100))
					return
				}
				in.names[name] = true
				continue
			}
		}
		switch token {
		case json.Delim('{'):
			open = append(open, &nest{names: map[string]bool{}})
		case json.Delim('['):
			open = append(open, &nest{})
		}
		if len(open) > MaxJSONDepth {
			errs.Add(field, "This is nested more than %d levels deep. Flatten it.", MaxJSONDepth)
			return
		}
	}
}

// clipped is at most max bytes of a text, whole characters.
func clipped(text string, max int) string {
	if len(text) <= max {
		return text
	}
	for max > 0 && !utf8.RuneStart(text[max]) {
		max--
	}
	return text[:max]
}
