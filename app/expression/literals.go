package expression

import (
	"github.com/expr-lang/expr/ast"
)

func (c *compiler) array(n *ast.ArrayNode) (code, *Fault) {
	parts, fault := c.all(n.Nodes)
	return func(r *run) (any, error) {
		items := make([]any, len(parts))
		for i, part := range parts {
			v, err := part(r)
			if err != nil {
				return nil, err
			}
			items[i] = v
		}
		return list(items), r.env.spend(1 + 2*len(items))
	}, fault
}

// object is {name: value}; a later member replaces an earlier one of its name.
func (c *compiler) object(n *ast.MapNode) (code, *Fault) {
	nodes := make([]ast.Node, 0, 2*len(n.Pairs))
	for _, pair := range n.Pairs {
		p := pair.(*ast.PairNode)
		nodes = append(nodes, p.Key, p.Value)
	}
	parts, fault := c.all(nodes)
	return c.located(n, func(r *run) (any, error) {
		o := &object{made: make([]member, 0, len(parts)/2)}
		for i := 0; i < len(parts); i += 2 {
			k, err := parts[i](r)
			if err != nil {
				return nil, err
			}
			v, err := parts[i+1](r)
			if err != nil {
				return nil, err
			}
			if err := o.set(r.env, k, v); err != nil {
				return nil, err
			}
		}
		return o, nil
	}), fault
}

func (o *object) set(e *Env, k, v any) error {
	name, err := appendText(nil, k)
	if err != nil {
		return err
	}
	if i := o.placeOf(string(name)); i >= 0 {
		o.made[i].value = v
	} else {
		o.made = append(o.made, member{name: string(name), value: v})
	}
	return e.spend(4 + len(o.made)/8)
}

// let is a variable: let x = …; …
func (c *compiler) let(n *ast.VariableDeclaratorNode) (code, *Fault) {
	value, fault := c.compile(n.Value)
	if fault != nil {
		return nil, fault
	}
	outer := c.scope
	slot := c.bind(n.Name)
	defer func() { c.scope = outer }()
	rest, fault := c.compile(n.Expr)
	return func(r *run) (any, error) {
		v, err := value(r)
		if err != nil {
			return nil, err
		}
		r.slots[slot] = v
		if err := r.env.spend(1); err != nil {
			return nil, err
		}
		return rest(r)
	}, fault
}
