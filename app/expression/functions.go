package expression

import (
	"fmt"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/builtin"
)

// Function is one that expressions can call.
type Function struct {
	Name      string
	Signature string
	Sentence  string
	Example   string // an expression that needs no data
	Gives     string // what comes of it: text, number, bool, list, object, any
	least     int    // arguments
	most      int
	call      func(e *Env, args []any) (any, error)
	// check looks at arguments that are written out, when the source is compiled.
	check func(args []ast.Node) (bad ast.Node, why string)
}

// functions in the order to show them; those without call are predicates.
var functions = slices.Concat(textFunctions, numberFunctions, listFunctions, dateFunctions, otherFunctions)

var functionByName = byName(functions)

func byName(all []Function) map[string]*Function {
	m := make(map[string]*Function, len(all))
	for i := range all {
		m[all[i].Name] = &all[i]
	}
	return m
}

// Functions lists what expressions can call, in the order to show it. Beside them
// stand the operators: + - * / % ** == != < > <= >= and or not in contains
// startsWith endsWith matches ?? ?: .. and | to pass a value on.
func Functions() []Function { return slices.Clone(functions) }

// otherNames are what people write who know another language.
var otherNames = map[string]string{
	"uppercase": "upper", "toUpperCase": "upper", "upcase": "upper",
	"lowercase": "lower", "toLowerCase": "lower", "downcase": "lower",
	"length": "len", "size": "len", "encodeURIComponent": "urlEncode", "encodeURI": "urlEncode",
	"json": "toJSON", "stringify": "toJSON", "str": "string", "toString": "string", "parseInt": "int", "parseFloat": "float",
	"number": "float", "coalesce": "default", "ifNull": "default", "date": "formatDate", "dateFormat": "formatDate",
	"base64": "toBase64", "some": "any", "every": "all", "concatenate": "concat", "unique": "uniq",
	"hasPrefix": "startsWith", "hasSuffix": "endsWith", "groupBy": "sortBy",
}

// notPredicates are the library's own functions, none of which is used: the parser
// then gives calls of ours as calls.
var notPredicates = func() map[string]bool {
	m := map[string]bool{}
	for _, f := range builtin.Builtins {
		if !f.Predicate {
			m[f.Name] = true
		}
	}
	return m
}()

func (c *compiler) unknownFunction(node ast.Node, name string) *Fault {
	names := make([]string, 0, len(functions))
	for _, f := range functions {
		names = append(names, f.Name)
	}
	meant := otherNames[name]
	if meant == "" {
		meant = near(name, names)
	}
	switch {
	case meant == "startsWith" || meant == "endsWith":
		return c.faultAt(node, "There is no function %s. Write it between the two: a %s b.", shorten(name, 40), meant)
	case meant != "":
		return c.faultAt(node, "There is no function %s. Did you mean %s?", shorten(name, 40), meant)
	}
	return c.faultAt(node, "There is no function %s. There are %s.", shorten(name, 40), strings.Join(names, ", "))
}

// call compiles f(…).
func (c *compiler) call(n *ast.CallNode) (code, *Fault) {
	callee, ok := n.Callee.(*ast.IdentifierNode)
	if !ok {
		return nil, c.faultAt(n, "A value has no functions of its own. Write the function first, for example upper(contact.email).")
	}
	f := functionByName[callee.Value]
	if f == nil || f.call == nil {
		return nil, c.unknownFunction(n, callee.Value)
	}
	if len(n.Arguments) < f.least || len(n.Arguments) > f.most {
		return nil, c.faultAt(n, "%s takes %s: %s.", f.Name, argumentCount(f), f.Signature)
	}
	if f.check != nil {
		if bad, why := f.check(n.Arguments); bad != nil {
			return nil, c.faultAt(bad, "%s", why)
		}
	}
	args, fault := c.arguments(f, n.Arguments)
	return c.located(n, func(r *run) (any, error) {
		values := make([]any, len(args))
		for i, arg := range args {
			v, err := arg(r)
			if err != nil {
				return nil, err
			}
			values[i] = v
		}
		if err := r.env.spend(6); err != nil {
			return nil, err
		}
		return f.call(r.env, values)
	}), fault
}

// arguments compiles them; default() expects that its first may be missing.
func (c *compiler) arguments(f *Function, nodes []ast.Node) ([]code, *Fault) {
	if f.Name != "default" {
		return c.all(nodes)
	}
	c.quiet++
	first, fault := c.all(nodes[:1])
	c.quiet--
	if fault != nil {
		return nil, fault
	}
	rest, fault := c.all(nodes[1:])
	return append(first, rest...), fault
}

func argumentCount(f *Function) string {
	switch {
	case f.most == 1:
		return "one value"
	case f.least == f.most:
		return fmt.Sprintf("%d values", f.least)
	case f.most == many:
		return fmt.Sprintf("at least %d values", f.least)
	}
	return fmt.Sprintf("%d to %d values", f.least, f.most)
}

const many = 100

// kindOfNode names what a node gives, where that is known without running it.
func kindOfNode(node ast.Node) string {
	switch n := node.(type) {
	case *ast.StringNode:
		return "text"
	case *ast.IntegerNode, *ast.ConstantNode:
		return "number"
	case *ast.ArrayNode, *ast.SliceNode:
		return "list"
	case *ast.MapNode:
		return "object"
	case *ast.BinaryNode:
		switch n.Operator {
		case "+", "-", "*", "/", "%", "**", "^":
			return "number"
		}
	case *ast.BuiltinNode:
		if f := functionByName[n.Name]; f != nil {
			return f.Gives
		}
	case *ast.CallNode:
		if callee, ok := n.Callee.(*ast.IdentifierNode); ok && functionByName[callee.Value] != nil {
			return functionByName[callee.Value].Gives
		}
	}
	return "any"
}
