package expression

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

var numberFunctions = []Function{
	{Name: "int", Signature: "int(value)", Sentence: "A whole number, read from a text or cut off after the point.", Example: `int("42")`, Gives: "number", least: 1, most: 1, call: toInt},
	{Name: "float", Signature: "float(value)", Sentence: "A number, read from a text.", Example: `float("19.90")`, Gives: "number", least: 1, most: 1, call: toFloat},
	{Name: "round", Signature: "round(number, digits?)", Sentence: "Rounded, to that many digits after the point.", Example: `round(3.14159, 2)`, Gives: "number", least: 1, most: 2, call: round},
	{Name: "floor", Signature: "floor(number)", Sentence: "The whole number below.", Example: `floor(3.7)`, Gives: "number", least: 1, most: 1, call: toWhole(math.Floor)},
	{Name: "ceil", Signature: "ceil(number)", Sentence: "The whole number above.", Example: `ceil(3.2)`, Gives: "number", least: 1, most: 1, call: toWhole(math.Ceil)},
	{Name: "abs", Signature: "abs(number)", Sentence: "Without its sign.", Example: `abs(-3)`, Gives: "number", least: 1, most: 1, call: abs},
	{Name: "min", Signature: "min(a, b, …)", Sentence: "The least of several numbers, or of a list.", Example: `min(3, 1, 2)`, Gives: "number", least: 1, most: many, call: extreme(-1)},
	{Name: "max", Signature: "max(a, b, …)", Sentence: "The greatest of several numbers, or of a list.", Example: `max([3, 1, 2])`, Gives: "number", least: 1, most: many, call: extreme(1)},
}

// parsed reads a number from a text; other values stay.
func parsed(v any) any {
	s, ok := v.(string)
	if !ok || len(s) > longNumber {
		return v
	}
	s = strings.TrimSpace(s)
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return n
	}
	if f, err := strconv.ParseFloat(s, 64); err == nil && !math.IsNaN(f) && !math.IsInf(f, 0) {
		return f
	}
	return v
}

func toInt(e *Env, args []any) (any, error) { return toWhole(math.Trunc)(e, []any{parsed(args[0])}) }

func toFloat(_ *Env, args []any) (any, error) {
	if isNil(args[0]) {
		return args[0], nil
	}
	_, f, _, ok := numeric(parsed(args[0]))
	if !ok {
		return nil, fmt.Errorf("this %s is not a number", strings.TrimPrefix(kindOf(args[0]), "a "))
	}
	return f, nil
}

// whole gives a number without a fraction as int64 where it fits.
func wholeFloat(f float64) any {
	if f >= -1<<63 && f < 1<<63 {
		return int64(f)
	}
	return f
}

func toWhole(f func(float64) float64) func(*Env, []any) (any, error) {
	return func(_ *Env, args []any) (any, error) {
		if isNil(args[0]) {
			return args[0], nil
		}
		n, x, isInt, ok := numeric(args[0])
		switch {
		case !ok:
			return nil, fmt.Errorf("this needs a number, and here is %s", kindOf(args[0]))
		case isInt:
			return n, nil
		}
		return wholeFloat(f(x)), nil
	}
}

func round(e *Env, args []any) (any, error) {
	if len(args) == 1 {
		return toWhole(math.Round)(e, args)
	}
	if isNil(args[0]) {
		return args[0], nil
	}
	n, f, isInt, ok := numeric(args[0])
	digits, _, whole, _ := numeric(args[1])
	if !ok || !whole || digits < 0 || digits > 15 {
		return nil, fmt.Errorf("round needs a number, and 0 to 15 digits")
	}
	if isInt {
		return n, nil
	}
	made, err := strconv.ParseFloat(strconv.FormatFloat(f, 'f', int(digits), 64), 64)
	return made, err
}

func abs(_ *Env, args []any) (any, error) {
	n, f, isInt, ok := numeric(args[0])
	switch {
	case isNil(args[0]):
		return args[0], nil
	case !ok:
		return nil, fmt.Errorf("abs needs a number, and here is %s", kindOf(args[0]))
	case isInt && n < 0:
		return arithmetic("-", int64(0), n)
	case isInt:
		return n, nil
	}
	return math.Abs(f), nil
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
