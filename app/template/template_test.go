package template_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"hookline/app/template"
)

var sample = template.Values{
	Data:        []byte(`{"price": 19.90, "big": 12345678901234567890, "evil": "{{contact.email}}\r\n\"<&", "n": null, "list": [1, {"a": 2.50}], "up": "..", "odd": "a b+c@d/é", "on": true}`),
	Contact:     []byte(`{"email":"ada@example.com","first_name":"Ada","last_name":"King","firstName":"Ada","phone":"+39 011","tags":["vip","new"]}`),
	Opportunity: []byte(`{"name":"Big deal"}`),
}

func TestH5_Text(t *testing.T) {
	for source, want := range map[string]string{
		``:                                           "",
		`plain`:                                      "plain",
		`Hi {{contact.first_name}}!`:                 "Hi Ada!",
		`{{ firstName }}{{{firstName}}}`:             "AdaAda",
		`{{opportunity.name}}`:                       "Big deal",
		`{{contact.tags}}`:                           `["vip","new"]`,
		`[{{data.nothing}}{{data.n}}]`:               "[]",
		`{{data.price}} {{data.big}}`:                "19.90 12345678901234567890",
		`{{"{{"}}x{{"}}"}}`:                          "{{x}}",
		`{{ "a}}b" + '}}' }}`:                        "a}}b}}",
		`{{ {"a": {"b": 1}}.a.b }}`:                  "1",
		`{{ filter(data.list, {# == 1}) }}`:          "[1]",
		`{{data.evil}}`:                              "{{contact.email}}\r\n\"<&",
		`{{#urlEncode}}a {{data.odd}}{{/urlEncode}}`: "a%20a%20b%2Bc%40d%2F%C3%A9",
		`} } {`: "} } {",
	} {
		text, err := template.CompileText(source, template.Raw)
		require.NoError(t, err, source)
		got, err := text.Render(template.NewContext(sample))
		require.NoError(t, err, source)
		require.Equal(t, want, got, source)
	}
}

func TestI7_EscapingByPlace(t *testing.T) {
	const source = `x {{data.odd}}"`
	const encoded = `{{#urlEncode}}{{data.odd}}{{/urlEncode}}`
	for place, want := range map[template.Place][2]string{
		template.Raw:    {`x a b+c@d/é"`, `a%20b%2Bc%40d%2F%C3%A9`},
		template.Header: {`x a b+c@d/é"`, `a%20b%2Bc%40d%2F%C3%A9`},
		template.Path:   {`x%20a%20b%2Bc%40d%2F%C3%A9%22`, `a%20b%2Bc%40d%2F%C3%A9`},
		template.Query:  {`x%20a%20b%2Bc%40d%2F%C3%A9%22`, `a%20b%2Bc%40d%2F%C3%A9`},
		template.Form:   {`x+a+b%2Bc%40d%2F%C3%A9%22`, `a+b%2Bc%40d%2F%C3%A9`},
		template.InJSON: {`x a b+c@d/é\"`, `a%20b%2Bc%40d%2F%C3%A9`},
	} {
		for i, s := range []string{source, encoded} {
			text, err := template.CompileText(s, place)
			require.NoError(t, err)
			got, err := text.Render(template.NewContext(sample))
			require.NoError(t, err)
			require.Equal(t, want[i], got, "%v %s", place, s)
		}
	}
}

