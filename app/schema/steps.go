package schema

import (
	"errors"
	"reflect"
	"regexp"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// freeSteps are what a check may take beside one for each byte of its data. A
// step is to hold one value against one part of the schema, about a microsecond.
const freeSteps = 100_000

var errSteps = errors.New("it refers to itself so often that the check would take too long")

// counted is a compiled schema whose checks end when they take too many steps:
// forty references that each lead to two others would keep one busy for years.
// One check at a time.
type counted struct {
	schema *jsonschema.Schema
	left   int
}

func newCounted(s *jsonschema.Schema) *counted {
	c := &counted{schema: s}
	c.countIn(reflect.ValueOf(s), map[*jsonschema.Schema]bool{})
	return c
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
		s.Format = c.counting(s.Format)
		part := reflect.ValueOf(s).Elem()
		for i := range part.NumField() {
			if part.Type().Field(i).IsExported() {
				c.countIn(part.Field(i), seen)
			}
		}
	}
}

// counting is a format that counts, and then asks the one there was. The library
// knows no way to stop a check but a panic, which check catches.
func (c *counted) counting(was *jsonschema.Format) *jsonschema.Format {
	f := &jsonschema.Format{Name: "steps"}
	ask := func(any) error { return nil }
	if was != nil && was.Name == "regex" { // the library would not ask f then
		f.Name, ask = "regular expression", isPattern
	} else if was != nil {
		f.Name, ask = was.Name, was.Validate
	}
	f.Validate = func(v any) error {
		if c.left--; c.left < 0 {
			panic(errSteps)
		}
		return ask(v)
	}
	return f
}

func isPattern(v any) error {
	if text, ok := v.(string); ok {
		_, err := regexp.Compile(text)
		return err
	}
	return nil
}

func (c *counted) check(v any, steps int) (err error) {
	c.left = steps
	defer func() {
		r := recover()
		if stopped, ok := r.(error); ok && errors.Is(stopped, errSteps) {
			err = errSteps
		} else if r != nil {
			panic(r)
		}
	}()
	return c.schema.Validate(v)
}
