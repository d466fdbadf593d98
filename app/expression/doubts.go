package expression

import (
	"slices"

	"github.com/expr-lang/expr/ast"
)

// A doubt is about a source that can be run and is surely not meant as it is read: it
// looks where nothing can be, or compares what is never equal. A new source is
// refused for it; one that was saved before goes on as it did.

// Doubt is what stands against saving the source; nil when nothing does.
func (p *Program) Doubt() *Fault { return p.doubt }

// Doubt is what stands against saving the source; nil when nothing does.
func (f *Filter) Doubt() *Fault { return f.program.doubt }

// doubtAt keeps the first doubt.
func (c *compiler) doubtAt(offset int, format string, args ...any) {
	if c.doubt == nil {
		c.doubt = FaultAt(c.source, offset, format, args...)
	}
}

func (c *compiler) doubtNode(node ast.Node, format string, args ...any) {
	c.doubtAt(c.byteOffset(node.Location().From), format, args...)
}

// otherRoots are what people begin with who know another system.
var otherRoots = map[string]string{
	"payload": "data", "body": "data", "json": "data", "$json": "data", "$": "data", "this": "data", "input": "data", "message": "data", "record": "data",
	"user": "contact", "person": "contact", "participant": "contact", "profile": "contact", "customer": "contact", "recipient": "contact", "subscriber": "contact",
}

// doubtBare looks at a name that does not begin with a root: a field of the
// participant. A filter is about the event, so there, and before a dot, and in a
// comparison it is more likely that the root was forgotten.
func (c *compiler) doubtBare(n *ast.IdentifierNode, keys []key) {
	name := n.Value
	member := func(root string) string { return pathText(root, []key{{name: name}}) }
	switch meant := otherRoots[name]; {
	case len(keys) == 0 && slices.Contains(roots[rootEvent].Members, name):
		c.doubtNode(n, "%s alone is a field of the participant. Write event.%s for the event's, or contact.%s for the participant's.", name, name, name)
	case meant != "" && len(keys) > 0:
		c.doubtNode(n, "There is no %s to begin with. Did you mean %s? A field of that name is %s or %s.", name, meant, member("data"), member("contact"))
	case len(keys) > 0:
		c.doubtNode(n, "Say where %s stands: %s in the event's data, or %s at the participant.", name, member("data"), member("contact"))
	case c.asFilter || c.compared[n]:
		c.doubtNode(n, "Say where %s stands: %s in the event's data, or %s at the participant. A text stands between quotes: %q.", name, member("data"), member("contact"), name)
	}
}

// doubtMember looks at a member of a root that always has the same ones.
func (c *compiler) doubtMember(n *ast.IdentifierNode, root int, k key) {
	if !roots[root].closed || slices.Contains(roots[root].Members, k.name) {
		return
	}
	if root == rootEvent && k.name == "data" {
		c.doubtNode(n, "The event's data is a root of its own: write data, not event.data.")
		return
	}
	name := n.Value
	if root == rootEvent {
		c.doubtNode(n, "There is no %s: %s has %s. A field of its data is %s.", pathText(name, []key{k}), name, listed(roots[root].Members), pathText("data", []key{k}))
		return
	}
	c.doubtNode(n, "There is no %s: %s has %s.", pathText(name, []key{k}), name, listed(roots[root].Members))
}

// doubtComparison looks at two sides whose kinds are known and never equal.
func (c *compiler) doubtComparison(n *ast.BinaryNode) {
	switch n.Operator {
	case "==", "!=", "<", ">", "<=", ">=":
	default:
		return
	}
	for _, side := range []ast.Node{n.Left, n.Right} {
		if name, ok := side.(*ast.IdentifierNode); ok {
			c.compared[name] = true
		}
	}
	a, b := c.sureKind(n.Left), c.sureKind(n.Right)
	if a == "any" || b == "any" || a == b {
		return
	}
	c.doubtNode(n, "This compares %s with %s, which are never equal. int(), float() or string() make one like the other.", article(a), article(b))
}

// sureKind is the kind of a node wherever it has a value at all; any where that is
// not known.
func (c *compiler) sureKind(node ast.Node) string {
	switch n := node.(type) {
	case *ast.BoolNode:
		return "bool"
	case *ast.UnaryNode:
		if n.Operator == "-" || n.Operator == "+" {
			return "number"
		}
		return "bool"
	case *ast.BinaryNode:
		return c.kindOfOperation(n)
	case *ast.IdentifierNode, *ast.MemberNode:
		return c.kindOfPath(node)
	case *ast.SliceNode:
		return "any" // of a text or of a list
	}
	if name := functionName(node); name == "min" || name == "max" {
		return "any"
	}
	return kindOfNode(node)
}

func functionName(node ast.Node) string {
	switch n := node.(type) {
	case *ast.BuiltinNode:
		return n.Name
	case *ast.CallNode:
		if callee, ok := n.Callee.(*ast.IdentifierNode); ok {
			return callee.Value
		}
	}
	return ""
}

func (c *compiler) kindOfOperation(n *ast.BinaryNode) string {
	switch n.Operator {
	case "+": // of texts, when one is
		_, left := n.Left.(*ast.StringNode)
		_, right := n.Right.(*ast.StringNode)
		if left || right {
			return "text"
		}
		return "any"
	case "-", "*", "/", "%", "**", "^":
		return "number"
	case "??", "..":
		return "any"
	}
	return "bool"
}

// kindOfPath knows roots, and the members that are always texts.
func (c *compiler) kindOfPath(node ast.Node) string {
	p, fault := c.path(node)
	switch {
	case fault != nil || p == nil || p.bare:
		return "any"
	case len(p.keys) == 0 && (p.root == rootData || roots[p.root].closed):
		return "object"
	case len(p.keys) == 1 && roots[p.root].closed && slices.Contains(roots[p.root].Members, p.keys[0].name):
		return "text"
	}
	return "any"
}

func listed(words []string) string {
	text := ""
	for i, w := range words {
		switch {
		case i == 0:
		case i == len(words)-1:
			text += " and "
		default:
			text += ", "
		}
		text += w
	}
	return text
}
