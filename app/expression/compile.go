package expression

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
)

// run is one evaluation.
type run struct {
	env   *Env
	slots []any // variables, and the items that predicates look at
}

// code computes one part of an expression.
type code func(r *run) (any, error)

type compiler struct {
	source   string
	scope    *scope
	slots    int
	quiet    int // > 0: what is missing here is expected, so it is not noted
	patterns int // size of all compiled patterns
	asFilter bool
	vars     map[string]bool              // names that a let gives, anywhere
	compared map[*ast.IdentifierNode]bool // sides of comparisons
	doubt    *Fault
	offsets  []int // of the source's characters, in bytes; nil while none was asked for
}

// scope is a name that stands for a slot, within the part that may use it.
type scope struct {
	name  string
	slot  int
	outer *scope
}

func (c *compiler) program() (*Program, *Fault) {
	node, fault := c.parse()
	if fault != nil {
		return nil, fault
	}
	p := &Program{source: c.source, gives: kindOfNode(node)}
	if p.path, fault = c.path(node); fault != nil {
		return nil, fault
	}
	p.run, fault = c.compile(node)
	p.slots, p.doubt = c.slots, c.doubt
	return p, fault
}

func (c *compiler) parse() (ast.Node, *Fault) {
	switch {
	case len(c.source) > MaxSource:
		return nil, FaultAt(c.source, MaxSource, "The expression is longer than 64 KiB. Make it shorter.")
	case !utf8.ValidString(c.source):
		return nil, FaultAt(c.source, 0, "The expression is not valid UTF-8 text.")
	case strings.TrimSpace(c.source) == "":
		return nil, FaultAt(c.source, 0, "Write an expression here, for example contact.email.")
	}
	if fault := c.nesting(); fault != nil {
		return nil, fault
	}
	reading := c.read()
	c.vars = reading.vars
	tree, err := parser.ParseWithConfig(string(reading.text), &conf.Config{MaxNodes: maxNodes, Disabled: notPredicates})
	var bad *file.Error
	switch {
	case errors.As(err, &bad):
		return nil, c.parseFault(bad)
	case err != nil:
		return nil, FaultAt(c.source, 0, "This cannot be understood.")
	}
	ast.Walk(&tree.Node, reading)
	return tree.Node, c.steps(tree.Node)
}

// steps bounds how many members of members an expression goes along: each of them
// looks at those before it.
func (c *compiler) steps(node ast.Node) *Fault {
	s := &stepCounter{of: map[ast.Node]int{}}
	ast.Walk(&node, s)
	if s.long != nil {
		return c.faultAt(s.long, "This goes along more than %d members. Events are nested no deeper.", maxSteps)
	}
	return nil
}

// stepCounter counts the steps that lead to each member; a walk sees the inner first.
type stepCounter struct {
	of   map[ast.Node]int
	long ast.Node
}

// Visit counts one node.
func (s *stepCounter) Visit(node *ast.Node) {
	inner := within1(*node)
	if inner == nil {
		return
	}
	n := s.of[inner]
	if _, isMember := (*node).(*ast.MemberNode); isMember {
		n++
	}
	if s.of[*node] = n; n > maxSteps && s.long == nil {
		s.long = *node
	}
}

// byteOffset turns the library's place, counted in characters, into bytes.
func (c *compiler) byteOffset(place int) int {
	if c.offsets == nil {
		c.offsets = make([]int, 0, len(c.source)+1)
		for i := range c.source {
			c.offsets = append(c.offsets, i)
		}
		c.offsets = append(c.offsets, len(c.source))
	}
	return c.offsets[min(max(place, 0), len(c.offsets)-1)]
}

// nesting bounds how deep the parser goes: brackets, and rows of signs.
func (c *compiler) nesting() *Fault {
	depth, signs := 0, 0
	for i, r := range c.source {
		switch r {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth--
		}
		if strings.ContainsRune("!-+?*^", r) {
			signs++
		} else if !unicode.IsSpace(r) && r != '(' {
			signs = max(0, signs-1)
		}
		if depth > maxNested || signs > 4*maxNested {
			return FaultAt(c.source, i, "The expression is nested too deeply. Make it simpler.")
		}
	}
	return nil
}

