package expression

import (
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"hookline/app/decimal"
)

// A value within an expression is one of: nil (JSON's null), missing, bool, string,
// int64, number, *decimal.Number, *object, *array.

// missing is what there is where there is nothing. It behaves as null, but is noted
// and renders empty.
type missing struct{}

// number is a number as it was written, where int64 would not keep its spelling. It
// is valid. What is computed of it is a *decimal.Number.
type number string

// MarshalJSON shows a number of a source, which may be spelled as JSON does not.
func (n number) MarshalJSON() ([]byte, error) {
	if jsontext.Value(n).IsValid() {
		return []byte(n), nil
	}
	d, err := parseNumber(string(n))
	if err != nil {
		return nil, err
	}
	return d.Append(nil), nil
}

// array is a JSON array, or one that an expression made (raw is nil then).
type array struct {
	raw   []byte
	items []any
	done  bool
	kept  bool // in an object that all expressions of the Env see
}

// read finds the items. It pays before it makes them.
func (a *array) read(e *Env) error {
	if a.done {
		return nil
	}
	if err := e.spendReading(1+len(a.raw)/bytesMade, a.kept); err != nil {
		return err
	}
	n := 0
	eachItem(a.raw, func([]byte) bool { n++; return true })
	if err := e.spendReading(5*n, a.kept); err != nil {
		return err
	}
	a.items = make([]any, 0, n)
	eachItem(a.raw, func(value []byte) bool {
		a.items = append(a.items, decodeIn(value, a.kept))
		return true
	})
	a.done = true
	return nil
}

func list(items []any) *array { return &array{items: items, done: true} }

// decode reads one value; what is inside an object or array stays as written.
func decode(raw []byte) any { return decodeIn(raw, false) }

// decodeIn reads a value of something that is kept, or not.
func decodeIn(raw []byte, kept bool) any {
	if len(raw) == 0 {
		return missing{}
	}
	switch raw[0] {
	case '{':
		return &object{raw: raw, kept: kept}
	case '[':
		return &array{raw: raw, kept: kept}
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
	if !decimal.Valid(text) { // the scanner makes something of what is not JSON
		return missing{}
	}
	return number(text)
}

func unquote(raw []byte) string {
	if escaped(raw) {
		text, _ := jsontext.AppendUnquote(make([]byte, 0, len(raw)), raw)
		return string(text)
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
