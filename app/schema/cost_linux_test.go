package schema_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/app/apptest/cpu"
	"hookline/app/schema"
)

func many(n int, format string) string {
	var out strings.Builder
	for i := range n {
		if i > 0 {
			out.WriteByte(',')
		}
		if strings.Contains(format, "%") {
			fmt.Fprintf(&out, format, i)
		} else {
			out.WriteString(format)
		}
	}
	return out.String()
}

// trust.md: holding data against a schema costs what its bytes allow, whatever the
// schema: it ends, or is refused, within a bound that is linear in the data.
func TestTrust_CheckingIsLinear(t *testing.T) {
	words, numbers := many(25_000, `"word %d"`), many(40_000, `1%06d`)
	objects := many(30_000, `{"a":%d}`)
	members := `{` + many(25_000, `"m%05d":1`) + `}`
	long := `"` + strings.Repeat("ab", 150_000) + `"`
	for name, c := range map[string][2]string{
		"enum of numbers":         {`{"items":{"enum":[` + many(1000, `9%05d.5`) + `]}}`, `[` + many(20_000, `8%05d.5`) + `]`},
		"enum of texts":           {`{"items":{"enum":[` + many(4000, `"wort %d"`) + `]}}`, `[` + words + `]`},
		"enum of objects":         {`{"items":{"enum":[` + many(3000, `{"a":-%d}`) + `]}}`, `[` + objects + `]`},
		"enum of a large list":    {`{"allOf":[` + many(1000, `{"enum":[[1,2,%d]]}`) + `]}`, `[` + numbers + `]`},
		"const of a large object": {`{"allOf":[` + many(2000, `{"not":{"const":{"a":%d}}}`) + `]}`, members},
		"unique numbers":          {`{"uniqueItems":true}`, `[` + numbers + `]`},
		"unique many times":       {`{"allOf":[` + many(3000, `{"uniqueItems":true}`) + `]}`, `[` + numbers + `]`},
		"unique objects":          {`{"uniqueItems":true}`, `[` + objects + `]`},
		"multiples":               {`{"items":{"multipleOf":0.` + strings.Repeat("0", 300) + `1}}`, `[` + many(2000, strings.Repeat("7", 390)) + `]`},
		"bounds":                  {`{"allOf":[` + many(1000, `{"items":{"minimum":-%d.5,"maximum":1e390}}`) + `]}`, `[` + numbers + `]`},
		"types":                   {`{"items":{"anyOf":[` + many(3000, `{"type":"string"}`) + `]}}`, `[` + numbers + `]`},
		"false":                   {`{"items":{"anyOf":[` + many(10_000, `false`) + `]}}`, `[` + numbers + `]`},
		"one of many":             {`{"items":{"oneOf":[` + many(2000, `{"required":["x%d"]}`) + `]}}`, `[` + objects + `]`},
		"required":                {`{"items":{"required":[` + many(6000, `"r%d"`) + `]}}`, `[` + objects + `]`},
		"dependent":               {`{"items":{"dependentRequired":{` + many(3000, `"a%d":["b"]`) + `}}}`, `[` + objects + `]`},
		"contains":                {`{"allOf":[` + many(1500, `{"contains":{"const":"x%d"}}`) + `]}`, `[` + numbers + `]`},
		"pattern":                 {`{"pattern":"^(a|b)*` + strings.Repeat("(ab|ba)*", 100) + `c$"}`, long},
		"patterns":                {`{"allOf":[` + many(800, `{"pattern":"b*c%d$"}`) + `]}`, long},
		"lookaheads":              {`{"pattern":"^` + strings.Repeat("(?!.*c)", 100) + `"}`, long},
		"names by pattern":        {`{"patternProperties":{` + many(800, `"x%d$":true`) + `}}`, members},
		"names":                   {`{"allOf":[` + many(1000, `{"propertyNames":{"minLength":%d}}`) + `]}`, members},
		"lengths":                 {`{"allOf":[` + many(2500, `{"maxLength":9%06d}`) + `]}`, long},
		"unevaluated":             {`{"allOf":[` + many(1000, `{"unevaluatedProperties":{"type":"object"}}`) + `]}`, members},
		"objects of no interest":  {`{"allOf":[` + many(4000, `{"minLength":1}`) + `]}`, members},
	} {
		s, err := schema.Compile([]byte(c[0]))
		require.NoError(t, err, name)
		bound := 200*time.Millisecond + time.Duration(len(c[1]))*5*time.Microsecond/2
		runtime.LockOSThread()
		start := cpu.Time()
		err = s.Check([]byte(c[1]))
		spent := cpu.Time() - start
		runtime.UnlockOSThread()
		t.Log(name, len(c[1]), spent, err != nil)
		require.Less(t, spent, bound*slower, name)
	}
}
