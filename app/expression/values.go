package expression

import (
	"math"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// A value within an expression is one of: nil (JSON's null), missing, bool, string,
// int64, float64, number, *object, *array.

// missing is what there is where there is nothing. It behaves as null, but is noted
// and renders empty.
type missing struct{}

// number is a number as it was written, where int64 would not keep its spelling.
type number string

// object is a JSON object, or one that an expression made (raw is nil then).
type object struct {
	raw     []byte
	members []member
	done    bool // members are read
}

type member struct {
	name  string
	raw   []byte // as written, or nil:
	value any
}

// array is a JSON array, or one that an expression made (raw is nil then).
type array struct {
	raw   []byte
	items []any
	done  bool
}

// read finds the members; each stays as written.
func (o *object) read(e *Env) error {
	if o.done {
		return nil
	}
	o.done = true
	if err := e.spend(1 + len(o.raw)/bytesScanned); err != nil {
		return err
	}
	o.members = make([]member, 0, 8)
	eachMember(o.raw, func(name, value []byte) bool {
		o.members = append(o.members, member{name: unquote(name), raw: value})
		return true
	})
	return nil
}

func (o *object) member(name string) *member {
	for i := range o.members {
		if o.members[i].name == name {
			return &o.members[i]
		}
	}
	return nil
}

func (m *member) get() any {
	if m.raw != nil {
		return decode(m.raw)
	}
	return m.value
}

// find is the member's value, or missing.
func (o *object) find(e *Env, name string) (any, error) {
	if err := o.read(e); err != nil {
		return nil, err
	}
	m := o.member(name)
	if m == nil {
		return missing{}, e.spend(1 + len(o.members)/8)
	}
	return m.get(), e.spend(1 + len(o.members)/8 + copied(m.raw))
}

// copied is the work of decoding a value.
func copied(raw []byte) int {
	if len(raw) > 0 && raw[0] == '"' {
		return 1 + len(raw)/bytesMade
	}
	return 1
}

// read finds the items.
func (a *array) read(e *Env) error {
	if a.done {
		return nil
	}
	a.done = true
	if err := e.spend(1 + len(a.raw)/bytesMade); err != nil {
		return err
	}
	n := 0
	eachItem(a.raw, func([]byte) bool { n++; return true })
	a.items = make([]any, 0, n)
	eachItem(a.raw, func(value []byte) bool {
		a.items = append(a.items, decode(value))
		return true
	})
	return e.spend(5 * n)
}

func list(items []any) *array { return &array{items: items, done: true} }

// decode reads one value; what is inside an object or array stays as written.
func decode(raw []byte) any {
	if len(raw) == 0 {
		return missing{}
	}
	switch raw[0] {
	case '{':
		return &object{raw: raw}
	case '[':
		return &array{raw: raw}
	case '"':
		return unquote(raw)
	case 't':
		return true
	case 'f':
		return false
	case 'n':
		return nil
	}
	return decodeNumber(string(raw))
}

func decodeNumber(text string) any {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil && text != "-0" {
		return n
	}
	return number(text)
}

func unquote(raw []byte) string {
	for _, c := range raw {
		if c == '\\' {
			text, _ := jsontext.AppendUnquote(nil, raw)
			return string(text)
		}
	}
	if len(raw) < 2 {
		return ""
	}
	return string(raw[1 : len(raw)-1])
}

func isNil(v any) bool {
	if v == nil {
		return true
	}
	_, gone := v.(missing)
	return gone
}

// numeric reads a number: as int64 where it is one, else as float64.
func numeric(v any) (n int64, f float64, isInt, ok bool) {
	switch v := v.(type) {
	case int64:
		return v, float64(v), true, true
	case float64:
		return 0, v, false, true
	case number:
		f, err := strconv.ParseFloat(string(v), 64)
		return 0, f, false, err == nil || !math.IsNaN(f)
	}
	return 0, 0, false, false
}

// kindOf names a value's kind for a person.
func kindOf(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case missing:
		return "missing"
	case bool:
		return "true or false"
	case string:
		return "text"
	case *object:
		return "an object"
	case *array:
		return "a list"
	}
	return "a number"
}
