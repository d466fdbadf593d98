package expression

import (
	"errors"
	"fmt"
	"strings"
)

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
	return arithmetic(e, op, a, b)
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
	if !isNumber(b) {
		return false, nil
	}
	return equalNumbers(e, a, b)
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
	if err := errors.Join(a.read(e), b.read(e)); err != nil || a.size() != b.size() {
		return false, err
	}
	for i := range a.size() {
		if err := e.spend(copied(a.bytesAt(i))); err != nil {
			return false, err
		}
		y, err := b.find(e, a.nameAt(i))
		if _, gone := y.(missing); gone || err != nil {
			return false, err
		}
		if same, err := equal(e, a.valueAt(i), y); err != nil || !same {
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
	if !isNumber(a) || !isNumber(b) {
		return 0, fmt.Errorf("%s cannot be compared with %s; int(), float() or string() make one like the other", kindOf(a), kindOf(b))
	}
	return compareNumbers(e, a, b)
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
