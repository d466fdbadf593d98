package schema

import (
	"encoding/json"
	"slices"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// part is what is checked here of one part of a schema, and not by the library: what
// it would look at before anything is counted (true, false, types), and what it would
// compare value by value (enum, const, uniqueItems).
type part struct {
	of       *counted
	never    bool // the schema false
	types    []string
	constant *values
	enum     *values
	unique   bool
	format   *jsonschema.Format
	perName  int // what each member's name is held against
	weight   int // of lists that an object is held against
}

// values are those of an enum or a const, by their keys.
type values struct {
	keys    map[string]bool
	types   []string
	longest int
	list    []any
}

func valuesOf(list []any) *values {
	v := &values{keys: make(map[string]bool, len(list)), list: list}
	for _, each := range list {
		key, _ := appendKey(nil, each, 2*MaxBytes)
		v.keys[string(key)], v.longest = true, max(v.longest, len(key))
		if t := typeName(each); !slices.Contains(v.types, t) {
			v.types = append(v.types, t)
		}
	}
	return v
}

// take moves the checks of a part of the schema here.
func (c *counted) take(s *jsonschema.Schema) {
	p := &part{of: c, unique: s.UniqueItems, format: s.Format}
	if s.Bool != nil {
		p.never = !*s.Bool
	}
	if s.Types != nil {
		p.types = s.Types.ToStrings()
	}
	if s.Const != nil {
		p.constant = valuesOf([]any{*s.Const})
	}
	if s.Enum != nil {
		p.enum = valuesOf(s.Enum.Values)
	}
	p.perName = len(s.PatternProperties)
	p.weight = len(s.Required) + len(s.Dependencies) + len(s.DependentSchemas)
	for _, names := range s.DependentRequired {
		p.weight += 1 + len(names)
	}
	for _, names := range s.Dependencies {
		if list, is := names.([]string); is {
			p.weight += len(list)
		}
	}
	s.Bool, s.Types, s.Const, s.Enum, s.UniqueItems = nil, nil, nil, nil, false
	s.Format = &jsonschema.Format{Name: "steps", Validate: p.check}
	if p.format != nil {
		s.Format.Name = p.format.Name
		if p.format.Name == "regex" { // the library would not ask ours then
			s.Format.Name = "regular expression"
		}
	}
}

// cost is about how many steps the library takes with a value in this part.
func (p *part) cost(v any) int {
	switch v := v.(type) {
	case map[string]any:
		return 1 + (len(v)*(1+p.perName)+p.weight)/4
	case []any:
		return 1 + len(v)/4
	case string:
		return 1 + len(v)/1024
	case json.Number:
		return 1 + len(v)/8
	}
	return 1
}

func (p *part) check(v any) error {
	p.of.spend(p.cost(v))
	switch {
	case p.never:
		return kindError{&kind.FalseSchema{}}
	case p.types != nil && !p.typed(v):
		return kindError{&kind.Type{Got: typeName(v), Want: p.types}}
	case p.constant != nil && !p.of.among(v, p.constant):
		return kindError{&kind.Const{Got: v, Want: p.constant.list[0]}}
	case p.enum != nil && !p.of.among(v, p.enum):
		return kindError{&kind.Enum{Got: v, Want: p.enum.list}}
	}
	if list, is := v.([]any); is && p.unique {
		if first, second, found := p.of.duplicates(list); found {
			return kindError{&kind.UniqueItems{Duplicates: [2]int{first, second}}}
		}
	}
	if p.format == nil {
		return nil
	}
	if p.format.Name == "regex" {
		return isPattern(v)
	}
	return p.format.Validate(v)
}

func (p *part) typed(v any) bool {
	name := typeName(v)
	return slices.Contains(p.types, name) || name == "number" && slices.Contains(p.types, "integer") && isInteger(v)
}

// among says whether a value is one of some others.
func (c *counted) among(v any, others *values) bool {
	if !slices.Contains(others.types, typeName(v)) {
		return false
	}
	key, ok := appendKey(c.key[:0], v, others.longest)
	c.key = key
	c.spend(len(key) / 64)
	return ok && others.keys[string(key)]
}

// duplicates finds two items that are equal.
func (c *counted) duplicates(list []any) (first, second int, found bool) {
	seen := make(map[string]int, len(list))
	for i, item := range list {
		c.spend(1)
		key, _ := appendKey(c.key[:0], item, longestItem)
		c.key = key
		c.spend(len(key) / 64)
		if was, again := seen[string(key)]; again {
			return was, i, true
		}
		seen[string(key)] = i
	}
	return 0, 0, false
}

// longestItem is more than an item of an event can have.
const longestItem = 64 << 20

func isPattern(v any) error {
	if text, ok := v.(string); ok {
		_, err := (&patterns{spend: func(int) {}}).compile(text)
		return err
	}
	return nil
}
