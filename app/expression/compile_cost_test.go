package expression_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/app/apptest/cpu"
	"hookline/app/expression"
)

// sources of n repetitions that compile, or are refused: what once cost more than in
// proportion to their length.
var sources = map[string]func(n int) string{
	"members":     func(n int) string { return "data" + strings.Repeat(".a", n) },
	"optional":    func(n int) string { return "data" + strings.Repeat("?.a", n) },
	"items":       func(n int) string { return "data" + strings.Repeat("[0]", n) },
	"of a call":   func(n int) string { return "first(data.l)" + strings.Repeat(".a", n) + " == 1" },
	"of brackets": func(n int) string { return strings.Repeat("(first(data.l)", 60) + strings.Repeat(".a)", 60) },
	"pipes":       func(n int) string { return "data.l" + strings.Repeat(" | first() .a", n) },
	"conditions":  func(n int) string { return strings.Repeat("data.abcdef == 1 and ", n) + "true" },
	"sums":        func(n int) string { return strings.Repeat("data.a + ", n) + "1 == 2" },
	"names":       func(n int) string { return strings.Repeat(strings.Repeat("x", 60)+" + ", n) + "1 == 2" },
	"variables":   func(n int) string { return strings.Repeat("let a = 1; ", n/2) + strings.Repeat("a + ", n/2) + "1 == 2" },
	"accents":     func(n int) string { return strings.Repeat(`data.é == "é" and `, n) + "true" },
	"hyphens":     func(n int) string { return strings.Repeat("data.a-b-c == 1 and ", n) + "true" },
	"hyphen run":  func(n int) string { return "data.a" + strings.Repeat("-b", n) + " == 1" },
	"minuses":     func(n int) string { return "data.a" + strings.Repeat("-1", n) + " == 1" },
	"numbers":     func(n int) string { return strings.Repeat("1234567890.5 + ", n) + "1 == 2" },
	"long number": func(n int) string { return "data.a == 1" + strings.Repeat("0", 10*n) },
	"lists":       func(n int) string { return "data.a in [" + strings.Repeat(`"a", `, n) + "1]" },
	"predicates":  func(n int) string { return strings.Repeat("any(data.l, .a == 1) or ", n/3) + "false" },
	"choices":     func(n int) string { return strings.Repeat("data.a ? 1 : ", n/2) + "1 == 1" },
	"slices":      func(n int) string { return "data.l" + strings.Repeat("[1:]", n) + " == 1" },
	"quotes":      func(n int) string { return `data.a == "` + strings.Repeat(`\"`, 10*n) + `"` },
}

// trust.md: compiling costs what its length allows, whatever the source: a bound that
// is linear in its bytes, in time of the processor.
func TestTrust_CompilingIsLinear(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for name, of := range sources {
		for _, n := range []int{50, 600, 2500} {
			source := of(n)
			bound := 2*time.Millisecond + time.Duration(len(source))*4*time.Microsecond
			least := time.Hour
			for range 5 {
				start := cpu.Time()
				f, err := expression.CompileFilter(source)
				if least = min(least, cpu.Time()-start); err == nil {
					require.NotNil(t, f)
				}
				if least < bound {
					break
				}
			}
			require.Less(t, least, bound*slower, "%s × %d, %d bytes", name, n, len(source))
		}
	}
}

// A path is as long as data is deep, and no longer.
func TestTrust_PathsAreBounded(t *testing.T) {
	for _, path := range []string{".a", "[0]", `["a b"]`, "?.a"} {
		for n, fits := range map[int]bool{64: true, 65: false, 400: false} {
			_, err := expression.Compile("data" + strings.Repeat(path, n))
			require.Equal(t, fits, err == nil, fmt.Sprint(path, n, err))
			if !fits {
				require.ErrorContains(t, err, "more than 64 members")
			}
		}
	}
}