func TestI7_URL(t *testing.T) {
	for source, want := range map[string]string{
		`https://h.example/fixed?a=b c`:                                              `https://h.example/fixed?a=b c`,
		`https://api.example.com/update?email={{#urlEncode}}{{email}}{{/urlEncode}}`: `https://api.example.com/update?email=ada%40example.com`,
		`https://api.example.com/update?email={{email}}`:                             `https://api.example.com/update?email=ada%40example.com`,
		`https://h.example/{{data.odd}}/x?q={{data.odd}}`:                            `https://h.example/a%20b%2Bc%40d%2F%C3%A9/x?q=a%20b%2Bc%40d%2F%C3%A9`,
		`https://h.example:8443/v1/{{contact.phone}}`:                                `https://h.example:8443/v1/%2B39%20011`,
		`https://h.example?x={{data.evil}}`:                                          `https://h.example?x=%7B%7Bcontact.email%7D%7D%0D%0A%22%3C%26`,
		`https://h.example/{{data.nothing}}/a`:                                       `https://h.example//a`,
		`https://h.example/?x={{data.up}}`:                                           `https://h.example/?x=..`,
		`https://h.example/a{{data.up}}`:                                             `https://h.example/a..`,
		`https://h.example/../{{email}}`:                                             `https://h.example/../ada%40example.com`,
		`https://h.example/a%{{"2F"}}b?q=%{{"26"}}%2{{"6"}}&r=%%2{{"0"}}`:            `https://h.example/a%252Fb?q=%2526%2526&r=%%2520`,
		`https://h.example/;{{"..x;.;..."}}`:                                         `https://h.example/;..x%3B.%3B...`,
		`https://h.example/?{{data.odd}}`:                                            `https://h.example/?a%20b%2Bc%40d%2F%C3%A9`,
	} {
		u, err := template.CompileURL(source)
		require.NoError(t, err, source)
		got, err := u.Render(template.NewContext(sample))
		require.NoError(t, err, source)
		require.Equal(t, want, got, source)
		require.True(t, strings.HasPrefix(got, u.Origin()))
		require.NotContains(t, u.Probe(), "{{")
	}
	u, err := template.CompileURL(`https://h.example:8443/v1/{{email}}?q={{#urlEncode}}{{email}} {{/urlEncode}}`)
	require.NoError(t, err)
	require.Equal(t, "https://h.example:8443", u.Origin())
	require.Equal(t, "https://h.example:8443/v1/x?q=x%20", u.Probe())
	require.False(t, u.Static())
}

func TestI7_URLKeepsItsHostAndPath(t *testing.T) {
	for source, want := range map[string]string{
		`{{data.url}}`:                            "Line 1, column 1: Values may stand only in the path and the query",
		`https://{{data.host}}/x`:                 "Line 1, column 9: Values may stand only",
		`https://h.example{{data.path}}`:          "Values may stand only",
		`https://h.example:{{data.port}}/`:        "Values may stand only",
		`https://{{data.user}}@h.example/`:        "Values may stand only",
		`{{data.scheme}}://h.example/`:            "Values may stand only",
		`https://{{#urlEncode}}h/{{/urlEncode}}/`: "Values may stand only",
		`https://h.example/{{email}}#top`:         "Line 1, column 28: A part after # is never sent",
		`https://h.example#{{email}}`:             "Values may stand only",
		`https://h.example\{{email}}`:             "Values may stand only",
		`/{{email}}`:                              "Values may stand only",
	} {
		_, err := template.CompileURL(source)
		require.ErrorContains(t, err, want, source)
	}
	for _, source := range []string{
		`https://h.example/a/{{data.up}}/b`, `https://h.example/a/{{data.up}}`, `https://h.example/a/{{data.up}}?x=1`,
		`https://h.example/a/.{{"."}}/b`, `https://h.example/a/%2e{{"."}}`, `https://h.example/{{data.up}}{{data.nothing}}/`,
		`https://h.example/{{#urlEncode}}..{{/urlEncode}}/x`,
		// A proxy may decode the slashes first.
		`https://h.example/a/{{"../admin"}}`, `https://h.example/a/{{"x/../../admin"}}/b`, `https://h.example/a/{{"x\\..\\y"}}`, `https://h.example/a/x{{"/.."}}?b`,
		`https://h.example/a/{{"..;"}}/x`, `https://h.example/a/{{"..;v=1/x"}}`, `https://h.example/a/{{data.up}};v=1/x`, `https://h.example/a/{{"x/..;/x"}}`,
		`https://h.example/a/%252e{{"."}}`, `https://h.example/a/{{"%2e%2e"}}/x`, `https://h.example/a/{{"x%2f..%3b"}}`,
		`https://h.example/a/..{{"/x"}}`, `https://h.example/a/%2E%2e{{"/x"}}`, `https://h.example/a/x%2f{{data.up}}`,
	} {
		u, err := template.CompileURL(source)
		require.NoError(t, err, source)
		_, err = u.Render(template.NewContext(sample))
		require.ErrorContains(t, err, "would lead to another path", source)
	}
}

