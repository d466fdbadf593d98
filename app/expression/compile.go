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
	p.slots = c.slots
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
	tree, err := parser.ParseWithConfig(c.source, &conf.Config{MaxNodes: maxNodes, Disabled: notPredicates})
	var bad *file.Error
	switch {
	case errors.As(err, &bad):
		return nil, parseFault(c.source, bad)
	case err != nil:
		return nil, FaultAt(c.source, 0, "This cannot be understood.")
	}
	return tree.Node, nil
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
	return FaultAt(c.source, byteOffset(c.source, node.Location().From), format, args...)
}

// located gives the errors of a part its place in the source.
func (c *compiler) located(node ast.Node, part code) code {
	offset := byteOffset(c.source, node.Location().From)
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
	case *ast.FloatNode:
		return constant(n.Value), nil
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
