package decimal_test

import (
	"math/big"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"hookline/app/decimal"
)

func parse(t require.TestingT, text string) *decimal.Number {
	require.True(t, decimal.Valid(text), text)
	d, err := decimal.Parse(text)
	require.NoError(t, err, text)
	return d
}

func text(d *decimal.Number) string { return string(d.Append(nil)) }

// Promise 4: numbers are not floats. What math/big says of them is so.
func TestPromise4_NumbersAreExact(t *testing.T) {
	number := rapid.StringMatching(`-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?`)
	operations := map[string]func(a, b *decimal.Number) (*decimal.Number, error){"+": decimal.Add, "-": decimal.Sub, "*": decimal.Mul}
	rats := map[string]func(z, x, y *big.Rat) *big.Rat{"+": (*big.Rat).Add, "-": (*big.Rat).Sub, "*": (*big.Rat).Mul}
	rapid.Check(t, func(t *rapid.T) {
		a, b := number.Draw(t, "a"), number.Draw(t, "b")
		x, _ := new(big.Rat).SetString(a)
		y, _ := new(big.Rat).SetString(b)
		require.Equal(t, x.Cmp(y), decimal.Compare(parse(t, a), parse(t, b)))
		require.Equal(t, x.IsInt(), parse(t, a).IsInteger())
		keyA, err := decimal.Key(a)
		require.NoError(t, err)
		keyB, err := decimal.Key(b)
		require.NoError(t, err)
		require.Equal(t, x.Cmp(y) == 0, keyA == keyB)
		for op, do := range operations {
			made, err := do(parse(t, a), parse(t, b))
			require.NoError(t, err)
			got, ok := new(big.Rat).SetString(text(made))
			require.True(t, ok, text(made))
			require.Zero(t, rats[op](new(big.Rat), x, y).Cmp(got), "%s %s %s is not %s", a, op, b, text(made))
		}
	})
}

func TestPromise4_Spelling(t *testing.T) {
	for in, want := range map[string]string{
		"0": "0", "-0": "0", "-0.00": "0", "0e9": "0", "1.50": "1.5", "100": "100", "1e3": "1000", "1E-2": "0.01", "1e-6": "0.000001", "1e-7": "1e-7",
		"12345678901234567890": "12345678901234567890", "1e39": "1" + strings.Repeat("0", 39), "1e40": "1e+40", ".5": "0.5", "5.": "5", "+7": "7", "007": "7",
		"1e999999": "1e+999999",
	} {
		require.Equal(t, want, text(parse(t, in)), in)
	}
	for _, no := range []string{"", "-", ".", "e5", "1e", "1e+", "1.2.3", "0x1", "inf", "NaN", "1_0", " 1", "--1", "1 "} {
		require.False(t, decimal.Valid(no), no)
	}
}

func TestPromise4_DivisionAndPowers(t *testing.T) {
	for _, c := range []struct {
		do         func(a, b *decimal.Number) (*decimal.Number, error)
		a, b, want string
	}{
		{decimal.Div, "1", "8", "0.125"},
		{decimal.Div, "2", "3", "0." + strings.Repeat("6", 33) + "7"},
		{decimal.Rem, "12345678901234567891", "10", "1"},
		{decimal.Rem, "-7", "4", "-3"},
		{decimal.Pow, "2", "100", "1267650600228229401496703205376"},
		{decimal.Pow, "1.1", "2", "1.21"},
		{decimal.Pow, "-1", "9223372036854775807", "-1"},
		{decimal.Pow, "0", "0", "1"},
		{decimal.Pow, "2", "-1", "0.5"},
		{decimal.Pow, "2", "0.5", "1.4142135623730951"},
	} {
		made, err := c.do(parse(t, c.a), parse(t, c.b))
		require.NoError(t, err)
		require.Equal(t, c.want, text(made))
	}
	_, err := decimal.Div(parse(t, "1"), parse(t, "0.0"))
	require.ErrorIs(t, err, decimal.ErrDivision)
	_, err = decimal.Pow(parse(t, "-2"), parse(t, "0.5"))
	require.ErrorContains(t, err, "not a number")
}

// Numbers outside of the bounds are refused before they are computed.
func TestTrust_NumbersAreBounded(t *testing.T) {
	_, err := decimal.Parse(strings.Repeat("1", 900_000))
	require.ErrorIs(t, err, decimal.ErrLong)
	_, err = decimal.Parse("1e99999999999999999999")
	require.ErrorIs(t, err, decimal.ErrLarge)
	_, err = decimal.Key("1e-99999999999")
	require.ErrorIs(t, err, decimal.ErrLarge)
	huge, tiny, nine := parse(t, "1e99999999"), parse(t, "1e-99999999"), parse(t, "9")
	require.Equal(t, 1, decimal.Compare(huge, nine), "sizes are told all the same")
	require.Equal(t, -1, decimal.Compare(tiny, nine))
	require.Equal(t, 1, decimal.Compare(huge, tiny))
	for _, do := range []func(a, b *decimal.Number) (*decimal.Number, error){decimal.Add, decimal.Sub, decimal.Mul, decimal.Div, decimal.Rem, decimal.Pow} {
		for _, n := range []*decimal.Number{huge, tiny} {
			_, err := do(nine, n)
			require.Error(t, err)
			_, err = do(n, nine)
			require.Error(t, err)
		}
	}
	_, err = huge.Round(2, decimal.Nearest)
	require.ErrorIs(t, err, decimal.ErrLarge)
	_, err = decimal.Pow(nine, parse(t, "387420489"))
	require.ErrorIs(t, err, decimal.ErrLarge)
}

func TestRounding(t *testing.T) {
	for _, c := range []struct {
		n      string
		digits int
		how    decimal.Rounding
		want   string
	}{
		{"2.675", 2, decimal.Nearest, "2.68"}, {"-2.5", 0, decimal.Nearest, "-3"}, {"2.5", 0, decimal.Cut, "2"}, {"-2.5", 0, decimal.Down, "-3"},
		{"2.1", 0, decimal.Up, "3"}, {"1.005", 2, decimal.Nearest, "1.01"}, {"7", 2, decimal.Nearest, "7"}, {"0.4", 0, decimal.Nearest, "0"},
	} {
		made, err := parse(t, c.n).Round(c.digits, c.how)
		require.NoError(t, err)
		require.Equal(t, c.want, text(made))
	}
	require.Equal(t, "2.5", text(parse(t, "-2.5").Abs()))
}

func BenchmarkAdd(b *testing.B) {
	for b.Loop() {
		x, _ := decimal.Parse("19.90")
		y, _ := decimal.Parse("1234.56")
		_, _ = decimal.Add(x, y)
	}
}

func BenchmarkLong(b *testing.B) {
	x, y := strings.Repeat("7", 400), strings.Repeat("3", 400)
	for b.Loop() {
		x, _ := decimal.Parse(x)
		y, _ := decimal.Parse(y)
		_, _ = decimal.Div(x, y)
	}
}
