package schema_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/schema"
)

// trust.md: digits and exponents are bounded before a number is looked at.
func TestTrust_NumbersOfDataAreBounded(t *testing.T) {
	for source, reason := range map[string]string{
		`{"properties":{"n":{"maximum":5}}}`: "", `{"properties":{"n":{"type":"integer"}}}`: "", `{"properties":{"n":{"enum":[1]}}}`: "", `{"properties":{"n":{"multipleOf":0.1}}}`: "", `{}`: "",
	} {
		s, err := schema.Compile([]byte(source))
		require.NoError(t, err)
		for number, want := range map[string]string{
			`1e-99999999`: "too large", `1e99999999`: "too large", `-1e99999999999999999999`: "too large", strings.Repeat("7", 900_000): "too many digits", `0.` + strings.Repeat("0", 900_000) + `1`: "too large",
		} {
			err := s.Check([]byte(`{"n":` + number + `}`))
			require.ErrorContains(t, err, "n: ", source)
			require.ErrorContains(t, err, want)
			err = s.Check([]byte(`{"l":[1,{"x":[` + number + `]}]}`))
			require.ErrorContains(t, err, "l[1].x[0]: this number", reason)
		}
	}
	for _, source := range []string{`{"maximum":1e-99999999}`, `{"enum":[1,` + strings.Repeat("7", 1000) + `]}`, `{"multipleOf":1e-5000}`, `{"const":{"a":[1e500]}}`, `{"minLength":1e600}`} {
		_, err := schema.Compile([]byte(source))
		require.ErrorContains(t, err, "this number", source)
	}
}

// Z4: values are compared by what they are worth, however they are spelled.
func TestZ4_EqualValues(t *testing.T) {
	for source, c := range map[string]struct{ fit, misfit []string }{
		`{"enum":[1,"a",[1.0,{"b":2,"a":1}],12345678901234567891,null]}`: {
			[]string{`1.0`, `10e-1`, `"a"`, `[1,{"a":1.0,"b":2e0}]`, `12345678901234567891.0`, `null`}, []string{`2`, `"1"`, `[1]`, `12345678901234567890`, `false`, `{}`, `[]`, `[1,{"a":1,"b":3}]`},
		},
		`{"const":{"a":[]}}`:               {[]string{`{"a":[]}`}, []string{`{"a":{}}`, `{}`, `{"a":[],"b":1}`, `"a"`}},
		`{"const":null}`:                   {[]string{`null`}, []string{`0`, `""`}},
		`{"uniqueItems":true}`:             {[]string{`[1,"1",[1],{"a":1},12345678901234567890,12345678901234567891]`, `{}`}, []string{`[1,1.0]`, `[{"a":1,"b":2},{"b":2,"a":1.0}]`, `[0,-0]`}},
		`{"type":"integer"}`:               {[]string{`5000.0`, `1e3`, `12345678901234567890`, `-0`}, []string{`0.5`, `1e-3`, `"1"`}},
		`{"type":["null","array"]}`:        {[]string{`null`, `[]`}, []string{`{}`, `true`}},
		`{"properties":{"a":false}}`:       {[]string{`{}`, `{"b":1}`}, []string{`{"a":1}`}},
		`{"items":true}`:                   {[]string{`[1]`}, nil},
		`{"multipleOf":0.01}`:              {[]string{`19.90`, `12345678901234567890.01`}, []string{`0.001`}},
		`{"maximum":12345678901234567890}`: {[]string{`12345678901234567890.0`}, []string{`12345678901234567890.1`, `12345678901234567891`}},
		`{"unevaluatedProperties":false,"properties":{"a":true}}`: {[]string{`{"a":1}`}, []string{`{"b":1}`}},
		`{"enum":[""]}`: {[]string{`""`}, []string{`"x"`, `0`}},
		`{"enum":[]}`:   {nil, []string{`1`, `null`}},
	} {
		s, err := schema.Compile([]byte(source))
		require.NoError(t, err, source)
		for _, data := range c.fit {
			require.NoError(t, s.Check([]byte(data)), "%s of %s", data, source)
		}
		for _, data := range c.misfit {
			require.Error(t, s.Check([]byte(data)), "%s of %s", data, source)
		}
	}
}

// A fault is short, whatever the data and the schema are.
func TestZ4_FaultsAreShort(t *testing.T) {
	s, err := schema.Compile([]byte(`{"pattern":"^a$","additionalProperties":false}`))
	require.NoError(t, err)
	for _, data := range []string{`"` + strings.Repeat("x", 500_000) + `"`, `{"` + strings.Repeat("y", 500_000) + `":1}`} {
		err := s.Check([]byte(data))
		require.Error(t, err)
		require.Less(t, len(err.Error()), 500)
	}
}
