package schema_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/schema"
)

const order = `{"type":"object","required":["id","lines"],"properties":{
	"id":{"type":"integer"},"note":{"type":"string","maxLength":5},
	"lines":{"type":"array","items":{"$ref":"#/$defs/line"}}},
	"$defs":{"line":{"type":"object","required":["price"],"properties":{"price":{"type":"number","minimum":0}}}}}`

func TestZ4_FaultsSayWhere(t *testing.T) {
	s, err := schema.Compile([]byte(order))
	require.NoError(t, err)
	require.NoError(t, s.Check([]byte(`{"id":12345678901234567890123,"lines":[{"price":1.50}],"extra":null}`)))
	for data, want := range map[string][2]string{
		`{"lines":[]}`:                            {"id", "required"},
		`{"id":"1","lines":[]}`:                   {"id", "got string, want integer"},
		`{"id":1,"lines":[{"price":-1}]}`:         {"lines[0].price", "minimum"},
		`{"id":1,"lines":[{"price":1},{}]}`:       {"lines[1].price", "required"},
		`{"id":1,"lines":[],"note":"too long"}`:   {"note", "maxLength"},
		`{"id":1,"lines":{"<script>":"alert()"}}`: {"lines", "array"},
	} {
		var fault schema.Fault
		require.True(t, errors.As(s.Check([]byte(data)), &fault), data)
		require.Equal(t, want[0], fault.Path, data)
		require.Contains(t, fault.Reason, want[1], data)
	}
}

// trust.md: a schema from outside reaches neither files nor the network, and its
// size is bounded.
func TestZ4_HostileSchemasAreRefused(t *testing.T) {
	deep := strings.Repeat(`{"not":`, 100) + `true` + strings.Repeat(`}`, 100)
	many := `{"allOf":[` + strings.Repeat(`{"$ref":"#"},`, 300) + `true]}`
	for name, c := range map[string][2]string{
		"file":     {`{"$ref":"file:///etc/passwd"}`, "outside of itself"},
		"relative": {`{"$ref":"other.json"}`, "outside of itself"},
		"http":     {`{"$ref":"http://169.254.169.254/latest"}`, "outside of itself"},
		"meta":     {`{"$schema":"https://evil.example/meta"}`, "outside of itself"},
		"large":    {`{"description":"` + strings.Repeat("x", schema.MaxBytes) + `"}`, "64 KiB"},
		"deep":     {deep, "levels deep"},
		"many":     {many, "references"},
		"loop":     {`{"$ref":"#/$defs/no"}`, "$defs/no"},
		"no type":  {`{"type":"strnig"}`, "type"},
		"list":     {`[]`, "object"},
		"broken":   {`{`, "JSON"},
		"pattern":  {`{"pattern":"("}`, "pattern"},
	} {
		_, err := schema.Compile([]byte(c[0]))
		require.Error(t, err, name)
		require.Contains(t, err.Error(), c[1], name)
		require.NotContains(t, err.Error(), "schema.invalid/own", name)
	}
	_, err := schema.Compile([]byte(`{"$schema":"http://json-schema.org/draft-07/schema#","type":"object"}`))
	require.NoError(t, err, "the published meta-schemas are built in")
}

func TestCacheFollowsTheSource(t *testing.T) {
	var c schema.Cache
	for _, want := range []string{"integer", "string", "integer"} {
		s, err := c.Of("a.b", fmt.Appendf(nil, `{"properties":{"x":{"type":%q}}}`, want))
		require.NoError(t, err)
		require.Equal(t, want == "integer", s.Check([]byte(`{"x":1}`)) == nil)
	}
}

// Neither a schema nor the data that somebody else sends for it keeps a check
// busy for ever.
func TestZ4_AChecksStepsAreBounded(t *testing.T) {
	var dag strings.Builder
	for i := range 60 {
		fmt.Fprintf(&dag, `"a%d":{"allOf":[{"$ref":"#/$defs/a%d"},{"$ref":"#/$defs/a%d"}]},`, i, i+1, i+1)
	}
	deep := strings.Repeat(`{"a":`, 60) + "1" + strings.Repeat("}", 60)
	for name, c := range map[string][2]string{
		"references": {`{"$ref":"#/$defs/a0","$defs":{` + dag.String() + `"a60":{"type":"object"}}}`, `{}`},
		"recursion":  {`{"allOf":[{"properties":{"a":{"$ref":"#"}}},{"properties":{"a":{"$ref":"#"}}}]}`, deep},
		"draft 7":    {`{"$schema":"http://json-schema.org/draft-07/schema#","allOf":[{"properties":{"a":{"$ref":"#"}}},{"properties":{"a":{"$ref":"#"}}}]}`, deep},
	} {
		s, err := schema.Compile([]byte(c[0]))
		require.NoError(t, err, name)
		require.ErrorContains(t, s.Check([]byte(c[1])), "too long", name)
	}
	s, err := schema.Compile([]byte(`{"properties":{"a":{"items":{"type":"integer","minimum":0}}}}`))
	require.NoError(t, err)
	require.NoError(t, s.Check([]byte(`{"a":[`+strings.Repeat("1,", 400_000)+`1]}`)), "large data is no fault")
}

// Counting takes no format away.
func TestZ4_FormatsAreStillChecked(t *testing.T) {
	const draft7 = `{"$schema":"http://json-schema.org/draft-07/schema#","properties":{"at":{"format":"date-time"},"is":{"format":"regex"}}}`
	s, err := schema.Compile([]byte(draft7))
	require.NoError(t, err)
	require.NoError(t, s.Check([]byte(`{"at":"2026-05-01T09:00:00Z","is":"^a+$"}`)))
	require.ErrorContains(t, s.Check([]byte(`{"at":"yesterday"}`)), "date-time")
	require.ErrorContains(t, s.Check([]byte(`{"is":"("}`)), "regular expression")
}
