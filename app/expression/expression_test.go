package expression_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"hookline/app/expression"
)

var sample = expression.Values{
	Event:   []byte(`{"id":"evt_1","type":"release.published","occurred_at":"2026-06-23T09:30:00Z"}`),
	Data:    []byte(`{ "price": 19.90, "big": 12345678901234567890, "count": 3, "name": "Ada", "a b": "spaced", "none": null, "on": true, "items": [{"sku": "a", "price": 19.90, "n": 1}, {"sku": "b", "price": 5, "n": 2}], "deep": {"list": [[1, 2], [3]]}, "json": "{\"x\": [1.50]}", "esc": "tab\t\u00e9\"" }`),
	Contact: []byte(`{"email":"ada@example.com","firstName":"Ada","tags":["vip","new"],"address":{"city":"Turin"},"data":"shadowed"}`),
	Params:  []byte(`{"campaign":"spring"}`),
}

func eval(t *testing.T, source string, v expression.Values) (text, json string, missing []string) {
	t.Helper()
	p, err := expression.Compile(source)
	require.NoError(t, err, source)
	env := expression.NewEnv(v)
	value, err := p.Eval(env)
	require.NoError(t, err, source)
	out, err := value.AppendText(nil)
	require.NoError(t, err)
	raw, err := value.AppendJSON(nil)
	require.NoError(t, err)
	return string(out), string(raw), env.Missing()
}