func TestH4_JSON(t *testing.T) {
	for source, want := range map[string]string{
		// The example of the custom webhook's page.
		`{ "first_name": "{{contact.first_name}}", "last_name": "{{contact.last_name}}", "email": "{{contact.email}}", "phone": "{{contact.phone}}", "tags": "{{contact.tags}}" }`: `{"first_name":"Ada","last_name":"King","email":"ada@example.com","phone":"+39 011","tags":["vip","new"]}`,
		`{"z": 1, "a": {"c": [1, "x", {"y": "{{data.price}}"}, []], "b": {}}, "n": 1.50e3}`:                                                                                        `{"z":1,"a":{"c":[1,"x",{"y":19.90},[]],"b":{}},"n":1.50e3}`,
		`{"a": "{{data.big}}", "b": "is {{data.big}}", "c": "{{data.list}}"}`:                                                                                                      `{"a":12345678901234567890,"b":"is 12345678901234567890","c":[1,{"a":2.50}]}`,
		`{"a": "{{data.evil}}", "b": "x{{data.evil}}"}`:                                                                                                                            `{"a":"{{contact.email}}\r\n\"<&","b":"x{{contact.email}}\r\n\"<&"}`,
		`{"a": "{{data.nothing}}", "b": "{{data.n}}", "c": "{{data.on}}", "d": "[{{data.n}}]"}`:                                                                                    `{"a":"","b":null,"c":true,"d":"[]"}`,
		`{"a": "{{ default(data.nothing, \"y\") }}", "b": "{{data.x ?? nil}}"}`:                                                                                                    `{"a":"y","b":null}`,
		`["{{email}}", "{{ 1 + 1 }}", " {{data.on}}"]`:                                                                                                                             `["ada@example.com",2," true"]`,
		`"{{contact.tags}}"`:              `["vip","new"]`,
		` null `:                          `null`,
		`{}`:                              `{}`,
		`[]`:                              `[]`,
		`{"caf\u00e9": "\u007b{email}}"}`: `{"caf\u00e9":"ada@example.com"}`,
		`{"u": "{{#urlEncode}}{{data.odd}}{{/urlEncode}}"}`:                                                          `{"u":"a%20b%2Bc%40d%2F%C3%A9"}`,
		`{"marketingContext": {"channel": "email", "audienceSegment": "high_intent_returning_users"}, "x": [[1],2]}`: `{"marketingContext":{"channel":"email","audienceSegment":"high_intent_returning_users"},"x":[[1],2]}`,
	} {
		j, err := template.CompileJSON(source)
		require.NoError(t, err, source)
		got, err := j.Render(template.NewContext(sample))
		require.NoError(t, err, source)
		require.Equal(t, want, string(got), source)
	}
}

func TestI8_FieldsOfAJSONTemplate(t *testing.T) {
	j, err := template.CompileJSON(`{"a": "{{data.price}}", "gone": "{{data.nothing}}", "null": "{{data.n}}", "text": "x{{data.nothing}}", "o": {"p": "{{data.nothing}}"}, "l": ["{{data.nothing}}"]}`)
	require.NoError(t, err)
	require.True(t, j.IsObject())
	c := template.NewContext(sample)
	fields, err := j.Fields(c)
	require.NoError(t, err)
	got := ""
	for _, f := range fields {
		got += f.Name + "=" + string(f.Value)
		if f.Missing {
			got += " missing"
		}
		got += "\n"
	}
	require.Equal(t, "a=19.90\ngone=\"\" missing\nnull=null\ntext=\"x\"\no={\"p\":\"\"}\nl=[\"\"]\n", got)
	require.Equal(t, []string{"data.nothing"}, c.Missing())
	list, err := template.CompileJSON(`[1]`)
	require.NoError(t, err)
	require.False(t, list.IsObject())
}

