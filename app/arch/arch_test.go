// Package arch holds the import rules of the house as a test.
package arch

import (
	"go/ast"
	"slices"
	"strings"
	"testing"
)

const module = "hookline"

// rule is what the packages of a folder may import of ours. A name that ends in
// /** means the folder and all below it.
type rule struct {
	dir string
	may []string
}

// rules: the first that matches counts. A package without a rule fails the test.
var rules = []rule{
	{"models", nil},
	{"migrations", nil},
	{"static", nil},
	{"views/**", []string{"models", "static", "views/**"}},
	{"app/config", nil},
	{"app/egress/hostile", nil},
	{"app/egress", nil},
	{"app/output", nil},
	{"app/mail", []string{"models"}},
	{"app/secret", []string{"models"}},
	{"app/policy", []string{"models"}},
	{"app/schema", []string{"models", "app/decimal", "app/regex"}},
	{"app/decimal", nil},
	{"app/regex", nil},
	{"app/expression", []string{"app/decimal", "app/regex"}},
	{"app/template", []string{"app/expression"}},
	{"app/preset", []string{"models"}},
	{"app/snippet", []string{"models"}},
	{"app/deliver", []string{"models", "app/secret", "app/egress", "app/expression", "app/template"}},
	{"app/store/storetest", []string{"models", "app/store"}},
	{"app/store", []string{"models", "migrations"}},
	{"app/capture", []string{"models", "app/egress", "app/ratelimit", "app/secret", "app/store"}},
	{"app/ratelimit", nil},
	{"app/service/account", []string{"models", "app/policy", "app/ratelimit", "app/secret", "app/store"}},
	{"app/service", []string{"models", "app/service/account", "app/ratelimit", "app/capture", "app/expression", "app/policy", "app/preset", "app/schema", "app/secret", "app/snippet", "app/store", "app/template", "app/deliver", "app/egress"}},
	{"jobs", []string{"models", "app/deliver"}},
	// The doors before the router hand requests to the bin themselves.
	{"app/web/receive", []string{"models", "app/capture", "app/web/mw", "app/web/rawhead"}},
	{"app/web", []string{"models", "static", "views/**", "app/capture", "app/policy", "app/service/**", "app/web/**"}},
	{"app/web/**", []string{"models", "static", "views/**", "app/policy", "app/service/**", "app/web/**"}},
	{"app/demo", []string{"models", "jobs", "app/**"}},
	{"app", []string{"models", "migrations", "static", "views/**", "jobs", "app/**"}},
	// The command line is a third door beside pages and API: it calls the same service.
	{"app/cli", []string{"models", "app", "app/config", "app/demo", "app/output", "app/service"}},
	{"app/bench", []string{"app/apptest/pgtest"}},
	{"app/apptest/**", []string{"models", "jobs", "app/**"}},
	{"app/browsertest", []string{"models", "app/**"}},
	{"app/crashtest", []string{"models", "app/**"}},
	{"app/arch", nil},
	{".", []string{"app/cli"}},
}

// homes are the libraries that live in one place only.
var homes = []struct {
	library string
	homes   []string
	why     string
}{
	{"gorm.io/", []string{"app/store"}, "only the store knows the ORM"},
	{"github.com/labstack/echo", []string{"app/web/**"}, "only the web layer knows echo"},
	{"github.com/gorilla/", []string{"app/web/**"}, "sessions are the web layer's"},
	{"github.com/danielgtaylor/huma", []string{"app/web/**"}, "only the API knows huma"},
	{"github.com/robfig/cron", []string{"jobs"}, "the clock's entries are in one list"},
	{"github.com/santhosh-tekuri/jsonschema", []string{"app/schema"}, "schemas are read in one place, which keeps them from reaching out"},
	{"github.com/expr-lang/", []string{"app/expression"}, "one language, bounded in one place"},
	{"github.com/cockroachdb/apd", []string{"app/decimal"}, "numbers are computed with, and bounded, in one place"},
	{"github.com/valyala/fasthttp", []string{"app/bench"}, "it knows no target guard: it is the benchmark's generator and receiver alone"},
	{"golang.org/x/oauth2", []string{"app/deliver"}, "access tokens are fetched in one place"},
	{"github.com/wneessen/go-mail", []string{"app/mail"}, "mail goes out in one place"},
	{"net/smtp", []string{"app/mail"}, "mail goes out in one place"},
	{"github.com/tink-crypto/", []string{"app/secret"}, "sealing has one home"},
	{"github.com/mattn/go-sqlite3", []string{"app/store", "app/bench"}, "only the store opens databases; the benchmark seeds one"},
	{"github.com/jackc/pgx", []string{"app/store", "app/bench", "app/apptest/**"}, "only the store opens databases"},
}