func TestH5_Values(t *testing.T) {
	for source, want := range map[string]string{
		// Paths keep their exact bytes.
		`data.price`:            `19.90`,
		`data.big`:              `12345678901234567890`,
		`data["a b"]`:           `"spaced"`,
		`data.items[0]`:         `{"sku":"a","price":19.90,"n":1}`,
		`data.items[-1].sku`:    `"b"`,
		`data.deep.list[0][1]`:  `2`,
		`data.esc`:              `"tab\t\u00e9\""`,
		`data.none`:             `null`,
		`contact.tags`:          `["vip","new"]`,
		`contact.tags[0]`:       `"vip"`,
		`email`:                 `"ada@example.com"`,
		`address.city`:          `"Turin"`,
		`params.campaign`:       `"spring"`,
		`event.type`:            `"release.published"`,
		`data.nothing`:          `""`,
		`data.nothing.more[3]`:  `""`,
		`data.name.more`:        `""`,
		`data.items[9].sku`:     `""`,
		`opportunity.name`:      `""`,
		`data?.nothing?.at.all`: `""`,
		// Copies through expressions keep theirs too.
		`filter(data.items, .price > 10)`:                      `[{"sku":"a","price":19.90,"n":1}]`,
		`map(data.items, .price)`:                              `[19.90,5]`,
		`data.on ? data.price : 0`:                             `19.90`,
		`{"p": data.price, "b": data.big}`:                     `{"p":19.90,"b":12345678901234567890}`,
		`fromJSON(data.json).x`:                                `[1.50]`,
		`toJSON(data.items[1])`:                                `"{\"sku\":\"b\",\"price\":5,\"n\":2}"`,
		`let x = data.price; [x, x]`:                           `[19.90,19.90]`,
		`data.items | filter(.n == 2) | map(.sku)`:             `["b"]`,
		`sortBy(data.items, .price) | map(.sku)`:               `["b","a"]`,
		`sortBy(data.items, .n, "desc") | map(.sku)`:           `["b","a"]`,
		`sum(data.items, .n)`:                                  `3`,
		`reduce(data.items, #acc + .n, 10)`:                    `13`,
		`find(data.items, .n == 2).sku`:                        `"b"`,
		`findIndex(data.items, .n == 2)`:                       `1`,
		`count(data.items, .n > 1)`:                            `1`,
		`map(1..3, # * #index)`:                                `[0,2,6]`,
		`map(data.deep.list, map(#, # + 1))`:                   `[[2,3],[4]]`,
		`data.items[data.count - 2].sku`:                       `"b"`,
		`data.nothing ?? "x"`:                                  `"x"`,
		`data.none ?? "x"`:                                     `"x"`,
		`default(data.nothing, "y")`:                           `"y"`,
		`"Hello " + firstName + "!"`:                           `"Hello Ada!"`,
		`"n: " + data.count`:                                   `"n: 3"`,
		`"n: " + data.nothing`:                                 `"n: "`,
		`data.nothing + 1`:                                     `""`,
		`data.count + 1`:                                       `4`,
		`7 / 2`:                                                `3.5`,
		`6 / 2`:                                                `3`,
		`7 % 4`:                                                `3`,
		`2 ** 10`:                                              `1024`,
		`9223372036854775807 + 1`:                              `9223372036854775808`,
		`-data.count`:                                          `-3`,
		`0.1 + 0.2`:                                            `0.3`,
		`data.big > 5`:                                         `true`,
		`data.big == data.big`:                                 `true`,
		`data.price == 19.9`:                                   `true`,
		`data.nothing > 5`:                                     `false`,
		`data.nothing == nil`:                                  `true`,
		`data.nothing and true`:                                `false`,
		`not data.nothing`:                                     `true`,
		`"vip" in contact.tags`:                                `true`,
		`contact.tags contains "vip"`:                          `true`,
		`"email" in contact`:                                   `true`,
		`contact.email endsWith "@example.com"`:                `true`,
		`contact.email matches "^[a-z]+@"`:                     `true`,
		`contact.email not matches "^[a-z]+@"`:                 `false`,
		`event.type startsWith "release."`:                     `true`,
		`contact.email[0:3]`:                                   `"ada"`,
		`contact.tags[1:]`:                                     `["new"]`,
		`data.items[0] == {"n": 1, "price": 19.9, "sku": "a"}`: `true`,
		`len(contact.tags)`:                                    `2`,
		`len("é")`:                                             `1`,
		`split("a,b", ",")`:                                    `["a","b"]`,
		`urlEncode("a b+c@d/é")`:                               `"a%20b%2Bc%40d%2F%C3%A9"`,
		`round(3.14159, 2)`:                                    `3.14`,
		`int("42") + 1`:                                        `43`,
		`formatDate(event.occurred_at, "DD.MM.YYYY HH:mm [Uhr]", "Europe/Berlin")`: `"23.06.2026 11:30 Uhr"`,
		`formatDate(1782207000, "YYYY-MM-DD")`:                                     `"2026-06-23"`,
		`unixTime("2026-06-23T09:30:00Z")`:                                         `1782207000`,
		`uniq([1, 1, 2])`:                                                          `[1,2]`,
		`if data.on { "a" } else { "b" }`:                                          `"a"`,
		`max(map(data.items, .price))`:                                             `19.90`,
		`min(3, 1, 2)`:                                                             `1`,
		`keys(contact)[0]`:                                                         `"email"`,
		`10 > data.count > 2`:                                                      `true`,
	} {
		t.Run(source, func(t *testing.T) {
			_, json, _ := eval(t, source, sample)
			require.Equal(t, want, json)
		})
	}
}

func TestH5_TextOfValues(t *testing.T) {
	for source, want := range map[string]string{
		`data.price`: "19.90", `data.esc`: "tab\té\"", `data.none`: "", `data.nothing`: "", `data.on`: "true",
		`contact.tags`: `["vip","new"]`, `data.items[1]`: `{"sku":"b","price":5,"n":2}`, `1 + 1`: "2", `nil`: "", `"x"`: "x",
	} {
		text, _, _ := eval(t, source, sample)
		require.Equal(t, want, text, source)
	}
}

func TestH5_MissingIsNoted(t *testing.T) {
	for source, want := range map[string][]string{
		`data.nothing`:                       {"data.nothing"},
		`phone`:                              {"phone"},
		`data.items[7].sku`:                  {"data.items[7].sku"},
		`data["x y"].z`:                      {`data["x y"].z`},
		`data.a + data.b + data.a`:           {"data.a", "data.b"},
		`upper(contact.phone)`:               {"contact.phone"},
		`map(data.items, .colour)`:           {".colour"},
		`data.none`:                          nil,
		`data.nothing ?? "x"`:                nil,
		`default(data.nothing, data.nought)`: {"data.nought"},
		`data?.nothing`:                      nil,
		`data.nothing == nil`:                nil,
	} {
		_, _, missing := eval(t, source, sample)
		require.Equal(t, want, missing, source)
	}
}

