package schema_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/schema"
)

func withPattern(t *testing.T, pattern string) (*schema.Schema, error) {
	t.Helper()
	text, err := json.Marshal(pattern)
	require.NoError(t, err)
	return schema.Compile(fmt.Appendf(nil, `{"properties":{"p":{"type":"string","pattern":%s}}}`, text))
}

// Z4: the regular expressions of JSON Schema are ECMAScript's, as generators write them.
func TestZ4_PatternsOfECMAScript(t *testing.T) {
	for pattern, c := range map[string]struct{ fit, misfit []string }{
		`^(?!foo).*$`:               {[]string{"bar", "", "xfoo"}, []string{"foo", "foobar"}},
		`^(?=.*[A-Z])(?=.*\d).{8,}`: {[]string{"Passw0rdx"}, []string{"password1", "Passwordx", "P4x"}},
		`^(?!.*--)(?!-)[a-z-]+$`:    {[]string{"a-b"}, []string{"a--b", "-a"}},
		`^(?![)(])[a-z(]+$`:         {[]string{"a("}, []string{"(a"}},
		`^(?!a\)|b)c?`:              {[]string{"c", "a"}, []string{"a)", "b"}},
		`^(?=)$`:                    {[]string{""}, []string{"a"}},
		`^\u00e9\/\u{1F600}$`:       {[]string{"é/😀"}, []string{"e/"}},
		`^(?<year>\d{4})-(?:a|b)$`:  {[]string{"2026-a"}, []string{"2026-c"}},
		`a|b`:                       {[]string{"xbx"}, []string{"c"}},
	} {
		s, err := withPattern(t, pattern)
		require.NoError(t, err, pattern)
		for _, text := range c.fit {
			require.NoError(t, s.Check(fmt.Appendf(nil, `{"p":%q}`, text)), "%s of %s", text, pattern)
		}
		for _, text := range c.misfit {
			require.ErrorContains(t, s.Check(fmt.Appendf(nil, `{"p":%q}`, text)), "p: ", "%s of %s", text, pattern)
		}
	}
	for pattern, want := range map[string]string{
		`^a(?!b)`:                           "a lookahead in its middle",
		`^(?!a(?=b))`:                       "a lookahead in its middle",
		`(?!foo).*`:                         "write ^(?!foo).*",
		`^(?!foo)a|b`:                       "put the choice into (?:…)",
		`^(?!foo`:                           "not closed",
		`(?<=a)b`:                           "looks behind",
		`^(?<!a)b`:                          "looks behind",
		`(a)\1`:                             `\1, which is not possible here: write the group again`,
		`(?<x>a)\k<x>`:                      "write the group again",
		`(abcdefghijklmnopqrstuvwxyz){900}`: "too large",
		`a(`:                                "not valid at",
	} {
		for _, draft := range []string{"", `"$schema":"http://json-schema.org/draft-07/schema#",`} {
			text, err := json.Marshal(pattern)
			require.NoError(t, err)
			_, err = schema.Compile(fmt.Appendf(nil, `{%s"patternProperties":{%s:true}}`, draft, text))
			require.ErrorContains(t, err, want, pattern)
			_, err = schema.Compile(fmt.Appendf(nil, `{%s"pattern":%s}`, draft, text))
			require.ErrorContains(t, err, want, pattern)
			require.NotContains(t, err.Error(), "schema.invalid")
		}
	}
}
