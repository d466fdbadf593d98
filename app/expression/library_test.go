package expression_test

import (
	"encoding/json"
	"testing"

	"github.com/expr-lang/expr"
	"github.com/stretchr/testify/require"
	"hookline/app/expression"
)

// The language is expr-lang's: where its own machine gives a value, ours gives the same.
func TestH5_AgreesWithTheLibrary(t *testing.T) {
	const data = `{"n": 7, "f": 2.5, "s": "Ada King", "t": true, "list": [3, 1, 2], "items": [{"n": 1, "s": "a"}, {"n": 2, "s": "b"}], "o": {"a": {"b": 1}}}`
	for _, source := range []string{
		`1 + 2 * 3 - 4 / 2`, `data.n % 4`, `2 ** 3 ** 2`, `-data.n + 1`, `(1 + 2) * 3`, `data.f * 2`, `0x1F + 1_000`,
		`data.n > 5 and data.f < 3`, `not (data.n == 7)`, `!data.t || data.n >= 7`, `data.s == "Ada King"`, `1 < data.n <= 7`,
		`data.n > 5 ? "big" : "small"`, `if data.t { 1 } else { 2 }`, `data.x ?? "none"`, `data.o?.a?.b`, `data.o["a"].b`,
		`data.s contains "King"`, `data.s startsWith "Ada"`, `data.s endsWith "x"`, `data.s matches "^A.a"`, `data.s not contains "z"`,
		`3 in data.list`, `"a" in data.o`, `9 not in data.list`, `data.list[0]`, `data.list[-1]`, `data.list[1:]`, `data.list[:-1]`, `data.s[0:3]`,
		`1..4`, `map(data.list, # * 2)`, `filter(data.list, # > 1)`, `map(filter(data.items, .n > 1), .s)`, `all(data.list, # > 0)`, `any(data.list, # > 2)`,
		`none(data.list, # > 5)`, `one(data.list, # == 2)`, `count(data.list, # > 1)`, `find(data.items, .n == 2).s`, `findIndex(data.list, # == 1)`,
		`sum(data.list)`, `sum(data.items, .n)`, `reduce(data.list, #acc + #)`, `reduce(data.list, #acc + #, 10)`, `map(data.list, #index)`,
		`sortBy(data.items, .n, "desc") | map(.s)`, `let x = data.n; x * x`, `let x = 1; let y = x + 1; [x, y]`, `{"a": 1, b: [data.n]}`,
		`upper(data.s)`, `lower(data.s)`, `trim("  x ")`, `trim("xxax", "x")`, `trimPrefix(data.s, "Ada ")`, `trimSuffix("a.txt", ".txt")`,
		`split("a,b", ",")`, `join(["a", "b"], "-")`, `replace("a-b-c", "-", "+")`, `len(data.list)`, `len(data.s)`, `first(data.list)`, `last(data.list)`,
		`min(3, 1)`, `max(data.list)`, `abs(-3)`, `floor(2.7)`, `ceil(2.2)`, `round(2.5)`, `int("42")`, `float("2.5")`, `string(data.n)`,
		`sort(data.list)`, `reverse(data.list)`, `uniq([1, 1, 2])`, `concat([1], [2, 3])`, `toBase64("ada")`, `fromBase64("YWRh")`,
		`data.list | map(# + 1) | filter(# > 2) | len()`, `"a" + "b"`, `[1, 2] == [1, 2]`, `data.o == {"a": {"b": 1}}`, `"é" < "z"`, "`raw\\n`", `"\u00e9\t"`,
	} {
		var decoded any
		require.NoError(t, json.Unmarshal([]byte(data), &decoded))
		program, err := expr.Compile(source, expr.AllowUndefinedVariables())
		require.NoError(t, err, source)
		theirs, err := expr.Run(program, map[string]any{"data": whole(decoded)})
		require.NoError(t, err, source)
		want, err := json.Marshal(theirs)
		require.NoError(t, err)
		_, got, _ := eval(t, source, expression.Values{Data: []byte(data)})
		require.JSONEq(t, string(want), got, source)
	}
}

// whole makes numbers without a fraction int, as the library likes them.
func whole(v any) any {
	switch v := v.(type) {
	case float64:
		if v == float64(int(v)) {
			return int(v)
		}
	case []any:
		for i := range v {
			v[i] = whole(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = whole(v[k])
		}
	}
	return v
}

// Every example of the palette works, and gives what it says.
func TestH5_FunctionsAreDocumented(t *testing.T) {
	for _, f := range expression.Functions() {
		require.NotEmpty(t, f.Signature, f.Name)
		require.NotEmpty(t, f.Sentence, f.Name)
		text, _, missing := eval(t, f.Example, expression.Values{})
		require.NotEmpty(t, text, f.Name)
		require.Empty(t, missing)
	}
	require.Len(t, expression.Roots(), 11)
}
