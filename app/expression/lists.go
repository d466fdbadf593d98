package expression

import (
	"fmt"
	"slices"
	"unicode/utf8"
)

var listFunctions = []Function{
	{Name: "len", Signature: "len(value)", Sentence: "How many items, members or characters it has.", Example: `len([1, 2])`, Gives: "number", least: 1, most: 1, call: length},
	{Name: "first", Signature: "first(list)", Sentence: "The first item.", Example: `first([1, 2])`, Gives: "any", least: 1, most: 1, call: itemOf(0)},
	{Name: "last", Signature: "last(list)", Sentence: "The last item.", Example: `last([1, 2])`, Gives: "any", least: 1, most: 1, call: itemOf(-1)},
	{Name: "filter", Signature: "filter(list, predicate)", Sentence: "The items for which it is true; .price is a member of the item, # the item.", Example: `filter([1, 5], # > 2)`, Gives: "list"},
	{Name: "map", Signature: "map(list, expression)", Sentence: "A list of what it gives for each item.", Example: `map([1, 2], # * 10)`, Gives: "list"},
	{Name: "find", Signature: "find(list, predicate)", Sentence: "The first item for which it is true.", Example: `find([1, 5], # > 2)`, Gives: "any"},
	{Name: "findIndex", Signature: "findIndex(list, predicate)", Sentence: "The place of that item, from 0.", Example: `findIndex([1, 5], # > 2)`, Gives: "number"},
	{Name: "any", Signature: "any(list, predicate)", Sentence: "Whether it is true for an item.", Example: `any([1, 5], # > 2)`, Gives: "bool"},
	{Name: "all", Signature: "all(list, predicate)", Sentence: "Whether it is true for all items.", Example: `all([1, 5], # > 2)`, Gives: "bool"},
	{Name: "none", Signature: "none(list, predicate)", Sentence: "Whether it is true for no item.", Example: `none([1, 5], # > 7)`, Gives: "bool"},
	{Name: "one", Signature: "one(list, predicate)", Sentence: "Whether it is true for exactly one item.", Example: `one([1, 5], # > 2)`, Gives: "bool"},
	{Name: "count", Signature: "count(list, predicate?)", Sentence: "For how many items it is true.", Example: `count([1, 5], # > 2)`, Gives: "number"},
	{Name: "sum", Signature: "sum(list, expression?)", Sentence: "The total.", Example: `sum([1, 2, 3])`, Gives: "number"},
	{Name: "reduce", Signature: "reduce(list, expression, start?)", Sentence: "One value made of all: #acc is what came before.", Example: `reduce([1, 2, 3], #acc + #, 0)`, Gives: "any"},
	{Name: "sortBy", Signature: `sortBy(list, expression, "asc" or "desc"?)`, Sentence: "In the order of what it gives for each item.", Example: `sortBy([3, 1, 2], #, "desc")`, Gives: "list"},
	{Name: "sort", Signature: "sort(list)", Sentence: "In order.", Example: `sort([3, 1, 2])`, Gives: "list", least: 1, most: 1, call: sortList},
	{Name: "reverse", Signature: "reverse(list)", Sentence: "In the other order.", Example: `reverse([1, 2])`, Gives: "list", least: 1, most: 1, call: reverse},
	{Name: "uniq", Signature: "uniq(list)", Sentence: "Each item once.", Example: `uniq([1, 1, 2])`, Gives: "list", least: 1, most: 1, call: uniq},
	{Name: "concat", Signature: "concat(list, list, …)", Sentence: "The items of all lists.", Example: `concat([1], [2])`, Gives: "list", least: 1, most: many, call: concat},
	{Name: "keys", Signature: "keys(object)", Sentence: "The names of its members.", Example: `keys({"a": 1})`, Gives: "list", least: 1, most: 1, call: keys},
	{Name: "values", Signature: "values(object)", Sentence: "The values of its members.", Example: `values({"a": 1})`, Gives: "list", least: 1, most: 1, call: memberValues},
}

// listOf reads a list's items; nothing is an empty one. They must not be changed.
func listOf(e *Env, v any, name string) ([]any, error) {
	switch v := v.(type) {
	case nil, missing:
		return nil, nil
	case *array:
		err := v.read(e)
		return v.items, err
	}
	return nil, fmt.Errorf("%s needs a list, and this is %s", name, kindOf(v))
}

func length(e *Env, args []any) (any, error) {
	switch v := args[0].(type) {
	case nil, missing:
		return int64(0), nil
	case string:
		return int64(utf8.RuneCountInString(v)), e.spend(len(v) / bytesScanned)
	case *array:
		err := v.read(e)
		return int64(len(v.items)), err
	case *object:
		err := v.read(e)
		return int64(v.size()), err
	}
	return nil, fmt.Errorf("len needs a list, an object or a text, and this is %s", kindOf(args[0]))
}

func itemOf(i int64) func(*Env, []any) (any, error) {
	return func(e *Env, args []any) (any, error) {
		items, err := listOf(e, args[0], "this")
		if err != nil {
			return nil, err
		}
		return list(items).at(e, i)
	}
}

func sortList(e *Env, args []any) (any, error) {
	items, err := listOf(e, args[0], "sort")
	if err != nil {
		return nil, err
	}
	return sorted(e, items, items, false)
}

func reverse(e *Env, args []any) (any, error) {
	items, err := listOf(e, args[0], "reverse")
	if err != nil {
		return nil, err
	}
	made := slices.Clone(items)
	slices.Reverse(made)
	return list(made), e.spend(2 * len(made))
}

func uniq(e *Env, args []any) (any, error) {
	items, err := listOf(e, args[0], "uniq")
	if err != nil {
		return nil, err
	}
	var made []any
	for _, item := range items {
		seen, err := within(e, item, list(made))
		if err != nil {
			return nil, err
		}
		if !seen {
			made = append(made, item)
		}
	}
	return list(made), nil
}

func concat(e *Env, args []any) (any, error) {
	var made []any
	for _, arg := range args {
		items, err := listOf(e, arg, "concat")
		if err := firstErr(err, e.spend(2*len(items))); err != nil {
			return nil, err
		}
		made = append(made, items...)
	}
	return list(made), nil
}

// eachOf lists what is taken of an object's members; nothing has none.
func eachOf(e *Env, v any, name string, take func(o *object, i int) any) (any, error) {
	o, ok := v.(*object)
	switch {
	case isNil(v):
		return list(nil), nil
	case !ok:
		return nil, fmt.Errorf("%s needs an object, and this is %s", name, kindOf(v))
	}
	err := o.read(e)
	if err := firstErr(err, e.spend(5*o.size()+len(o.raw)/bytesMade)); err != nil {
		return nil, err
	}
	made := make([]any, o.size())
	for i := range made {
		made[i] = take(o, i)
	}
	return list(made), nil
}

func keys(e *Env, args []any) (any, error) {
	return eachOf(e, args[0], "keys", func(o *object, i int) any { return o.nameAt(i) })
}

func memberValues(e *Env, args []any) (any, error) {
	return eachOf(e, args[0], "values", (*object).valueAt)
}
