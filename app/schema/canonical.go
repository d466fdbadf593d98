package schema

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"hookline/app/decimal"
)

// appendKey appends a text that two JSON values share exactly when JSON Schema holds
// them to be equal (4.2.2): numbers by value, objects whatever their order. It ends
// early, not ok, beyond the limit, in bytes of dst.
func appendKey(dst []byte, v any, limit int) (_ []byte, ok bool) {
	if len(dst) > limit {
		return dst, false
	}
	switch v := v.(type) {
	case nil:
		return append(dst, 'n'), true
	case bool:
		return strconv.AppendBool(dst, v), true
	case json.Number:
		key, err := decimal.Key(string(v))
		return append(append(dst, '#'), key...), err == nil
	case string:
		if len(dst)+len(v) > limit {
			return dst, false
		}
		return append(append(strconv.AppendInt(append(dst, 's'), int64(len(v)), 10), ':'), v...), true
	case []any:
		dst = append(dst, '[')
		for _, item := range v {
			if dst, ok = appendKey(dst, item, limit); !ok {
				return dst, false
			}
			dst = append(dst, ',')
		}
		return append(dst, ']'), true
	case map[string]any:
		return appendObjectKey(dst, v, limit)
	}
	return dst, false
}

func appendObjectKey(dst []byte, v map[string]any, limit int) (_ []byte, ok bool) {
	if len(dst)+4*len(v) > limit { // a member has no fewer bytes
		return dst, false
	}
	dst = append(dst, '{')
	for _, name := range slices.Sorted(maps.Keys(v)) {
		if dst, ok = appendKey(dst, name, limit); !ok {
			return dst, false
		}
		if dst, ok = appendKey(append(dst, '='), v[name], limit); !ok {
			return dst, false
		}
	}
	return append(dst, '}'), true
}

// checkNumbers refuses a number that is outside of the bounds of package decimal: what
// a schema does with numbers is only then cheap.
func checkNumbers(v any, at []string) error {
	switch v := v.(type) {
	case json.Number:
		if err := decimal.Bounded(string(v)); err != nil {
			return Fault{Path: pathOf(at), Reason: err.Error()}
		}
	case []any:
		for i, item := range v {
			if number, is := item.(json.Number); is && decimal.Bounded(string(number)) == nil {
				continue
			}
			if err := checkNumbers(item, append(at, strconv.Itoa(i))); err != nil {
				return err
			}
		}
	case map[string]any:
		for name, member := range v {
			if err := checkNumbers(member, append(at, name)); err != nil {
				return err
			}
		}
	}
	return nil
}

func typeName(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case json.Number:
		return "number"
	case string:
		return "string"
	case []any:
		return "array"
	}
	return "object"
}

// isInteger says whether a bounded number has nothing behind the point: 5000.0 is one.
func isInteger(v any) bool {
	text, is := v.(json.Number)
	if !is {
		return false
	}
	d, err := decimal.Parse(string(text))
	return err == nil && d.IsInteger()
}

// kindError is a fault of a kind that the library has, found by a check of ours.
type kindError struct{ kind jsonschema.ErrorKind }

func (e kindError) Error() string { return fmt.Sprint(e.kind.LocalizedString(english)) }
