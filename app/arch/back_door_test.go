package arch

import (
	"go/ast"
	"slices"
	"testing"
)

// parts are the packages that pages and API must not reach through a use case.
var parts = []string{"store", "secret", "deliver", "egress", "capture"}

// exempt are Deps, which the composition root gives.
var exempt = []string{"Deps"}

// TestServicesHideTheirParts holds the exported types and methods of the use cases to
// nouns of models: an embedded field would hand on all that it can do, and a part in a
// field or in a result would let a handler go round policy and audit log.
func TestServicesHideTheirParts(t *testing.T) {
	for _, f := range sources(t) {
		if f.test || !matches("app/service/**", f.dir) {
			continue
		}
		for _, decl := range f.ast.Decls {
			switch d := decl.(type) {
			case *ast.GenDecl:
				checkTypes(t, f, d)
			case *ast.FuncDecl:
				if d.Name.IsExported() && d.Type.Results != nil {
					for _, result := range d.Type.Results.List {
						checkNoPart(t, f, d.Name.Name, result.Type)
					}
				}
			}
		}
	}
}

func checkTypes(t *testing.T, f source, d *ast.GenDecl) {
	for _, spec := range d.Specs {
		typ, ok := spec.(*ast.TypeSpec)
		if !ok || !typ.Name.IsExported() || slices.Contains(exempt, typ.Name.Name) {
			continue
		}
		fields, ok := typ.Type.(*ast.StructType)
		if !ok {
			checkNoPart(t, f, typ.Name.Name, typ.Type)
			continue
		}
		for _, field := range fields.Fields.List {
			if len(field.Names) == 0 && isExported(field.Type) {
				t.Errorf("%s: %s embeds an exported type: name the field", f.name, typ.Name.Name)
			}
			if slices.ContainsFunc(field.Names, func(n *ast.Ident) bool { return n.IsExported() }) {
				checkNoPart(t, f, typ.Name.Name, field.Type)
			}
		}
	}
}

func isExported(embedded ast.Expr) bool {
	switch e := embedded.(type) {
	case *ast.StarExpr:
		return isExported(e.X)
	case *ast.SelectorExpr:
		return true
	case *ast.Ident:
		return e.IsExported()
	}
	return false
}

func checkNoPart(t *testing.T, f source, name string, typ ast.Expr) {
	ast.Inspect(typ, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if pkg, ok := sel.X.(*ast.Ident); ok && slices.Contains(parts, pkg.Name) {
				t.Errorf("%s: %s shows %s.%s to pages and API", f.name, name, pkg.Name, sel.Sel.Name)
			}
		}
		return true
	})
}