func (c *compiler) faultAt(node ast.Node, format string, args ...any) *Fault {
	return FaultAt(c.source, c.byteOffset(node.Location().From), format, args...)
}

// located gives the errors of a part its place in the source.
func (c *compiler) located(node ast.Node, part code) code {
	offset := c.byteOffset(node.Location().From)
	source := c.source
	return func(r *run) (any, error) {
		v, err := part(r)
		if err == nil {
			return v, nil
		}
		var fault *Fault
		if errors.As(err, &fault) {
			return nil, err
		}
		return nil, FaultAt(source, offset, "%s", sentence(err))
	}
}

// sentence makes an error's text one.
func sentence(err error) string {
	text := err.Error()
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + strings.TrimSuffix(text[size:], ".") + "."
}

func (c *compiler) compile(node ast.Node) (code, *Fault) {
	if p, fault := c.path(node); fault != nil || p != nil {
		return c.located(node, lookUp(p)), fault
	}
	switch n := node.(type) {
	case *ast.NilNode:
		return constant(nil), nil
	case *ast.BoolNode:
		return constant(n.Value), nil
	case *ast.StringNode:
		return constant(n.Value), nil
	case *ast.IntegerNode:
		return constant(int64(n.Value)), nil
	case *ast.ConstantNode:
		return c.number(n)
	case *ast.IdentifierNode:
		return c.variable(n, n.Value)
	case *ast.PointerNode:
		return c.pointer(n)
	case *ast.ChainNode:
		c.quiet++
		defer func() { c.quiet-- }()
		return c.compile(n.Node)
	}
	return c.compound(node)
}

func (c *compiler) compound(node ast.Node) (code, *Fault) {
	switch n := node.(type) {
	case *ast.MemberNode:
		return c.get(n)
	case *ast.SliceNode:
		return c.slice(n)
	case *ast.UnaryNode:
		return c.unary(n)
	case *ast.BinaryNode:
		return c.binary(n)
	case *ast.ConditionalNode:
		return c.conditional(n)
	case *ast.ArrayNode:
		return c.array(n)
	case *ast.MapNode:
		return c.object(n)
	case *ast.VariableDeclaratorNode:
		return c.let(n)
	case *ast.CallNode:
		return c.call(n)
	case *ast.BuiltinNode:
		return c.predicate(n)
	case *ast.SequenceNode:
		return nil, c.faultAt(n.Nodes[1], "One expression can stand here, not two. Leave out the semicolon.")
	}
	return nil, c.faultAt(node, "This cannot be used here.")
}

// number is one written out that int64 does not keep.
func (c *compiler) number(n *ast.ConstantNode) (code, *Fault) {
	v, err := plainest(parseNumber(string(n.Value.(number))))
	if err != nil {
		return nil, c.faultAt(n, "%s", sentence(err))
	}
	return constant(v), nil
}

func constant(v any) code { return func(*run) (any, error) { return v, nil } }

func lookUp(p *path) code {
	return func(r *run) (any, error) {
		f, err := r.env.walk(p)
		if err != nil {
			return nil, err
		}
		if err := r.env.spend(copied(f.raw)); err != nil {
			return nil, err
		}
		return f.value(), nil
	}
}

// variable is a name of this expression's own.
func (c *compiler) variable(node ast.Node, name string) (code, *Fault) {
	for s := c.scope; s != nil; s = s.outer {
		if s.name == name {
			slot := s.slot
			return func(r *run) (any, error) { return r.slots[slot], r.env.spend(1) }, nil
		}
	}
	return nil, c.faultAt(node, "There is no %s here.", name)
}

func (c *compiler) known(name string) bool {
	for s := c.scope; s != nil; s = s.outer {
		if s.name == name {
			return true
		}
	}
	return false
}

// bind makes a slot for a name; the caller puts c.scope back.
func (c *compiler) bind(name string) int {
	slot := c.slots
	c.slots++
	c.scope = &scope{name, slot, c.scope}
	return slot
}

// pointer is # (the item), #index or #acc within a predicate.
func (c *compiler) pointer(n *ast.PointerNode) (code, *Fault) {
	name := "#" + n.Name
	if !c.known(name) {
		return nil, c.faultAt(n, "There is no %s here. In a predicate, # is the item and #index its place.", name)
	}
	return c.variable(n, name)
}
