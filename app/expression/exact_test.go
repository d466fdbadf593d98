package expression_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/expression"
)

const numbers = `{"a": 12345678901234567890, "b": 12345678901234567891, "tenth": 0.1, "fifth": 0.2, "c": 1.1, "one": 1, "onep": 1.0, "onee": 1e0, "ten": 10e-1,
	"huge": 1e99999999, "tiny": 1e-99999999, "beyond": 1e99999999999999999999, "price": 19.90, "neg": -0, "list": [12345678901234567891, 12345678901234567890, 1.0, 1], "five": 5000.0, "id": 9007199254740993}`

// Promise 4: nothing passes through a float.
func TestPromise4_NumbersCompareAndAddExactly(t *testing.T) {
	for source, want := range map[string]string{
		`data.a == data.b`: `false`, `data.a < data.b`: `true`, `data.a != data.b`: `true`, `data.b - data.a`: `1`,
		`data.a + 1`: `12345678901234567891`, `data.a * 2`: `24691357802469135780`, `data.a == 12345678901234567890`: `true`, `data.a == 12345678901234567891`: `false`,
		`data.a > 12345678901234567889.5`: `true`, `data.a % 7 == data.b % 7`: `false`, `-data.a`: `-12345678901234567890`, `abs(-data.a)`: `12345678901234567890`,
		`data.tenth + data.fifth`: `0.3`, `data.tenth + data.fifth == 0.3`: `true`, `data.c * 3`: `3.3`, `data.price * 100`: `1990`, `data.id + 0`: `9007199254740993`,
		`data.id == 9007199254740992`: `false`, `data.one == data.onep`: `true`, `data.onep == data.onee`: `true`, `data.onee == data.ten`: `true`, `data.one == 1.0`: `true`,
		`data.neg == 0`: `true`, `data.five == 5000`: `true`, `1..data.onep`: `[1]`, `data.list[data.onep]`: `12345678901234567890`,
		`sort(data.list)`: `[1.0,1,12345678901234567890,12345678901234567891]`, `max(data.list)`: `12345678901234567891`, `min(data.a, data.b)`: `12345678901234567890`,
		`data.a in data.list`: `true`, `12345678901234567892 in data.list`: `false`, `data.list contains data.b`: `true`, `uniq(data.list)`: `[12345678901234567891,12345678901234567890,1.0]`,
		`sum(data.list)`: `24691357802469135783`, `sum([0.1, 0.2, 0.3])`: `0.6`, `reduce([0.1, 0.2], #acc + #)`: `0.3`, `sortBy(data.list, -#)[0]`: `12345678901234567891`,
		`round(2.675, 2)`: `2.68`, `round(1.005, 2)`: `1.01`, `round(-2.5)`: `-3`, `round(data.a / 7, 2)`: `1763668414462081127.14`, `floor(-2.5)`: `-3`, `ceil(data.c)`: `2`,
		`int("12345678901234567891")`: `12345678901234567891`, `int("19.90")`: `19`, `float("19.90") + 0.05`: `19.95`, `string(data.a + 1)`: `"12345678901234567891"`,
		`string(data.price)`: `"19.90"`, `"n: " + (data.tenth + data.fifth)`: `"n: 0.3"`, `toJSON([data.tenth + data.fifth])`: `"[0.3]"`,
		// A division that does not end has 34 digits.
		`1 / 3`: `0.3333333333333333333333333333333333`, `10 / 4`: `2.5`, `data.a / 2`: `6172839450617283945`, `7 / -1`: `-7`, `0 / 5`: `0`,
		`2 ** 64`: `18446744073709551616`, `2 ** -1`: `0.5`, `1.1 ** 2`: `1.21`, `4 ** 0.5`: `2`, `1_000.5 + .5`: `1001`,
		// Sizes are told, and equality too, however large the exponent.
		`data.huge > data.a`: `true`, `data.tiny > 0`: `true`, `data.tiny < data.tenth`: `true`, `data.huge == data.huge`: `true`, `data.huge == 5`: `false`,
		`data == data`: ``, `formatDate(1782207000.25, "SSS")`: `"250"`, `9223372036854775807 + 1`: `9223372036854775808`, `-9223372036854775808 - 1`: `-9223372036854775809`,
		`9223372036854775807 * -1`: `-9223372036854775807`, `{"a": data.a} == {"a": 12345678901234567890.0}`: `true`,
	} {
		if want == "" {
			continue
		}
		_, got, _ := eval(t, source, expression.Values{Data: []byte(numbers)})
		require.Equal(t, want, got, source)
	}
	for source, want := range map[string]string{
		`data.huge + 1`: "too large", `1 / data.tiny`: "too large", `data.beyond > 5`: "too large", `data.beyond == 5`: "too large", `1 / 0`: "divides by zero", `1.5 / 0.0`: "divides by zero",
		`5 % 0`: "divides by zero", `1.5 % 1`: "whole numbers", `10 ** 400`: "too large", `(-2) ** 0.5`: "not a number", `9 ** 9 ** 9 ** 9`: "too large", `1e500 > 1`: "",
	} {
		p, err := expression.Compile(source)
		require.NoError(t, err, source)
		if _, err = p.Eval(expression.NewEnv(expression.Values{Data: []byte(numbers)})); want != "" {
			require.ErrorContains(t, err, want, source)
		}
	}
}

// A comparison with a number that is too long ends at once, and its spelling is kept.
func TestPromise4_LongNumbers(t *testing.T) {
	long := strings.Repeat("7", 900_000)
	v := expression.Values{Data: []byte(`{"n": ` + long + `, "m": ` + long + `, "o": 7` + long[1:] + `.0}`)}
	_, got, _ := eval(t, `data.n`, v)
	require.Equal(t, long, got)
	_, got, _ = eval(t, `data.n == data.o`, v)
	require.Equal(t, "true", got)
	_, got, _ = eval(t, `data.n == 5`, v)
	require.Equal(t, "false", got)
	p, err := expression.Compile(`data.n > 5`)
	require.NoError(t, err)
	_, err = p.Eval(expression.NewEnv(v))
	require.ErrorContains(t, err, "too many digits")
}

// Numbers in a filter are shown as they were written.
func TestB5_ExplainShowsLongNumbers(t *testing.T) {
	f, err := expression.CompileFilter(`data.a == 12345678901234567892 and data.c == .5`)
	require.NoError(t, err)
	require.Equal(t, `data.a == 12345678901234567892 is not true: data.a is 12345678901234567890.`, f.Explain(expression.NewEnv(expression.Values{Data: []byte(numbers)})))
	f, err = expression.CompileFilter(`data.c == .5`)
	require.NoError(t, err)
	require.Equal(t, `data.c == 0.5 is not true: data.c is 1.1.`, f.Explain(expression.NewEnv(expression.Values{Data: []byte(numbers)})))
}
