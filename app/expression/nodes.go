package expression

import (
	"fmt"
	"strings"

	"github.com/expr-lang/expr/ast"
)

// all compiles several parts.
func (c *compiler) all(nodes []ast.Node) ([]code, *Fault) {
	parts := make([]code, len(nodes))
	for i, node := range nodes {
		part, fault := c.compile(node)
		if fault != nil {
			return nil, fault
		}
		parts[i] = part
	}
	return parts, nil
}

// get is a member of something that is more than a path. Where there is nothing to
// look into, it is missing.
func (c *compiler) get(n *ast.MemberNode) (code, *Fault) {
	parts, fault := c.all([]ast.Node{n.Node, n.Property})
	if fault != nil {
		return nil, fault
	}
	from, property := parts[0], parts[1]
	text, quiet := memberText(n), c.quiet > 0 || n.Optional
	return c.located(n, func(r *run) (any, error) {
		v, err := from(r)
		if err != nil {
			return nil, err
		}
		k, err := property(r)
		if err != nil {
			return nil, err
		}
		found, err := fetch(r.env, v, k)
		if _, gone := found.(missing); gone && !quiet {
			r.env.note(text)
		}
		return found, err
	}), nil
}

// memberText is how a member of something is shown that is more than a path.
func memberText(n *ast.MemberNode) string {
	text := ""
	for {
		if k, ok := keyOf(n.Property); ok {
			text = strings.TrimPrefix(pathText("_", []key{k}), "_") + text
		} else {
			text = "[…]" + text
		}
		inner := within1(n)
		if chain, ok := inner.(*ast.ChainNode); ok {
			inner = chain.Node
		}
		switch of := inner.(type) {
		case *ast.MemberNode:
			n = of
			continue
		case *ast.IdentifierNode:
			text = of.Value + text
		case *ast.PointerNode:
			if of.Name != "" {
				text = "#" + of.Name + text
			}
		default:
			if name := functionName(inner); name != "" {
				text = name + "(…)" + text
			}
		}
		return shorten(text, 80)
	}
}

func fetch(e *Env, from, k any) (any, error) {
	if err := e.spend(1); err != nil {
		return nil, err
	}
	switch from := from.(type) {
	case *object:
		if name, ok := k.(string); ok {
			return from.find(e, name)
		}
	case *array:
		if i, ok := wholeNumber(k); ok {
			return from.at(e, i)
		}
	}
	return missing{}, nil
}

// at is an item, counted from the end when i is negative.
func (a *array) at(e *Env, i int64) (any, error) {
	if err := a.read(e); err != nil {
		return nil, err
	}
	n := int64(len(a.items))
	if i < 0 {
		i += n
	}
	if i < 0 || i >= n {
		return missing{}, nil
	}
	return a.items[i], nil
}

func (c *compiler) slice(n *ast.SliceNode) (code, *Fault) {
	nodes := []ast.Node{n.Node, n.From, n.To}
	for i := range nodes {
		if nodes[i] == nil {
			nodes[i] = &ast.NilNode{}
		}
	}
	parts, fault := c.all(nodes)
	if fault != nil {
		return nil, fault
	}
	return c.located(n, func(r *run) (any, error) {
		var args [3]any
		for i, part := range parts {
			v, err := part(r)
			if err != nil {
				return nil, err
			}
			args[i] = v
		}
		return cut(r.env, args[0], args[1], args[2])
	}), nil
}

// cut is v[from:to], of a list's items or a text's characters.
func cut(e *Env, v, from, to any) (any, error) {
	switch v := v.(type) {
	case nil, missing:
		return v, nil
	case string:
		if err := e.spendOn(3 * len(v)); err != nil {
			return nil, err
		}
		chars := []rune(v)
		a, b := bounds(len(chars), from, to)
		return string(chars[a:b]), nil
	case *array:
		if err := v.read(e); err != nil {
			return nil, err
		}
		a, b := bounds(len(v.items), from, to)
		return list(v.items[a:b:b]), nil
	}
	return nil, fmt.Errorf("a part is taken of a text or a list, and this is %s", kindOf(v))
}

