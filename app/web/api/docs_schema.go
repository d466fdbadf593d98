package api

import (
	"fmt"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// docsMember is a parameter or a member of a body. Members of members are named
// by their path: headers[].name.
type docsMember struct {
	Name, In, Type, About string
	Required              bool
}

// members flattens an object's schema. The types here nest a few levels and
// never in circles.
func (s *server) members(schema *huma.Schema) []docsMember {
	var found []docsMember
	s.collect("", schema, &found)
	return found
}

func (s *server) collect(prefix string, schema *huma.Schema, found *[]docsMember) {
	schema = s.resolve(schema)
	if schema == nil {
		return
	}
	if schema.Items != nil {
		s.collect(prefix+"[]", schema.Items, found)
		return
	}
	for _, name := range ordered(schema) {
		member := schema.Properties[name]
		path := name
		if prefix != "" {
			path = prefix + "." + name
		}
		*found = append(*found, docsMember{
			Name: path, Type: s.typeOf(member), About: s.about(member), Required: slices.Contains(schema.Required, name),
		})
		s.collect(path, member, found)
	}
}

// ordered lists what an object needs first, then the rest by name.
func ordered(schema *huma.Schema) []string {
	var rest []string
	for name := range schema.Properties {
		if !slices.Contains(schema.Required, name) {
			rest = append(rest, name)
		}
	}
	slices.Sort(rest)
	return append(slices.Clone(schema.Required), rest...)
}

func (s *server) about(schema *huma.Schema) string {
	parts := []string{}
	if schema.Description != "" {
		parts = append(parts, schema.Description)
	}
	if enum := s.resolve(schema).Enum; len(enum) > 0 && enum[0] != nil {
		words := make([]string, len(enum))
		for i, v := range enum {
			words[i] = fmt.Sprint(v)
		}
		parts = append(parts, "One of "+strings.Join(words, ", ")+".")
	}
	return strings.Join(parts, " ")
}

func (s *server) typeOf(schema *huma.Schema) string {
	schema = s.resolve(schema)
	switch {
	case schema == nil:
		return "any"
	case schema.Type == huma.TypeArray:
		return "list of " + s.typeOf(schema.Items)
	case schema.Format == "date-time":
		return nullable("time", schema)
	case schema.Type == "":
		return "null"
	}
	return nullable(schema.Type, schema)
}

func nullable(word string, schema *huma.Schema) string {
	if schema.Nullable {
		return word + " or null"
	}
	return word
}
