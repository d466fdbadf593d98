package expression

import (
	"errors"

	"github.com/go-json-experiment/json/jsontext"
)

var otherFunctions = []Function{
	{Name: "default", Signature: "default(value, otherwise)", Sentence: "The other value where the first is missing, null or an empty text. The same for missing and null alone: value ?? otherwise.", Example: `default("", "nobody")`, Gives: "any", least: 2, most: 2, call: otherwise},
	{Name: "toJSON", Signature: "toJSON(value)", Sentence: "The value as JSON.", Example: `toJSON([1, "a"])`, Gives: "text", least: 1, most: 1, call: toJSON},
	{Name: "fromJSON", Signature: "fromJSON(text)", Sentence: "The value that a text of JSON holds.", Example: `fromJSON("[1, 2]")`, Gives: "any", least: 1, most: 1, call: fromJSON},
}

func otherwise(_ *Env, args []any) (any, error) {
	if isNil(args[0]) || args[0] == "" {
		return args[1], nil
	}
	return args[0], nil
}

func toJSON(e *Env, args []any) (any, error) {
	if isNil(args[0]) {
		return "null", nil
	}
	if err := e.spendOn(2 * weight(args[0], 0)); err != nil {
		return nil, err
	}
	out, err := appendJSON(nil, args[0])
	return string(out), err
}

var errNotJSON = errors.New("this text is not JSON")

func fromJSON(e *Env, args []any) (any, error) {
	if isNil(args[0]) {
		return args[0], nil
	}
	s, ok := args[0].(string)
	if !ok {
		return nil, errNotJSON
	}
	if err := e.spend(1 + len(s)/8); err != nil {
		return nil, err
	}
	raw := jsontext.Value(s)
	if !raw.IsValid() {
		return nil, errNotJSON
	}
	return decode(trimSpace(raw)), nil
}
