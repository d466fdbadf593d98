package expression

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"

	"github.com/expr-lang/expr/ast"

	"hookline/app/regex"
)

// Bounds of patterns. A pattern's size is about the steps it takes per byte of text.
const (
	maxPattern  = 500
	maxPatterns = 2000 // in one expression
)

// matches is text matches "pattern". The pattern is written out: one that came with
// the data could be made to take long.
func (c *compiler) matches(n *ast.BinaryNode) (code, *Fault) {
	pattern, ok := n.Right.(*ast.StringNode)
	if !ok {
		return nil, c.faultAt(n.Right, "Write the pattern as a text between quotes.")
	}
	re, size, fault := c.pattern(n.Right, pattern.Value)
	if fault != nil {
		return nil, fault
	}
	left, fault := c.compile(n.Left)
	if fault != nil {
		return nil, fault
	}
	return c.located(n, func(r *run) (any, error) {
		v, err := left(r)
		if err != nil || isNil(v) {
			return false, err
		}
		s, ok := v.(string)
		if !ok {
			return nil, fmt.Errorf("matches is for texts, and this is %s; string() makes one", kindOf(v))
		}
		if err := r.env.spend(4 + len(s)*size/16); err != nil {
			return nil, err
		}
		return re.MatchString(s), nil
	}), nil
}

func (c *compiler) pattern(node ast.Node, text string) (*regexp.Regexp, int, *Fault) {
	tree, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		return nil, 0, c.faultAt(node, "This pattern is not valid: %s.", patternWords(err))
	}
	size := regex.Size(tree)
	c.patterns += size
	if size > maxPattern || c.patterns > maxPatterns {
		return nil, 0, c.faultAt(node, "This pattern is too large. Make it shorter, or its repetitions fewer.")
	}
	re, err := regexp.Compile(text)
	if err != nil {
		return nil, 0, c.faultAt(node, "This pattern is not valid.")
	}
	return re, size, nil
}

func patternWords(err error) string {
	var bad *syntax.Error
	if errors.As(err, &bad) {
		return bad.Code.String()
	}
	return "it cannot be understood"
}
