package expression_test

import (
	"encoding/json"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"hookline/app/apptest/cpu"
	"hookline/app/expression"
)

// large is 1 MiB of data: 10,000 items, and long texts.
func large() expression.Values {
	var items strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&items, `{"n": %d, "name": "item number %d"},`, i, i)
	}
	items.WriteString("{}")
	return expression.Values{Data: []byte(`{"items": [` + items.String() + `], "long": "` + strings.Repeat("ab", 250_000) + `", "n": 1}`)}
}

// An expression that would take long or much memory ends soon, with a sentence. The work is
// counted, so the outcome never depends on how busy the machine is; how long it takes
// is measured in time of the processor.
func TestH5_HangAndMemoryCasesEnd(t *testing.T) {
	doubling := "let a = [data.long]; " // a list whose JSON would be 2^30 texts
	for i := range 30 {
		doubling += fmt.Sprintf("let %c%c = [%[3]s, %[3]s]; ", 'b'+i/20, 'a'+i%20, map[bool]string{true: "a", false: fmt.Sprintf("%c%c", 'b'+(i-1)/20, 'a'+(i-1)%20)}[i == 0])
	}
	v := large()
	for name, source := range map[string]string{
		"nested loops":       `map(1..10000, map(1..10000, map(1..10000, # * 2)))`,
		"loops over data":    `filter(data.items, any(data.items, .name == "nobody"))`,
		"large range":        `1..100000000`,
		"range with vars":    `map(0..9999, 0..9999)`,
		"text doubling":      `reduce(1..100, #acc + #acc, "xxxxxxxxxxxxxxxx")`,
		"list doubling":      `reduce(1..100, concat(#acc, #acc), [1])`,
		"json doubling":      doubling + `bj`,
		"text of doubling":   doubling + `string(bj)`,
		"equal doubling":     doubling + `bj == concat(bj)`,
		"replace grows":      `replace(data.long, "a", data.long)`,
		"big matches":        `data.long matches "(.*a){20}x"`,
		"matches in a loop":  `map(data.items, data.long matches "(a|b)*c")`,
		"contains in a loop": `map(data.items, data.long contains "abababababc")`,
		"split in a loop":    `map(data.items, split(data.long, ""))`,
		"join":               `join(map(data.items, data.long), data.long)`,
		"uniq":               `uniq(data.items)`,
		"sort":               `map(data.items, sortBy(data.items, .name, "desc"))`,
		"upper":              `map(data.items, upper(data.long))`,
		"encode":             `map(data.items, toBase64(urlEncode(data.long)))`,
		"decode":             `map(data.items, fromJSON(toJSON(data.items)))`,
		"dates":              `map(data.items, formatDate(.n, "YYYY-MM-DD", "Europe/Berlin"))`,
		"slices":             `map(data.items, data.long[1:100])`,
		"len":                `map(data.items, len(data.long))`,
		"power tower":        `map(1..10000, map(1..10000, 9 ** 9 ** 9))`,
		"paths":              `map(data.items, data.items[9999].name)`,
		"variables":          `map(data.items, {let x = data.items; x[9000:9999]})`,
		"minimum":            `map(data.items, min(map(data.items, .n)))`,
		"equality":           `map(data.items, data.items == map(data.items, #))`,
	} {
		t.Run(name, func(t *testing.T) {
			p, err := expression.Compile(source)
			require.NoError(t, err)
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			least := time.Hour
			for range 5 {
				start := cpu.Time()
				value, err := p.Eval(expression.NewEnv(v))
				if err == nil {
					_, err = value.AppendJSON(nil)
				}
				least = min(least, cpu.Time()-start)
				require.Error(t, err)
			}
			t.Log(least)
			require.Less(t, least, 50*time.Millisecond*slower)
		})
	}
}

func TestH5_SourcesAreBounded(t *testing.T) {
	for name, source := range map[string]string{
		"long":       strings.Repeat("1 + ", 20_000) + "1",
		"many parts": strings.Repeat("1+", 3000) + "1",
		"brackets":   strings.Repeat("(", 30_000) + "1" + strings.Repeat(")", 30_000),
		"lists":      strings.Repeat("[", 30_000),
		"negations":  strings.Repeat("!", 60_000) + "true",
		"nots":       strings.Repeat("not ", 15_000) + "true",
		"choices":    strings.Repeat("true ? 1 : ", 5_000) + "1",
		"lets":       strings.Repeat("let x = 1; ", 5_000) + "1",
		"predicates": strings.Repeat("map([1], ", 5_000),
		"members":    "data" + strings.Repeat(".a", 30_000),
		"pattern":    `data.x matches "` + strings.Repeat("(a{100}){10}", 50) + `"`,
		"patterns":   strings.Repeat(`data.x matches "a{400}" and `, 10) + "true",
		"not utf-8":  "\"\xff\"",
	} {
		start := time.Now()
		_, err := expression.Compile(source)
		t.Log(name, time.Since(start))
		var fault *expression.Fault
		require.ErrorAs(t, err, &fault, name)
	}
}

// FuzzCompileAndEval: whatever the source, no panic; and what was rendered is JSON.
func FuzzCompileAndEval(f *testing.F) {
	for _, source := range []string{`data.price`, `filter(data.items, .price > 10)`, `let x = 1; x ?? "é"`, `{"a": [1..3]}`, `data.items[-1:].x`, `1 matches "a"`, `#`, `a?.b[0]`, `$env`, `.x`, `::map([1], #)`, "`raw`", `if a { b } else { c }`, `data | get("x")`, `sum(data, #)`, `map(a, {let x = #; x})`} {
		f.Add(source)
	}
	f.Fuzz(func(t *testing.T, source string) {
		if filter, err := expression.CompileFilter(source); err == nil {
			env := expression.NewEnv(sample)
			_, _ = filter.Match(env)
			_ = filter.Explain(env)
		}
		p, err := expression.Compile(source)
		if err != nil {
			require.NotContains(t, err.Error(), "\n | ")
			return
		}
		value, err := p.Eval(expression.NewEnv(sample))
		if err != nil {
			return
		}
		raw, err := value.AppendJSON(nil)
		require.NoError(t, err)
		require.True(t, validJSON(raw), "%s gave %s", source, raw)
	})
}

// FuzzScanner: whatever the data, no panic, and nothing that does not end.
func FuzzScanner(f *testing.F) {
	for _, data := range []string{`{"a": [1, {"b": "x\""}]}`, `{`, `{"`, `{"a"`, `{"a":`, `{"a":,`, `[1,,2]`, `"\`, `}`, `]`, `{"a":]`, `nul`, `-`} {
		f.Add([]byte(data))
	}
	p, err := expression.Compile(`[data.a.b, data.a[1].b, data[0], data["x"][-1], map(values(data), #), len(data), toJSON(data.a)]`)
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, data []byte) {
		value, err := p.Eval(expression.NewEnv(expression.Values{Data: data}))
		if err == nil {
			_, _ = value.AppendJSON(nil)
		}
	})
}

// BenchmarkWork is what the whole budget costs, at its dearest.
func BenchmarkWork(b *testing.B) {
	p, err := expression.Compile(`map(1..10000, map(1..10000, "x" + string(#)))`)
	require.NoError(b, err)
	for b.Loop() {
		if _, err := p.Eval(expression.NewEnv(expression.Values{})); err == nil {
			b.Fatal("it should be too much")
		}
	}
}

func validJSON(raw []byte) bool { return json.Valid(raw) }
