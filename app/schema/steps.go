package schema

import (
	"errors"
	"fmt"
	"reflect"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// freeSteps are what a check may take beside one for each byte of its data. A
// step is to hold one value against one part of the schema, about a microsecond.
const freeSteps = 100_000

var errSteps = errors.New("holding it against the schema would take too long: the schema has too many parts for so much data, or refers to itself too often")

// counted is a compiled schema whose checks end when they take too many steps:
// forty references that each lead to two others would keep one busy for years.
// A single check at a time.
type counted struct {
	schema *jsonschema.Schema
	left   int
	key    []byte // for values that are compared
}

// countIn makes every part of the schema count: its format is what the library
// asks before it goes deeper, whatever comes of the check, and the only place for
// code of one's own there.
func (c *counted) countIn(v reflect.Value, seen map[*jsonschema.Schema]bool) {
	switch v.Kind() {
	case reflect.Interface:
		c.countIn(v.Elem(), seen)
	case reflect.Slice:
		for i := range v.Len() {
			c.countIn(v.Index(i), seen)
		}
	case reflect.Map:
		for each := v.MapRange(); each.Next(); {
			c.countIn(each.Value(), seen)
		}
	case reflect.Pointer:
		s, isSchema := v.Interface().(*jsonschema.Schema)
		if dynamic, ok := v.Interface().(*jsonschema.DynamicRef); ok && dynamic != nil {
			s, isSchema = dynamic.Ref, true
		}
		if !isSchema || s == nil || seen[s] {
			return
		}
		seen[s] = true
		c.take(s)
		part := reflect.ValueOf(s).Elem()
		for i := range part.NumField() {
			if part.Type().Field(i).IsExported() {
				c.countIn(part.Field(i), seen)
			}
		}
	}
}

// spend counts steps. The library knows no way to stop a check but a panic, which
// check catches.
func (c *counted) spend(steps int) {
	if c.left -= steps; c.left < 0 {
		panic(errSteps)
	}
}

// check holds a value against the schema. Whatever goes wrong with that is a fault of
// this value alone.
func (c *counted) check(v any, steps int) (err error) {
	c.left = steps
	defer func() {
		r := recover()
		if stopped, ok := r.(error); ok && errors.Is(stopped, errSteps) {
			err = errSteps
		} else if r != nil {
			err = fmt.Errorf("it cannot be held against the schema: %v", r)
		}
	}()
	return c.schema.Validate(v)
}
