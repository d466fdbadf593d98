package schema

import (
	"bytes"
	"sync"
)

// Cache compiles each event type's schema once, and again when it has changed.
// The zero value is empty and ready; safe for concurrent use.
type Cache struct{ compiled sync.Map } // name → cached

type cached struct {
	source []byte
	schema *Schema
	err    error
}

// Of returns the schema of an event type. Source is what the configuration has
// now: the same bytes as last time cost a comparison of pointers.
func (c *Cache) Of(name string, source []byte) (*Schema, error) {
	if found, ok := c.compiled.Load(name); ok {
		if hit := found.(cached); bytes.Equal(hit.source, source) {
			return hit.schema, hit.err
		}
	}
	fresh := cached{source: source}
	fresh.schema, fresh.err = Compile(source)
	c.compiled.Store(name, fresh)
	return fresh.schema, fresh.err
}
