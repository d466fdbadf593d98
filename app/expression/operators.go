package expression

import (
	"errors"
	"fmt"
	"math"
	"strings"
)

var errDivision = errors.New("this divides by zero")

// truth reads a condition: what is missing or null is false.
func truth(v any) (bool, error) {
	if isNil(v) {
		return false, nil
	}
	if b, ok := v.(bool); ok {
		return b, nil
	}
	return false, fmt.Errorf("this is %s, where true or false is needed; compare it with something", kindOf(v))
}

// operate applies a binary operator to two values. Those that decide by the left
// one alone are in compile.go.
func operate(e *Env, op string, a, b any) (any, error) {
	switch op {
	case "==":
		return equal(e, a, b)
	case "!=":
		same, err := equal(e, a, b)
		return !same, err
	case "<", ">", "<=", ">=":
		return compareBy(e, op, a, b)
	case "in":
		return within(e, a, b)
	case "contains", "startsWith", "endsWith":
		return search(e, op, a, b)
	case "..":
		return span(e, a, b)
	case "+":
		return add(e, a, b)
	}
	return arithmetic(op, a, b)
}

// equal compares by value: numbers by what they are worth, null with what is missing.
func equal(e *Env, a, b any) (bool, error) {
	if err := e.spend(1); err != nil {
		return false, err
	}
	if isNil(a) || isNil(b) {
		return isNil(a) && isNil(b), nil
	}
	switch x := a.(type) {
	case bool:
		y, ok := b.(bool)
		return ok && x == y, nil
	case string:
		y, ok := b.(string)
		return ok && x == y, e.spend(min(len(x), len(y)) / bytesScanned)
	case *array:
		y, ok := b.(*array)
		if !ok {
			return false, nil
		}
		return equalLists(e, x, y)
	case *object:
		y, ok := b.(*object)
		if !ok {
			return false, nil
		}
		return equalObjects(e, x, y)
	}
	return equalNumbers(a, b), nil
}

func equalNumbers(a, b any) bool {
	m, f, mInt, ok := numeric(a)
	n, g, nInt, also := numeric(b)
	if !ok || !also {
		x, _ := a.(number)
		y, _ := b.(number)
		return x != "" && x == y
	}
	if mInt && nInt {
		return m == n
	}
	return f == g
}

func equalLists(e *Env, a, b *array) (bool, error) {
	if err := errors.Join(a.read(e), b.read(e)); err != nil || len(a.items) != len(b.items) {
		return false, err
	}
	for i := range a.items {
		if same, err := equal(e, a.items[i], b.items[i]); err != nil || !same {
			return false, err
		}
	}
	return true, nil
}

func equalObjects(e *Env, a, b *object) (bool, error) {
	if err := errors.Join(a.read(e), b.read(e)); err != nil || len(a.members) != len(b.members) {
		return false, err
	}
	for i := range a.members {
		other := b.member(a.members[i].name)
		if err := e.spend(1 + len(b.members)/8); err != nil || other == nil {
			return false, err
		}
		if same, err := equal(e, a.members[i].get(), other.get()); err != nil || !same {
			return false, err
		}
	}
	return true, nil
}

// compareBy orders numbers by size and texts by their bytes. A comparison with
// nothing is false.
func compareBy(e *Env, op string, a, b any) (bool, error) {
	if isNil(a) || isNil(b) {
		return false, nil
	}
	c, err := order(e, a, b)
	if err != nil {
		return false, err
	}
	switch op {
	case "<":
		return c < 0, nil
	case "<=":
		return c <= 0, nil
	case ">":
		return c > 0, nil
	}
	return c >= 0, nil
}

func order(e *Env, a, b any) (int, error) {
	if x, ok := a.(string); ok {
		if y, ok := b.(string); ok {
			return strings.Compare(x, y), e.spend(1 + min(len(x), len(y))/bytesScanned)
		}
	}
	m, f, mInt, ok := numeric(a)
	n, g, nInt, also := numeric(b)
	switch {
	case !ok || !also:
		return 0, fmt.Errorf("%s cannot be compared with %s; int(), float() or string() make one like the other", kindOf(a), kindOf(b))
	case mInt && nInt && m < n, !(mInt && nInt) && f < g:
		return -1, nil
	case mInt && nInt && m > n, !(mInt && nInt) && f > g:
		return 1, nil
	}
	return 0, nil
}

// within is the operator in: an item of a list, or the name of a member.
func within(e *Env, needle, hay any) (bool, error) {
	switch hay := hay.(type) {
	case nil, missing:
		return false, nil
	case *array:
		if err := hay.read(e); err != nil {
			return false, err
		}
		for _, item := range hay.items {
			if same, err := equal(e, item, needle); err != nil || same {
				return same, err
			}
		}
		return false, nil
	case *object:
		name, _ := needle.(string)
		v, err := hay.find(e, name)
		_, gone := v.(missing)
		return err == nil && !gone, err
	}
	return false, fmt.Errorf("in needs a list on its right, and this is %s; for a part of a text write contains", kindOf(hay))
}

func search(e *Env, op string, a, b any) (bool, error) {
	if isNil(a) || isNil(b) {
		return false, nil
	}
	if hay, ok := a.(*array); ok && op == "contains" {
		return within(e, b, hay)
	}
	text, ok := a.(string)
	part, also := b.(string)
	if !ok || !also {
		return false, fmt.Errorf("%s is for texts, and here it has %s and %s; string() makes a text", op, kindOf(a), kindOf(b))
	}
	if err := e.spend(1 + len(text)/bytesScanned); err != nil {
		return false, err
	}
	switch op {
	case "startsWith":
		return strings.HasPrefix(text, part), nil
	case "endsWith":
		return strings.HasSuffix(text, part), nil
	}
	return strings.Contains(text, part), nil
}

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
	items := make([]any, 0, to-from+1)
	for n := from; ; n++ {
		items = append(items, n)
		if n == to {
			return list(items), e.spend(1 + 2*len(items))
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
	text, err := appendText(nil, a)
	if err == nil {
		text, err = appendText(text, b)
	}
	if err != nil {
		return nil, err
	}
	return string(text), e.spend(3 + len(text)/bytesMade)
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
