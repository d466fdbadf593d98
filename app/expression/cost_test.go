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

// dense are events of 0.9 MB that are as much work as so many bytes can be.
func dense() map[string]string {
	var members strings.Builder
	for i := range 90_000 {
		fmt.Fprintf(&members, `"%05d":0,`, i)
	}
	return map[string]string{
		"texts":   `{"l":["` + strings.Repeat(`a","`, 225_000) + `"]}`,
		"numbers": `{"l":[` + strings.Repeat(`1,`, 450_000) + `1]}`,
		"lists":   `{"l":[` + strings.Repeat(`[],`, 300_000) + `1]}`,
		"objects": `{"l":[` + strings.Repeat(`{"a":1},`, 112_000) + `{}]}`,
		"nested":  `{"l":` + strings.Repeat(`{"a":`, 5000) + `[` + strings.Repeat(`1,`, 400_000) + `1]` + strings.Repeat(`}`, 5000) + `}`,
		"members": `{"l":{` + members.String() + `"b":1}}`,
		"root":    `{` + members.String() + `"b":1}`,
		"escaped": `{"l":1,"long":"` + strings.Repeat(`\n`, 450_000) + `"}`,
		"digits":  `{"l":1,"n":` + strings.Repeat(`1`, 900_000) + `,"long":"` + strings.Repeat("1", 100_000) + `"}`,
	}
}

// costs are filters that were much more work than they counted, among others.
var costs = map[string]string{
	"lengths":       strings.Repeat(`len(data.l) == 7 or `, 100) + `false`,
	"values":        `len(values(data.l)) == 9 or len(keys(data.l)) == 9`,
	"equal":         `data.l == data.l and false`,
	"last":          strings.Repeat(`data.l[-1] == 7 or `, 30) + `false`,
	"deep":          "data.l" + strings.Repeat(".a", 60) + " == 1",
	"items":         `count(data.l, .a == 7) > 5000000`,
	"long texts":    strings.Repeat(`data.long == "x" or `, 100) + `false`,
	"trimmed":       `trim(data.long, data.long + "é") == "x"`,
	"parsed":        `let x = data.long; any(1..10000, (int(x) ?? 1) == 7)`,
	"long numbers":  `let x = data.n; any(1..10000, x > 7) and any(1..10000, x < 7)`,
	"signs":         `any(1..10000, any(1..10000, ` + strings.Repeat("-", 200) + `1 == 5))`,
	"too long":      strings.Repeat("map([1,1,1,1,1,1,1,1], ", 8) + "data.long" + strings.Repeat(")", 8) + ` | toJSON() == "x"`,
	"too long text": `data.long + string([data.long, data.long]) == "x"`,
}

// A filter's count is about its cost: none of these, over any of these
// events, takes more time of the processor than a few times its budget of 20 ms.
func TestB5_AFilterCostsWhatItCounts(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	events := dense()
	for name, source := range costs {
		f, err := expression.CompileFilter(source)
		require.NoError(t, err, name)
		for shape, data := range events {
			least := time.Hour
			for range 3 {
				env := expression.NewEnv(expression.Values{Data: []byte(data)})
				start := cpu.Time()
				_, _ = f.Match(env)
				if least = min(least, cpu.Time()-start); least < 20*time.Millisecond {
					break
				}
			}
			require.Less(t, least, 100*time.Millisecond*slower, "%s of %s", name, shape)
		}
	}
}

// Data that one filter could not pay for reading is not missing for the next.
func TestB5_UnreadIsNotMissing(t *testing.T) {
	env := expression.NewEnv(expression.Values{Data: []byte(dense()["root"])})
	heavy, err := expression.CompileFilter(`len(map(1..10000, map(1..10000, # * 2))) == 1 or data.b == 2`)
	require.NoError(t, err)
	light, err := expression.CompileFilter(`data.b == 1`)
	require.NoError(t, err)
	for _, budget := range []float64{1, 0.05, 0.3} {
		_, err = heavy.MatchWithin(env, budget)
		require.Error(t, err)
		_, err = light.MatchWithin(env, 0.05)
		require.Error(t, err, "reading costs more than that")
		require.True(t, env.Exhausted())
	}
	is, err := light.Match(env)
	require.NoError(t, err)
	require.True(t, is)
}

// Reading is paid for once, and by nobody as far as it has a budget of its own.
func TestB5_FiltersReadAnEventOnce(t *testing.T) {
	for shape, source := range map[string]string{"root": `data.b == 1`, "members": `data.l.b == 1`} {
		env := expression.NewEnv(expression.Values{Data: []byte(dense()[shape])})
		env.AllowReading(1)
		left := 1.0
		for i := range 60 {
			f, err := expression.CompileFilter(source)
			require.NoError(t, err)
			is, err := f.MatchWithin(env, 0.1)
			require.NoError(t, err)
			require.True(t, is)
			require.Less(t, env.Spent(), 0.1)
			if i > 0 {
				require.Equal(t, left, env.ReadingLeft())
			}
			left = env.ReadingLeft()
		}
		require.Less(t, left, 0.9)
	}
}
