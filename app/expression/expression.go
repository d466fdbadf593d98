package expression

import (
	"errors"

	"github.com/expr-lang/expr/ast"
)

// Program is a compiled expression. It is safe for concurrent use.
type Program struct {
	source string
	path   *path // set when the expression is a path and nothing else
	run    code
	slots  int
	gives  string // the kind of the result, where it is known without running
	doubt  *Fault
}

// Compile checks a source and makes it ready to run. The error is a *Fault.
func Compile(source string) (*Program, error) {
	c := newCompiler(source)
	p, fault := c.program()
	if fault != nil {
		return nil, fault
	}
	return p, nil
}

func newCompiler(source string) *compiler {
	return &compiler{source: source, compared: map[*ast.IdentifierNode]bool{}}
}

// Eval evaluates with the values of env, and notes there what was missing. The error
// is a *Fault, or ErrTooLong.
func (p *Program) Eval(env *Env) (Value, error) {
	if p.path != nil {
		f, err := env.walk(p.path)
		if err != nil {
			return Value{}, p.fault(0, err)
		}
		if len(f.raw) == 0 {
			return Value{v: missing{}}, nil
		}
		return Value{raw: f.raw}, nil
	}
	v, err := p.eval(env)
	return Value{v: v}, err
}

func (p *Program) eval(env *Env) (any, error) {
	r := run{env: env}
	if p.slots > 0 {
		r.slots = make([]any, p.slots)
	}
	v, err := p.run(&r)
	if err == nil {
		return v, nil
	}
	var fault *Fault
	if errors.As(err, &fault) {
		return nil, fault
	}
	return nil, p.fault(0, err)
}

func (p *Program) fault(offset int, err error) error {
	return FaultAt(p.source, offset, "%s", sentence(err))
}

// Source is what was compiled.
func (p *Program) Source() string { return p.source }
