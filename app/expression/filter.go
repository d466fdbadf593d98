package expression

import (
	"errors"
	"fmt"
	"strings"

	"github.com/expr-lang/expr/ast"
)

// Filter is an expression that is true or false (B5). It is safe for concurrent use.
type Filter struct {
	program *Program
	terms   []term
}

// term is one of the conditions that must all be true.
type term struct {
	node  ast.Node
	run   code
	paths []*path
}

// CompileFilter compiles an expression that gives true or false. The error is a *Fault.
func CompileFilter(source string) (*Filter, error) {
	c := newCompiler(source)
	c.quiet, c.asFilter = 1, true
	f, fault := c.filter()
	if fault != nil {
		return nil, fault
	}
	return f, nil
}

func (c *compiler) filter() (*Filter, *Fault) {
	node, fault := c.parse()
	if fault != nil {
		return nil, fault
	}
	gives := kindOfNode(node)
	if gives != "any" && gives != "bool" {
		return nil, FaultAt(c.source, 0, "A filter is true or false, and this is %s. Compare it with something, for example with == or >.", article(gives))
	}
	p := &Program{source: c.source, gives: gives}
	if p.run, fault = c.compile(node); fault != nil {
		return nil, fault
	}
	p.doubt = c.doubt
	f := &Filter{program: p}
	for _, node := range conjunction(node, nil) {
		t := term{node: node, paths: c.pathsIn(node)}
		if t.run, fault = c.compile(node); fault != nil {
			return nil, fault
		}
		f.terms = append(f.terms, t)
	}
	p.slots = c.slots
	return f, nil
}

func article(kind string) string {
	if kind == "text" {
		return kind
	}
	if kind == "object" {
		return "an object"
	}
	return "a " + kind
}

// conjunction splits a and b and c, behind those before.
func conjunction(node ast.Node, before []ast.Node) []ast.Node {
	if n, ok := node.(*ast.BinaryNode); ok && (n.Operator == "and" || n.Operator == "&&") {
		return conjunction(n.Right, conjunction(n.Left, before))
	}
	return append(before, node)
}

// pathFinder collects the paths that a node looks up.
type pathFinder struct {
	c     *compiler
	found []*path
	inner map[ast.Node]bool // parts of paths that were found
}

func (c *compiler) pathsIn(node ast.Node) []*path {
	f := &pathFinder{c: c, inner: map[ast.Node]bool{}}
	ast.Walk(&node, f)
	return f.found
}

// Visit sees the inner parts first, so a longer path replaces the shorter one in it.
func (f *pathFinder) Visit(node *ast.Node) {
	if n, ok := (*node).(*ast.IdentifierNode); ok && (functionByName[n.Value] != nil || f.c.vars[n.Value]) {
		return
	}
	p, fault := f.c.path(*node)
	if fault != nil || p == nil {
		return
	}
	if n := len(f.found); n > 0 && f.inner[within1(*node)] {
		f.found = f.found[:n-1]
	}
	f.inner[*node] = true
	f.found = append(f.found, p)
}

// within1 is what a member or chain is taken of.
func within1(node ast.Node) ast.Node {
	switch n := node.(type) {
	case *ast.MemberNode:
		return n.Node
	case *ast.ChainNode:
		return n.Node
	}
	return nil
}

// Source is what was compiled.
func (f *Filter) Source() string { return f.program.source }

// Match evaluates the filter. What is missing or null is false. Each call has a
// budget of its own. The error is a *Fault.
func (f *Filter) Match(env *Env) (bool, error) { return f.MatchWithin(env, 1) }

// MatchWithin is Match with a part of a budget, from 0 to 1. env.Exhausted tells
// whether an error was for that alone.
func (f *Filter) MatchWithin(env *Env, budget float64) (bool, error) {
	env.work, env.limit = 0, int(budget*maxWork)
	v, err := f.program.eval(env)
	if err != nil {
		return false, err
	}
	is, err := truth(v)
	if err != nil {
		return false, f.program.fault(0, err)
	}
	return is, nil
}

// Explain says in a sentence which condition of a filter is not true, and what the
// event has there; "" when the filter matches.
func (f *Filter) Explain(env *Env) string {
	for _, t := range f.terms {
		env.work, env.limit = 0, maxWork
		p := &Program{source: f.program.source, run: t.run, slots: f.program.slots}
		v, err := p.eval(env)
		is := false
		if err == nil {
			is, err = truth(v)
		}
		switch {
		case err != nil:
			return fmt.Sprintf("%s could not be evaluated. %s", t.text(), message(err))
		case !is:
			return t.text() + " is not true" + t.values(env) + "."
		}
	}
	return ""
}

func message(err error) string {
	var fault *Fault
	if errors.As(err, &fault) {
		return fault.Message
	}
	return sentence(err)
}

// text is the condition as it is shown: made when it is asked for, which is seldom.
func (t *term) text() string { return shorten(t.node.String(), 200) }

// values says what some of a term's paths are.
func (t *term) values(env *Env) string {
	var parts []string
	for _, p := range t.paths {
		f, err := env.walk(p)
		if err != nil || len(parts) == 3 {
			break
		}
		shown := "missing"
		if f.raw != nil {
			shown = shorten(string(compact(nil, f.raw[:min(len(f.raw), 400)])), 60)
		}
		parts = append(parts, p.text+" is "+shown)
	}
	if len(parts) == 0 {
		return ""
	}
	return ": " + strings.Join(parts, ", ")
}
