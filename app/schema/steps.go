package schema

import (
	"errors"

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

// vocabulary has no keyword of its own; it sees every part of a schema at work.
func (c *counted) vocabulary() *jsonschema.Vocabulary {
	return &jsonschema.Vocabulary{
		URL:     "https://schema.invalid/steps",
		Compile: func(*jsonschema.CompilerContext, map[string]any) (jsonschema.SchemaExt, error) { return c, nil },
	}
}

// Validate is called for each step. The library knows no way to stop but a panic,
// which check catches.
func (c *counted) Validate(*jsonschema.ValidatorContext, any) {
	if c.left--; c.left < 0 {
		panic(errSteps)
	}
}

func (c *counted) check(v any, steps int) (err error) {
	c.left = steps
	defer func() {
		if r := recover(); r == errSteps {
			err = errSteps
		} else if r != nil {
			panic(r)
		}
	}()
	return c.schema.Validate(v)
}
