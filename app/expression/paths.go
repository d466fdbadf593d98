package expression

import (
	"slices"
	"strconv"
	"unicode"

	"github.com/expr-lang/expr/ast"
)

// path reads a node that only looks something up; nil when it does more. Its cost is
// bounded: parse refused longer chains.
func (c *compiler) path(node ast.Node) (*path, *Fault) {
	p := &path{quiet: c.quiet > 0}
	for {
		switch n := node.(type) {
		case *ast.ChainNode:
			p.quiet = true
			node = n.Node
		case *ast.MemberNode:
			k, ok := keyOf(n.Property)
			if !ok || n.Method {
				return nil, nil
			}
			p.keys = append(p.keys, k)
			node = n.Node
		case *ast.IdentifierNode:
			if c.known(n.Value) {
				return nil, nil
			}
			slices.Reverse(p.keys)
			return c.rooted(p, n)
		default:
			return nil, nil
		}
	}
}

func keyOf(property ast.Node) (key, bool) {
	switch n := property.(type) {
	case *ast.StringNode:
		return key{name: n.Value}, true
	case *ast.IntegerNode:
		return key{index: n.Value, isIndex: true}, true
	case *ast.UnaryNode:
		if i, ok := n.Node.(*ast.IntegerNode); ok && n.Operator == "-" {
			return key{index: -i.Value, isIndex: true}, true
		}
	}
	return key{}, false
}

// rooted finds the root a path begins with. A name that is none is a field of the
// contact, unless it looks like a misspelt root.
func (c *compiler) rooted(p *path, n *ast.IdentifierNode) (*path, *Fault) {
	root, ok := rootNamed(n.Value)
	p.text = pathText(n.Value, p.keys)
	if !ok {
		if meant := near(n.Value, rootNames()); meant != "" && len(p.keys) > 0 {
			return nil, c.faultAt(n, "There is no %s. Did you mean %s?", n.Value, meant)
		}
		c.doubtBare(n, p.keys)
		p.root, p.bare, p.keys = rootContact, true, append([]key{{name: n.Value}}, p.keys...)
		return p, nil
	}
	p.root = root
	if len(p.keys) > 0 && !p.keys[0].isIndex {
		if meant := misspelt(p.keys[0].name, roots[root].Members); meant != "" {
			return nil, c.faultAt(n, "There is no %s.%s. Did you mean %s.%s?", n.Value, p.keys[0].name, n.Value, meant)
		}
		c.doubtMember(n, root, p.keys[0])
	}
	return p, nil
}

func misspelt(name string, members []string) string {
	meant := near(name, members)
	if meant == name {
		return ""
	}
	return meant
}

// pathText writes a path as a person would. A name that cannot stand alone is shown
// as the field of the participant that it is.
func pathText(root string, keys []key) string {
	if !plainName(root) {
		root, keys = roots[rootContact].Name, append([]key{{name: root}}, keys...)
	}
	text := []byte(root)
	for _, k := range keys {
		switch {
		case k.isIndex:
			text = append(strconv.AppendInt(append(text, '['), int64(k.index), 10), ']')
		case plainName(k.name):
			text = append(append(text, '.'), k.name...)
		default:
			text = append(strconv.AppendQuote(append(text, '['), k.name), ']')
		}
	}
	return string(text)
}

func plainName(name string) bool {
	for i, r := range name {
		if !unicode.IsLetter(r) && r != '_' && r != '$' && (i == 0 || !unicode.IsDigit(r)) {
			return false
		}
	}
	return name != ""
}
