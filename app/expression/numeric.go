package expression

import (
	"cmp"

	"hookline/app/decimal"
)

func isNumber(v any) bool {
	switch v.(type) {
	case int64, number, *decimal.Number:
		return true
	}
	return false
}

// wholeNumber reads a number that has nothing behind the point: 2, 2.0 or 20e-1.
func wholeNumber(v any) (n int64, ok bool) {
	switch v := v.(type) {
	case int64:
		return v, true
	case *decimal.Number:
		return v.Int()
	case number:
		if d, err := parseNumber(string(v)); err == nil {
			return d.Int()
		}
	}
	return 0, false
}

// longestNumber is how many bytes a number has at most that is computed with. What is
// longer is copied, and compared for equality.
const longestNumber = 4 * decimal.MaxDigits

func parseNumber(text string) (*decimal.Number, error) {
	if len(text) > longestNumber {
		return nil, decimal.ErrLong
	}
	return decimal.Parse(text)
}

// exact is a number to compute with, paid for; v is one.
func exact(e *Env, v any) (*decimal.Number, error) {
	switch v := v.(type) {
	case *decimal.Number:
		return v, e.spend(1 + v.Digits()/bytesMade)
	case number:
		if err := e.spend(4 + min(len(v), longestNumber)/4); err != nil {
			return nil, err
		}
		return parseNumber(string(v))
	}
	return decimal.FromInt(v.(int64)), e.spend(1)
}

func exactBoth(e *Env, a, b any) (x, y *decimal.Number, err error) {
	x, err = exact(e, a)
	if err == nil {
		y, err = exact(e, b)
	}
	return x, y, err
}

// plainest gives what was computed as int64, where it is one.
func plainest(d *decimal.Number, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	if n, ok := d.Int(); ok {
		return n, nil
	}
	return d, nil
}

func compareNumbers(e *Env, a, b any) (int, error) {
	m, first := a.(int64)
	n, second := b.(int64)
	if first && second {
		return cmp.Compare(m, n), nil
	}
	x, y, err := exactBoth(e, a, b)
	if err != nil {
		return 0, err
	}
	return decimal.Compare(x, y), nil
}

// equalNumbers compares by value, however long the numbers are.
func equalNumbers(e *Env, a, b any) (bool, error) {
	x, first := a.(number)
	y, second := b.(number)
	if (!first || len(x) <= longestNumber) && (!second || len(y) <= longestNumber) {
		c, err := compareNumbers(e, a, b)
		return c == 0, err
	}
	keyA, err := keyOfNumber(e, a)
	if err != nil {
		return false, err
	}
	keyB, err := keyOfNumber(e, b)
	return keyA == keyB, err
}

func keyOfNumber(e *Env, v any) (string, error) {
	text, written := v.(number)
	if !written {
		made, _ := appendJSON(nil, v) // a few digits
		text = number(made)
	}
	if err := e.spendOn(len(text)); err != nil {
		return "", err
	}
	return decimal.Key(string(text))
}