func TestH5_Faults(t *testing.T) {
	for source, want := range map[string]string{
		`contcat.email`:                "Line 1, column 1: There is no contcat. Did you mean contact?",
		`event.tpye`:                   "Line 1, column 1: There is no event.tpye. Did you mean event.type?",
		"1 +\n  uper(data.x)":          "Line 2, column 3: There is no function uper. Did you mean upper?",
		`toUpperCase(data.x)`:          "Line 1, column 1: There is no function toUpperCase. Did you mean upper?",
		`now()`:                        "There is no function now. There are ",
		`repeat("x", 100)`:             "There is no function repeat",
		`contact.email.upper()`:        "Write the function first",
		`data.x = 1`:                   "Line 1, column 8: To compare, write == with two signs.",
		`data.x +`:                     "Line 1, column 9: The expression ends too early",
		`"abc`:                         "This text has no closing quote.",
		`first name`:                   "name does not fit here.",
		`upper()`:                      "upper takes one value: upper(text).",
		``:                             "Write an expression here",
		`data.x ~ 1`:                   "This character has no meaning here.",
		`data.x matches data.y`:        "Write the pattern as a text",
		`data.x matches "("`:           "This pattern is not valid: missing closing ).",
		`data.x matches "(x{900}){9}"`: "This pattern is",
		`formatDate(data.x, "QQ")`:     "stands for nothing in a format",
		`formatDate(data.x, "YYYY", "Mars/Base")`: "There is no time zone Mars/Base.",
		`formatDate(data.x, "YYYY", data.zone)`:   "Write the zone as a text",
		`1; 2`:                                    "One expression can stand here",
		`b"bytes"`:                                "This cannot be used here.",
		`#.x`:                                     "",
	} {
		_, err := expression.Compile(source)
		require.Error(t, err, source)
		var fault *expression.Fault
		require.ErrorAs(t, err, &fault)
		require.Contains(t, err.Error(), want, source)
		require.NotContains(t, err.Error(), "\n", source)
	}
}

func TestH5_RuntimeFaultsNameThePlace(t *testing.T) {
	for source, want := range map[string]string{
		`data.name > 5`:           "Line 1, column 11: Text cannot be compared with a number",
		`1 / 0`:                   "This divides by zero.",
		`data.name * 2`:           "* needs numbers",
		`filter(data.name, true)`: "Filter needs a list, and this is text.",
		`data.name ? 1 : 2`:       "This is text, where true or false is needed",
		`1..100000000`:            ".. gives up to 10000 numbers",
		`10.0 ** 400`:             "This number is too large:",
		`fromJSON("{")`:           "This text is not JSON.",
	} {
		p, err := expression.Compile(source)
		require.NoError(t, err, source)
		_, err = p.Eval(expression.NewEnv(sample))
		require.ErrorContains(t, err, want, source)
	}
}

func TestB5_Filters(t *testing.T) {
	for source, want := range map[string]string{
		`data.count == 3`:                        "",
		`data.count > 5`:                         "data.count > 5 is not true: data.count is 3.",
		`data.count == 3 and data.name == "Bob"`: `data.name == "Bob" is not true: data.name is "Ada".`,
		`data.nothing`:                           "data.nothing is not true: data.nothing is missing.",
		`any(data.items, .price > 10)`:           "",
	} {
		f, err := expression.CompileFilter(source)
		require.NoError(t, err, source)
		env := expression.NewEnv(sample)
		is, err := f.Match(env)
		require.NoError(t, err, source)
		require.Equal(t, want == "", is, source)
		require.Equal(t, want, f.Explain(env))
		require.Empty(t, env.Missing())
	}
	for source, want := range map[string]string{
		`data.count + 1`: "A filter is true or false, and this is a number.",
		`"x"`:            "this is text",
		`upper(data.x)`:  "this is text",
		`evnt.type == 1`: "Did you mean event?",
	} {
		_, err := expression.CompileFilter(source)
		require.ErrorContains(t, err, want)
	}
	f, err := expression.CompileFilter(`data.name`)
	require.NoError(t, err)
	_, err = f.Match(expression.NewEnv(sample))
	require.ErrorContains(t, err, "true or false is needed")
}
