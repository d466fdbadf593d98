package expression

import (
	"fmt"

	"github.com/expr-lang/expr/ast"
)

// loop is one run of a predicate over a list.
type loop struct {
	r     *run
	items []any
	body  code // computes the predicate for the item in the slots; nil: the item itself
	item  int  // slots
	index int
	acc   int
	start code // reduce: the first value; sortBy: the order
}

// predicates are the functions that the parser gives a predicate.
var predicates = map[string]func(*loop) (any, error){
	"filter": filterItems, "map": mapItems, "find": findItem, "findIndex": findIndex,
	"all": allItems, "none": noItems, "any": anyItems, "one": oneItem,
	"count": countItems, "sum": sumItems, "reduce": reduceItems, "sortBy": sortItems,
}

// predicate compiles f(list, predicate).
func (c *compiler) predicate(n *ast.BuiltinNode) (code, *Fault) {
	work, ok := predicates[n.Name]
	if !ok {
		return nil, c.unknownFunction(n, n.Name)
	}
	from, fault := c.compile(n.Arguments[0])
	if fault != nil {
		return nil, fault
	}
	var start code
	if len(n.Arguments) > 2 {
		if start, fault = c.compile(n.Arguments[2]); fault != nil {
			return nil, fault
		}
	}
	outer := c.scope
	defer func() { c.scope = outer }()
	shape := loop{item: c.bind("#"), index: c.bind("#index"), start: start}
	if n.Name == "reduce" {
		shape.acc = c.bind("#acc")
	}
	if len(n.Arguments) > 1 {
		body := n.Arguments[1].(*ast.PredicateNode).Node
		if shape.body, fault = c.compile(body); fault != nil {
			return nil, fault
		}
	}
	return c.located(n, func(r *run) (any, error) {
		items, err := itemsOf(r, from, n.Name)
		if err != nil {
			return nil, err
		}
		l := shape
		l.r, l.items = r, items
		return work(&l)
	}), nil
}

// itemsOf computes the list; nothing is an empty one.
func itemsOf(r *run, from code, name string) ([]any, error) {
	v, err := from(r)
	if err != nil || isNil(v) {
		return nil, err
	}
	a, ok := v.(*array)
	if !ok {
		return nil, fmt.Errorf("%s needs a list, and this is %s", name, kindOf(v))
	}
	return a.items, a.readAll(r.env, &a.items)
}

// readAll reads the items into place.
func (a *array) readAll(e *Env, into *[]any) error {
	err := a.read(e)
	*into = a.items
	return err
}

// at computes the predicate for one item. Every turn is paid for.
func (l *loop) at(i int) (any, error) {
	if err := l.r.env.spend(3); err != nil {
		return nil, err
	}
	l.r.slots[l.item], l.r.slots[l.index] = l.items[i], int64(i)
	if l.body == nil {
		return l.items[i], nil
	}
	return l.body(l.r)
}

func (l *loop) holds(i int) (bool, error) {
	v, err := l.at(i)
	if err != nil {
		return false, err
	}
	return truth(v)
}

// first is the place of the first item for which the predicate is as wanted; -1.
func (l *loop) first(wanted bool) (int, error) {
	for i := range l.items {
		if is, err := l.holds(i); err != nil || is == wanted {
			return i, err
		}
	}
	return -1, nil
}

func (l *loop) number() (int64, error) {
	n := int64(0)
	for i := range l.items {
		is, err := l.holds(i)
		if err != nil {
			return 0, err
		}
		if is {
			n++
		}
	}
	return n, nil
}

func filterItems(l *loop) (any, error) {
	var kept []any
	for i := range l.items {
		is, err := l.holds(i)
		if err != nil {
			return nil, err
		}
		if is {
			kept = append(kept, l.items[i])
		}
	}
	return list(kept), nil
}

func mapItems(l *loop) (any, error) {
	made := make([]any, 0, len(l.items))
	for i := range l.items {
		v, err := l.at(i)
		if err != nil {
			return nil, err
		}
		if _, gone := v.(missing); gone {
			v = nil
		}
		made = append(made, v)
	}
	return list(made), nil
}

func findItem(l *loop) (any, error) {
	i, err := l.first(true)
	if err != nil || i < 0 {
		return nil, err
	}
	return l.items[i], nil
}

func findIndex(l *loop) (any, error) {
	i, err := l.first(true)
	if err != nil || i < 0 {
		return nil, err
	}
	return int64(i), nil
}

func allItems(l *loop) (any, error) {
	i, err := l.first(false)
	return i < 0, err
}

func noItems(l *loop) (any, error) {
	i, err := l.first(true)
	return i < 0, err
}

func anyItems(l *loop) (any, error) {
	i, err := l.first(true)
	return i >= 0, err
}

func oneItem(l *loop) (any, error) {
	n, err := l.number()
	return n == 1, err
}

func countItems(l *loop) (any, error) { return l.number() }

// sumItems adds up; what is missing counts as nothing.
func sumItems(l *loop) (any, error) {
	var total any = int64(0)
	for i := range l.items {
		v, err := l.at(i)
		if err != nil {
			return nil, err
		}
		if isNil(v) {
			continue
		}
		if total, err = arithmetic(l.r.env, "+", total, v); err != nil {
			return nil, err
		}
	}
	return total, nil
}

func reduceItems(l *loop) (any, error) {
	items := l.items
	var acc any
	from := 0
	if l.start != nil {
		v, err := l.start(l.r)
		if err != nil {
			return nil, err
		}
		acc = v
	} else if len(items) > 0 {
		acc, from = items[0], 1
	}
	for i := from; i < len(items); i++ {
		l.r.slots[l.acc] = acc
		v, err := l.at(i)
		if err != nil {
			return nil, err
		}
		acc = v
	}
	return acc, nil
}
