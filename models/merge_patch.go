package models

import (
	"bytes"
	"encoding/json"

	"github.com/go-json-experiment/json/jsontext"
)

// MergePatch applies a JSON merge patch (RFC 7396): null removes a member, an
// object is merged into the one that is there, anything else takes its place.
// When nothing changes, the target is returned as it is. Values that stay, and
// those that come in, keep their bytes. The cost is linear in target and patch
// together: each is read once, however deep it nests.
func MergePatch(target, patch json.RawMessage) (merged json.RawMessage, changed bool) {
	if len(patch) == 0 {
		return target, false
	}
	from, err := readTree(patch)
	if err != nil {
		return target, false
	}
	onto, err := readTree(target)
	if err != nil {
		onto = &jsonTree{raw: target}
	}
	result, changed := onto.patched(from)
	if !changed {
		return target, false
	}
	return result.append(nil), true
}

// jsonTree is a JSON value taken apart as far as a merge patch looks into it:
// objects within objects, but no lists.
type jsonTree struct {
	raw      json.RawMessage // as it came; nil once it has changed
	isObject bool
	members  []treeMember
	at       map[string]int // the places of members, by name; made when first needed
}

type treeMember struct {
	name  string
	key   json.RawMessage // the name as it is spelled, with its quotes
	value *jsonTree       // nil: removed
}

func readTree(source json.RawMessage) (*jsonTree, error) {
	d := jsontext.NewDecoder(bytes.NewBuffer(source), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	return readTreeFrom(d, source)
}

func readTreeFrom(d *jsontext.Decoder, source json.RawMessage) (*jsonTree, error) {
	if d.PeekKind() != '{' {
		raw, err := readSpan(d, source)
		return &jsonTree{raw: raw}, err
	}
	if _, err := d.ReadToken(); err != nil {
		return nil, err
	}
	t := &jsonTree{isObject: true}
	start := d.InputOffset() - 1
	for d.PeekKind() == '"' {
		key, err := readSpan(d, source)
		if err != nil {
			return nil, err
		}
		value, err := readTreeFrom(d, source)
		if err != nil {
			return nil, err
		}
		plain, _ := jsontext.AppendUnquote(nil, key) // it was read as a string
		t.members = append(t.members, treeMember{name: string(plain), key: key, value: value})
	}
	_, err := d.ReadToken()
	end := d.InputOffset()
	t.raw = source[start:end:end]
	return t, err
}

// readSpan reads the next value, and returns it as it stands in the source: the
// decoder's own copy is good only until it reads on.
func readSpan(d *jsontext.Decoder, source json.RawMessage) (json.RawMessage, error) {
	v, err := d.ReadValue()
	if err != nil {
		return nil, err
	}
	end := d.InputOffset()
	return source[end-int64(len(v)) : end : end], nil
}

// patched returns the value with the patch applied to it, and whether that made a
// difference. The receiver may be nil: there is no value yet.
func (t *jsonTree) patched(patch *jsonTree) (*jsonTree, bool) {
	if !patch.isObject {
		return patch, t == nil || !sameJSON(t.raw, patch.raw)
	}
	changed := t == nil || !t.isObject
	if changed {
		t = &jsonTree{isObject: true}
	}
	for _, m := range patch.members {
		at := t.index(m.name)
		switch {
		case isNull(m.value.raw) && at < 0:
		case isNull(m.value.raw):
			t.members[at].value, changed = nil, true
			delete(t.at, m.name)
		case at < 0:
			m.value, _ = (*jsonTree)(nil).patched(m.value)
			t.add(m)
			changed = true
		default:
			value, other := t.members[at].value.patched(m.value)
			t.members[at].value, changed = value, changed || other
		}
	}
	if changed {
		t.raw = nil
	}
	return t, changed
}

// index is the place of a member; -1 when there is none of the name.
func (t *jsonTree) index(name string) int {
	if t.at == nil {
		t.at = make(map[string]int, len(t.members))
		for i, m := range t.members {
			t.at[m.name] = i
		}
	}
	if at, there := t.at[name]; there {
		return at
	}
	return -1
}

func (t *jsonTree) add(m treeMember) {
	t.at[m.name] = len(t.members)
	t.members = append(t.members, m)
}

// append writes the value; what has not changed, byte for byte.
func (t *jsonTree) append(b json.RawMessage) json.RawMessage {
	if t.raw != nil {
		return append(b, t.raw...)
	}
	b = append(b, '{')
	first := true
	for _, m := range t.members {
		if m.value == nil {
			continue
		}
		if !first {
			b = append(b, ',')
		}
		first = false
		b = m.value.append(append(append(b, m.key...), ':'))
	}
	return append(b, '}')
}