// bounds are the two ends within n, negative ones counted from the end.
func bounds(n int, from, to any) (int, int) {
	end := func(v any, otherwise int) int {
		i, ok := wholeNumber(v)
		if !ok {
			return otherwise
		}
		if i < 0 {
			i += int64(n)
		}
		return int(min(max(i, 0), int64(n)))
	}
	b := end(to, n)
	return min(end(from, 0), b), b
}

func (c *compiler) unary(n *ast.UnaryNode) (code, *Fault) {
	part, fault := c.compile(n.Node)
	if fault != nil {
		return nil, fault
	}
	return c.located(n, func(r *run) (any, error) {
		v, err := part(r)
		if err := firstErr(err, r.env.spend(1)); err != nil {
			return nil, err
		}
		switch n.Operator {
		case "-":
			return arithmetic(r.env, "-", int64(0), v)
		case "+":
			return arithmetic(r.env, "+", int64(0), v)
		}
		is, err := truth(v)
		return !is, err
	}), nil
}

func (c *compiler) binary(n *ast.BinaryNode) (code, *Fault) {
	switch n.Operator {
	case "??":
		return c.coalesce(n)
	case "and", "&&", "or", "||":
		return c.logic(n)
	case "matches":
		return c.matches(n)
	}
	c.doubtComparison(n)
	if quietBeside(n.Left, n.Right) && (n.Operator == "==" || n.Operator == "!=") {
		c.quiet++
		defer func() { c.quiet-- }()
	}
	parts, fault := c.all([]ast.Node{n.Left, n.Right})
	if fault != nil {
		return nil, fault
	}
	left, right, op := parts[0], parts[1], n.Operator
	return c.located(n, func(r *run) (any, error) {
		a, err := left(r)
		if err != nil {
			return nil, err
		}
		b, err := right(r)
		if err != nil {
			return nil, err
		}
		if err := r.env.spend(1); err != nil {
			return nil, err
		}
		return operate(r.env, op, a, b)
	}), nil
}

// quietBeside says that a comparison asks whether there is something at all.
func quietBeside(a, b ast.Node) bool {
	_, left := a.(*ast.NilNode)
	_, right := b.(*ast.NilNode)
	return left || right
}

// coalesce is a ?? b: b where a is null or missing.
func (c *compiler) coalesce(n *ast.BinaryNode) (code, *Fault) {
	c.quiet++
	left, fault := c.compile(n.Left)
	c.quiet--
	if fault != nil {
		return nil, fault
	}
	right, fault := c.compile(n.Right)
	return func(r *run) (any, error) {
		v, err := left(r)
		if err := firstErr(err, r.env.spend(1)); err != nil || !isNil(v) {
			return v, err
		}
		return right(r)
	}, fault
}

// logic is and, or: the right side is computed only if it matters.
func (c *compiler) logic(n *ast.BinaryNode) (code, *Fault) {
	left, fault := c.condition(n.Left)
	if fault != nil {
		return nil, fault
	}
	right, fault := c.condition(n.Right)
	decides := n.Operator == "or" || n.Operator == "||"
	return func(r *run) (any, error) {
		is, err := left(r)
		if err != nil || is == decides {
			return is, err
		}
		return right(r)
	}, fault
}

// condition computes true or false.
func (c *compiler) condition(node ast.Node) (code, *Fault) {
	part, fault := c.compile(node)
	if fault != nil {
		return nil, fault
	}
	return c.located(node, func(r *run) (any, error) {
		v, err := part(r)
		if err != nil {
			return nil, err
		}
		if err := r.env.spend(1); err != nil {
			return nil, err
		}
		is, err := truth(v)
		return is, err
	}), nil
}

func (c *compiler) conditional(n *ast.ConditionalNode) (code, *Fault) {
	cond, fault := c.condition(n.Cond)
	if fault != nil {
		return nil, fault
	}
	parts, fault := c.all([]ast.Node{n.Exp1, n.Exp2})
	if fault != nil {
		return nil, fault
	}
	return func(r *run) (any, error) {
		is, err := cond(r)
		if err != nil {
			return nil, err
		}
		if is == true {
			return parts[0](r)
		}
		return parts[1](r)
	}, nil
}
