package expression

import (
	"fmt"
	"slices"
)

func sortItems(l *loop) (any, error) {
	keys := make([]any, len(l.items))
	for i := range l.items {
		v, err := l.at(i)
		if err != nil {
			return nil, err
		}
		keys[i] = v
	}
	down, err := l.descending()
	if err != nil {
		return nil, err
	}
	return sorted(l.r.env, l.items, keys, down)
}

func (l *loop) descending() (bool, error) {
	if l.start == nil {
		return false, nil
	}
	v, err := l.start(l.r)
	if err != nil {
		return false, err
	}
	switch v {
	case "asc":
		return false, nil
	case "desc":
		return true, nil
	}
	return false, fmt.Errorf(`the order is "asc" or "desc"`)
}

// sorted orders items by their keys; those without a key come last.
func sorted(e *Env, items, keys []any, down bool) (any, error) {
	places := make([]int, len(items))
	for i := range places {
		places[i] = i
	}
	var failed error
	slices.SortStableFunc(places, func(i, j int) int {
		if failed != nil {
			return 0
		}
		c, err := orderKeys(e, keys[i], keys[j], down)
		failed = err
		return c
	})
	made := make([]any, len(items))
	for i, place := range places {
		made[i] = items[place]
	}
	return list(made), failed
}

func orderKeys(e *Env, a, b any, down bool) (int, error) {
	if err := e.spend(2); err != nil {
		return 0, err
	}
	switch {
	case isNil(a) && isNil(b):
		return 0, nil
	case isNil(a):
		return 1, nil
	case isNil(b):
		return -1, nil
	}
	c, err := order(e, a, b)
	if down {
		c = -c
	}
	return c, err
}
