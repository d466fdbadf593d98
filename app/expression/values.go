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

// Value is what an expression gave.
type Value struct {
	raw []byte // as written, or nil:
	v   any
}

// Missing says that there was nothing where the expression looked. JSON's null is
// something.
func (v Value) Missing() bool {
	_, gone := v.v.(missing)
	return gone
}

// Bool is the value, if it is true or false.
func (v Value) Bool() (value, ok bool) {
	if v.raw != nil {
		value, ok = decode(v.raw).(bool)
		return value, ok
	}
	value, ok = v.v.(bool)
	return value, ok
}

// AppendText appends the value as it stands in a text: strings as they are, numbers
// in their spelling, null and missing as nothing, lists and objects as compact JSON.
// The error is ErrTooLong, when dst would be.
func (v Value) AppendText(dst []byte) ([]byte, error) {
	if v.raw == nil {
		return appendText(dst, v.v)
	}
	switch v.raw[0] {
	case 'n':
		return dst, nil
	case '"':
		if len(dst)+len(v.raw) > MaxOutput {
			return dst, ErrTooLong
		}
		dst, _ = jsontext.AppendUnquote(dst, v.raw)
		return dst, nil
	}
	return v.AppendJSON(dst)
}

// AppendJSON appends the value as compact JSON, what was only copied in its exact
// spelling; what is missing is an empty string. The error is ErrTooLong.
func (v Value) AppendJSON(dst []byte) ([]byte, error) {
	if v.raw == nil {
		return appendJSON(dst, v.v)
	}
	if len(dst)+len(v.raw) > MaxOutput {
		return dst, ErrTooLong
	}
	return compact(dst, v.raw), nil
}

func appendText(dst []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case nil, missing:
		return dst, nil
	case string:
		if len(dst)+len(v) > MaxOutput {
			return dst, ErrTooLong
		}
		return append(dst, v...), nil
	}
	return appendJSON(dst, v)
}

func appendJSON(dst []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case nil:
		dst = append(dst, "null"...)
	case missing:
		dst = append(dst, `""`...)
	case bool:
		dst = strconv.AppendBool(dst, v)
	case string:
		if len(dst)+len(v) > MaxOutput {
			return dst, ErrTooLong
		}
		dst, _ = jsontext.AppendQuote(dst, v)
	case int64:
		dst = strconv.AppendInt(dst, v, 10)
	case float64:
		dst = appendFloat(dst, v)
	case number:
		dst = append(dst, v...)
	case *object:
		return appendObject(dst, v)
	case *array:
		return appendArray(dst, v)
	}
	if len(dst) > MaxOutput {
		return dst, ErrTooLong
	}
	return dst, nil
}

// appendFloat writes a float as JavaScript would.
func appendFloat(dst []byte, f float64) []byte {
	if abs := math.Abs(f); abs != 0 && (abs < 1e-6 || abs >= 1e21) {
		return strconv.AppendFloat(dst, f, 'e', -1, 64)
	}
	return strconv.AppendFloat(dst, f, 'f', -1, 64)
}

func appendObject(dst []byte, o *object) (_ []byte, err error) {
	if o.raw != nil {
		return Value{raw: o.raw}.AppendJSON(dst)
	}
	dst = append(dst, '{')
	for i, m := range o.members {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst, _ = jsontext.AppendQuote(dst, m.name)
		dst = append(dst, ':')
		if dst, err = (Value{raw: m.raw, v: m.value}).AppendJSON(dst); err != nil {
			return dst, err
		}
	}
	return append(dst, '}'), nil
}

func appendArray(dst []byte, a *array) (_ []byte, err error) {
	if a.raw != nil {
		return Value{raw: a.raw}.AppendJSON(dst)
	}
	dst = append(dst, '[')
	for i, item := range a.items {
		if i > 0 {
			dst = append(dst, ',')
		}
		if dst, err = appendJSON(dst, item); err != nil {
			return dst, err
		}
	}
	return append(dst, ']'), nil
}
