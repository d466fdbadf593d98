package expression

import (
	"errors"
	"fmt"
	"math"

	"hookline/app/decimal"
)

// span is a..b, a short list of numbers.
func span(e *Env, a, b any) (any, error) {
	from, ok := wholeNumber(a)
	to, also := wholeNumber(b)
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
		return arithmetic(e, "+", a, b)
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

// operations on numbers that are not both integers of 64 bits, or do not stay so.
var operations = map[string]func(a, b *decimal.Number) (*decimal.Number, error){
	"+": decimal.Add, "-": decimal.Sub, "*": decimal.Mul, "/": decimal.Div, "%": remainder, "**": decimal.Pow, "^": decimal.Pow,
}

// arithmetic computes exactly, but for divisions that do not end and powers that are
// no whole number: see package decimal.
func arithmetic(e *Env, op string, a, b any) (any, error) {
	if isNil(a) || isNil(b) {
		return missing{}, nil
	}
	if !isNumber(a) || !isNumber(b) {
		return nil, fmt.Errorf("%s needs numbers, and here it has %s and %s; int() and float() read a number from a text", op, kindOf(a), kindOf(b))
	}
	m, first := a.(int64)
	n, second := b.(int64)
	if first && second {
		if v, ok, err := whole(op, m, n); ok || err != nil {
			return v, err
		}
	}
	x, y, err := exactBoth(e, a, b)
	if err != nil {
		return nil, err
	}
	if op == "**" || op == "^" || op == "/" {
		if err := e.spend(costly + x.Digits() + y.Digits()); err != nil {
			return nil, err
		}
	}
	return plainest(operations[op](x, y))
}

// costly is the work of dividing, or raising to a power, numbers of few digits.
const costly = 30

func remainder(a, b *decimal.Number) (*decimal.Number, error) {
	if !a.IsInteger() || !b.IsInteger() {
		return nil, errors.New("% needs whole numbers; int() makes one")
	}
	return decimal.Rem(a, b)
}

// whole calculates with integers; not ok when the result would not be one of 64 bits.
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
	case "/":
		if n != 0 && n != -1 && m%n == 0 {
			return m / n, true, nil
		}
	case "%":
		if n == 0 {
			return 0, false, decimal.ErrDivision
		}
		if n == -1 {
			return 0, true, nil
		}
		return m % n, true, nil
	}
	return 0, false, nil
}
