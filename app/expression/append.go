package expression

import (
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"hookline/app/decimal"
)

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
	case *decimal.Number:
		dst = v.Append(dst)
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

func appendObject(dst []byte, o *object) (_ []byte, err error) {
	if o.raw != nil {
		return Value{raw: o.raw}.AppendJSON(dst)
	}
	dst = append(dst, '{')
	for i, m := range o.made {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst, _ = jsontext.AppendQuote(dst, m.name)
		dst = append(dst, ':')
		if dst, err = appendJSON(dst, m.value); err != nil {
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
