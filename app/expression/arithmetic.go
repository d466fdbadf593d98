package expression

import (
	"errors"
	"fmt"
	"math"
)

var errDivision = errors.New("this divides by zero")

// span is a..b, a short list of numbers.
func span(e *Env, a, b any) (any, error) {
	from, _, ok, _ := numeric(a)
	to, _, also, _ := numeric(b)
	if !ok || !also {
		return nil, fmt.Errorf(".. needs whole numbers, and here it has %s and %s", kindOf(a), kindOf(b))
	}
	if to < from {
		return list(nil), nil
	}
	if n := uint64(to) - uint64(from); n >= maxRange {
		return nil, fmt.Errorf(".. gives up to %d numbers, and this would be more", maxRange)
	}
	if err := e.spend(1 + 2*int(to-from+1)); err != nil {
		return nil, err
	}
	items := make([]any, 0, to-from+1)
	for n := from; ; n++ {
		items = append(items, n)
		if n == to {
			return list(items), nil
		}
	}
}

// add joins texts and adds numbers. What is missing adds nothing to a text, and
// makes a sum missing.
func add(e *Env, a, b any) (any, error) {
	_, left := a.(string)
	_, right := b.(string)
	if !left && !right {
		return arithmetic("+", a, b)
	}
	if err := e.spend(3 + weight(b, weight(a, 0))/bytesMade); err != nil {
		return nil, err
	}
	text, err := appendText(nil, a)
	if err == nil {
		text, err = appendText(text, b)
	}
	return string(text), err
}

func arithmetic(op string, a, b any) (any, error) {
	if isNil(a) || isNil(b) {
		return missing{}, nil
	}
	m, f, mInt, ok := numeric(a)
	n, g, nInt, also := numeric(b)
	if !ok || !also {
		return nil, fmt.Errorf("%s needs numbers, and here it has %s and %s; int() and float() read a number from a text", op, kindOf(a), kindOf(b))
	}
	if mInt && nInt {
		if v, ok, err := whole(op, m, n); ok || err != nil {
			return v, err
		}
	}
	return finite(fraction(op, f, g))
}

// whole calculates with whole numbers; not ok when the result would not be one.
func whole(op string, m, n int64) (v int64, ok bool, err error) {
	switch op {
	case "+":
		v = m + n
		return v, (v > m) == (n > 0), nil
	case "-":
		v = m - n
		return v, (v < m) == (n > 0), nil
	case "*":
		v = m * n
		fits := m == 0 || (v/m == n && (m != -1 || n != math.MinInt64))
		return v, fits, nil
	case "%":
		if n == 0 {
			return 0, false, errDivision
		}
		if n == -1 {
			return 0, true, nil
		}
		return m % n, true, nil
	}
	return 0, false, nil
}

func fraction(op string, f, g float64) (float64, error) {
	switch op {
	case "+":
		return f + g, nil
	case "-":
		return f - g, nil
	case "*":
		return f * g, nil
	case "/":
		if g == 0 {
			return 0, errDivision
		}
		return f / g, nil
	case "%":
		return 0, errors.New("% needs whole numbers; int() makes one")
	}
	return math.Pow(f, g), nil
}

// finite keeps what JSON has no number for from getting on.
func finite(f float64, err error) (any, error) {
	if err == nil && (math.IsInf(f, 0) || math.IsNaN(f)) {
		return nil, errors.New("this number is too large")
	}
	return f, err
}