// modelsMustNot keeps the domain pure.
var modelsMustNot = []string{"net/http", "os", "io", "net", "database/sql", "context"}

func TestImports(t *testing.T) {
	for _, f := range sources(t) {
		r, ok := ruleOf(f.dir)
		if !ok {
			t.Errorf("%s has no import rule: add one to app/arch", f.dir)
			continue
		}
		for _, imp := range f.imports {
			checkImport(t, f, r, imp)
		}
	}
}

func checkImport(t *testing.T, f source, r rule, imp string) {
	t.Helper()
	if ours, ok := strings.CutPrefix(imp, module+"/"); ok {
		// Tests assemble the real thing, so only their direction is free.
		if !f.test && ours != f.dir && !slices.ContainsFunc(r.may, func(m string) bool { return matches(m, ours) }) {
			t.Errorf("%s imports %s, which %s may not", f.name, ours, r.dir)
		}
		return
	}
	for _, h := range homes {
		if strings.HasPrefix(imp, h.library) && !f.test && !slices.ContainsFunc(h.homes, func(m string) bool { return matches(m, f.dir) }) {
			t.Errorf("%s imports %s: %s", f.name, imp, h.why)
		}
	}
	if f.dir == "models" && !f.test && slices.Contains(modelsMustNot, imp) {
		t.Errorf("%s imports %s: the domain does no I/O", f.name, imp)
	}
}

// HTTP clients have one home (trust.md): whatever sends a request to a URL that a
// person can set goes through the guard.
func TestOneHTTPClient(t *testing.T) {
	clients := []string{"Client", "Transport", "Get", "Post", "PostForm", "Head", "DefaultClient", "DefaultTransport", "NewRequest", "NewRequestWithContext"}
	for _, f := range sources(t) {
		if f.test || matches("app/egress/**", f.dir) || matches("app/bench", f.dir) || matches("app/apptest/**", f.dir) {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if pkg, ok := sel.X.(*ast.Ident); ok && pkg.Name == "http" && slices.Contains(clients, sel.Sel.Name) {
				t.Errorf("%s uses http.%s: app/egress has the one client", f.name, sel.Sel.Name)
			}
			return true
		})
	}
}

// The process's output has one home: a writer beside app/output's queue waits for
// a reader that may never come.
func TestOneOutput(t *testing.T) {
	direct := map[string][]string{
		"os": {"Stdout", "Stderr"}, "fmt": {"Print", "Printf", "Println"},
		"log": {"Print", "Printf", "Println", "Fatal", "Fatalf", "Fatalln", "Panic", "Panicf", "Panicln", "Default"},
	}
	for _, f := range sources(t) {
		if f.test || matches("app/cli", f.dir) || matches("app/bench", f.dir) || matches("app/apptest/**", f.dir) {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if pkg, ok := sel.X.(*ast.Ident); ok && slices.Contains(direct[pkg.Name], sel.Sel.Name) {
				t.Errorf("%s uses %s.%s: write to the logger, or to the writer that app/cli gives", f.name, pkg.Name, sel.Sel.Name)
			}
			return true
		})
	}
}

// A clock in the domain would make its rules untestable.
func TestModelsHaveNoClock(t *testing.T) {
	for _, f := range sources(t) {
		if f.dir != "models" || f.test {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok {
				if pkg, ok := sel.X.(*ast.Ident); ok && pkg.Name == "time" && (sel.Sel.Name == "Now" || sel.Sel.Name == "Since") {
					t.Errorf("%s reads the clock", f.name)
				}
			}
			return true
		})
	}
}

func ruleOf(dir string) (rule, bool) {
	for _, r := range rules {
		if matches(r.dir, dir) {
			return r, true
		}
	}
	return rule{}, false
}

func matches(pattern, dir string) bool {
	if base, ok := strings.CutSuffix(pattern, "/**"); ok {
		return dir == base || strings.HasPrefix(dir, base+"/")
	}
	return dir == pattern
}