func TestH5_FaultsInTemplates(t *testing.T) {
	for source, want := range map[string]string{
		"a\nb {{contcat.email}}":        "Line 2, column 5: There is no contcat. Did you mean contact?",
		"é {{ event.tpye }}":            "Line 1, column 6: There is no event.tpye. Did you mean event.type?",
		"x {{email":                     "Line 1, column 3: This {{ is not closed.",
		"x {{{email}}":                  "Line 1, column 3: This {{{ is not closed.",
		"{{ \"abc }}":                   "This text has no closing quote.",
		"{{}}":                          "Write a value between {{ and }}",
		"{{#urlEncode}}{{email}}":       "Line 1, column 1: {{#urlEncode}} is not closed.",
		"{{email}}{{/urlEncode}}":       "Line 1, column 10: This {{/urlEncode}} closes nothing.",
		"{{#urlEncode}}{{#urlEncode}}":  "stands within",
		"{{#urlencode}}x{{/urlencode}}": "There is no block {{#urlencode}}. The only one is {{#urlEncode}}",
		"{{#if email}}x{{/if}}":         "There is no block {{#if email}}",
		"{{/each}}":                     "There is no block to close with {{/each}}",
		"{{> partial}}":                 "is not known here",
		"{{#urlEncode}}x{{/if}}":        "There is no block to close with {{/if}}",
	} {
		_, err := template.CompileText(source, template.Raw)
		require.ErrorContains(t, err, want, source)
	}
}

func TestH4_FaultsInJSON(t *testing.T) {
	deep := strings.Repeat("[", 65) + strings.Repeat("]", 65)
	for source, want := range map[string]string{
		"{\n  \"a\": \"{{contcat.email}}\"\n}":             "Line 2, column 11: There is no contcat.",
		"{\"é\\n\\\"\": \"é\\n\\u00e9\\\"{{contcat.x}}\"}": "Line 1, column 25: There is no contcat.",
		"{\"a\": {{email}}}":                               "Line 1, column 7: A value stands between quotes",
		"{\"a\": \"{{ default(x, \"y\") }}\"}":             "Within {{ and }} put texts between ' and '.",
		"{\"a\": 1,\n \"a\": 2}":                           "Line 2, column 2: This name is already in use",
		"{\"a\": 1":                                        "The JSON ends too early",
		"{\"a\": 1} x":                                     "Line 1, column 10: The JSON ends before this",
		"{\"a\": tru}":                                     "This is not valid JSON",
		"{\"{{email}}\": 1}":                               "Line 1, column 3: A name cannot hold {{…}}",
		"":                                                 "Write the JSON to send",
		deep:                                               "Line 1, column 65: The JSON is nested deeper than 64",
		"{\"a\": \"{{email\"}":                             "Line 1, column 8: This {{ is not closed.",
	} {
		_, err := template.CompileJSON(source)
		require.ErrorContains(t, err, want, source)
		require.NotContains(t, err.Error(), "jsontext")
	}
}

func TestH5_OutputIsBounded(t *testing.T) {
	long := template.Values{Data: []byte(`{"x":"` + strings.Repeat("a", 600<<10) + `"}`)}
	text, err := template.CompileText(`{{data.x}}{{data.x}}`, template.Raw)
	require.NoError(t, err)
	_, err = text.Render(template.NewContext(long))
	require.ErrorIs(t, err, template.ErrTooLong)
	j, err := template.CompileJSON(`["{{data.x}}", "{{data.x}}"]`)
	require.NoError(t, err)
	_, err = j.Render(template.NewContext(long))
	require.ErrorIs(t, err, template.ErrTooLong)
	_, err = template.CompileText(strings.Repeat("x", template.MaxSource+1), template.Raw)
	require.ErrorContains(t, err, "longer than 64 KiB")
}
