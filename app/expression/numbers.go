package expression

import (
	"fmt"
	"strings"

	"hookline/app/decimal"
)

var numberFunctions = []Function{
	{Name: "int", Signature: "int(value)", Sentence: "A whole number, read from a text or cut off after the point.", Example: `int("42")`, Gives: "number", least: 1, most: 1, call: toInt},
	{Name: "float", Signature: "float(value)", Sentence: "A number, read from a text.", Example: `float("19.90")`, Gives: "number", least: 1, most: 1, call: toFloat},
	{Name: "round", Signature: "round(number, digits?)", Sentence: "Rounded, to that many digits after the point.", Example: `round(3.14159, 2)`, Gives: "number", least: 1, most: 2, call: round},
	{Name: "floor", Signature: "floor(number)", Sentence: "The whole number below.", Example: `floor(3.7)`, Gives: "number", least: 1, most: 1, call: rounded(decimal.Down)},
	{Name: "ceil", Signature: "ceil(number)", Sentence: "The whole number above.", Example: `ceil(3.2)`, Gives: "number", least: 1, most: 1, call: rounded(decimal.Up)},
	{Name: "abs", Signature: "abs(number)", Sentence: "Without its sign.", Example: `abs(-3)`, Gives: "number", least: 1, most: 1, call: abs},
	{Name: "min", Signature: "min(a, b, …)", Sentence: "The least of several numbers, or of a list.", Example: `min(3, 1, 2)`, Gives: "number", least: 1, most: many, call: extreme(-1)},
	{Name: "max", Signature: "max(a, b, …)", Sentence: "The greatest of several numbers, or of a list.", Example: `max([3, 1, 2])`, Gives: "number", least: 1, most: many, call: extreme(1)},
}

// parsed reads a number from a text; other values stay.
func parsed(v any) any {
	s, ok := v.(string)
	if !ok || len(s) > longestNumber {
		return v
	}
	if s = strings.TrimSpace(s); decimal.Valid(s) {
		return decodeNumber(s)
	}
	return v
}

func toInt(e *Env, args []any) (any, error) {
	return rounded(decimal.Cut)(e, []any{parsed(args[0])})
}

func toFloat(e *Env, args []any) (any, error) {
	if isNil(args[0]) {
		return args[0], nil
	}
	v := parsed(args[0])
	if !isNumber(v) {
		return nil, fmt.Errorf("this %s is not a number", strings.TrimPrefix(kindOf(args[0]), "a "))
	}
	return plainest(exact(e, v))
}

// rounded makes a whole number.
func rounded(how decimal.Rounding) func(*Env, []any) (any, error) {
	return func(e *Env, args []any) (any, error) { return roundTo(e, args[0], 0, how) }
}

func roundTo(e *Env, v any, digits int, how decimal.Rounding) (any, error) {
	switch {
	case isNil(v):
		return v, nil
	case !isNumber(v):
		return nil, fmt.Errorf("this needs a number, and here is %s", kindOf(v))
	}
	d, err := exact(e, v)
	if err != nil {
		return nil, err
	}
	return plainest(d.Round(digits, how))
}

func round(e *Env, args []any) (any, error) {
	if len(args) == 1 {
		return roundTo(e, args[0], 0, decimal.Nearest)
	}
	digits, whole := wholeNumber(args[1])
	if !whole || digits < 0 || digits > 15 {
		return nil, fmt.Errorf("round needs a number, and 0 to 15 digits")
	}
	return roundTo(e, args[0], int(digits), decimal.Nearest)
}

func abs(e *Env, args []any) (any, error) {
	switch {
	case isNil(args[0]):
		return args[0], nil
	case !isNumber(args[0]):
		return nil, fmt.Errorf("abs needs a number, and here is %s", kindOf(args[0]))
	}
	d, err := exact(e, args[0])
	if err != nil {
		return nil, err
	}
	return plainest(d.Abs(), nil)
}

// extreme is min (-1) or max (1).
func extreme(sign int) func(*Env, []any) (any, error) {
	return func(e *Env, args []any) (any, error) {
		if a, ok := args[0].(*array); ok && len(args) == 1 {
			if err := a.read(e); err != nil {
				return nil, err
			}
			args = a.items
		}
		var best any
		for _, v := range args {
			if isNil(v) {
				continue
			}
			if best == nil {
				best = v
			}
			c, err := order(e, v, best)
			if err := firstErr(err, e.spend(1)); err != nil {
				return nil, err
			}
			if c == sign {
				best = v
			}
		}
		return best, nil
	}
}

func firstErr(a, b error) error {
	if a != nil {
		return a
	}
	return b
}
