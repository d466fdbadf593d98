package template_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"hookline/app/template"
)

// hostile are values as a publisher could send them.
var hostile = []string{
	``, `..`, `.`, `/`, `//evil.example`, `?a=b&c=d#e`, `%2e%2e%2f`, "a\r\nX-Evil: 1", `{{contact.email}}`, `"},{"x":"`, `\`, `\u0022`, "\x00\x7f",
	`é😀`, "\u2028", `<script>`, `@evil.example`, `:80`, `a b+c@d/é`, "\xff\xfe",
}

func dataOf(value string) template.Values {
	text, _ := json.Marshal(value)
	return template.Values{Data: []byte(`{"x":` + string(text) + `}`)}
}

// FuzzURL: whatever the value, scheme, host, number of path parts, and names in the
// query stay; and what arrives is the value.
func FuzzURL(f *testing.F) {
	u, err := template.CompileURL(`https://h.example:8443/a/{{data.x}}/b?q={{data.x}}&r={{#urlEncode}}{{data.x}}{{/urlEncode}}`)
	require.NoError(f, err)
	for _, value := range hostile {
		f.Add(value)
	}
	f.Fuzz(func(t *testing.T, value string) {
		got, err := u.Render(template.NewContext(dataOf(value)))
		if err != nil {
			require.Contains(t, err.Error(), "would lead to another path")
			return
		}
		parsed, err := url.Parse(got)
		require.NoError(t, err)
		require.Equal(t, "https://h.example:8443", parsed.Scheme+"://"+parsed.Host)
		require.Nil(t, parsed.User)
		require.Empty(t, parsed.Fragment)
		require.Len(t, strings.Split(parsed.EscapedPath(), "/"), 4)
		require.Len(t, parsed.Query(), 2)
		if text := jsonRound(t, value); text != "" {
			require.Equal(t, text, parsed.Query().Get("q"))
			require.Equal(t, text, parsed.Query().Get("r"))
		}
	})
}

func jsonRound(t *testing.T, value string) string {
	t.Helper()
	raw, err := json.Marshal(value)
	require.NoError(t, err)
	var text string
	require.NoError(t, json.Unmarshal(raw, &text))
	return text
}

// FuzzJSONValue: whatever the value, the JSON keeps its shape and the text arrives.
func FuzzJSONValue(f *testing.F) {
	whole, err := template.CompileJSON(`{"a":"{{data.x}}","b":["{{data.x}}!"],"c":1}`)
	require.NoError(f, err)
	inside, err := template.CompileText(`{{data.x}}`, template.InJSON)
	require.NoError(f, err)
	for _, value := range hostile {
		f.Add(value)
	}
	f.Fuzz(func(t *testing.T, value string) {
		text := jsonRound(t, value)
		got, err := whole.Render(template.NewContext(dataOf(value)))
		require.NoError(t, err)
		var decoded map[string]any
		require.NoError(t, json.Unmarshal(got, &decoded), "%s", got)
		require.Equal(t, map[string]any{"a": text, "b": []any{text + "!"}, "c": 1.0}, decoded)
		part, err := inside.Render(template.NewContext(dataOf(value)))
		require.NoError(t, err)
		var again string
		require.NoError(t, json.Unmarshal([]byte(`"`+part+`"`), &again))
		require.Equal(t, text, again)
	})
}

// FuzzForm: whatever the value, a form has the same fields.
func FuzzForm(f *testing.F) {
	form, err := template.CompileText(`{{data.x}}`, template.Form)
	require.NoError(f, err)
	query, err := template.CompileText(`{{data.x}}`, template.Query)
	require.NoError(f, err)
	for _, value := range hostile {
		f.Add(value)
	}
	f.Fuzz(func(t *testing.T, value string) {
		for _, place := range []*template.Text{form, query} {
			got, err := place.Render(template.NewContext(dataOf(value)))
			require.NoError(t, err)
			fields, err := url.ParseQuery("a=" + got + "&b=1")
			require.NoError(t, err)
			require.Equal(t, url.Values{"a": {jsonRound(t, value)}, "b": {"1"}}, fields)
		}
	})
}

// FuzzScan: whatever the template, no panic; a fault has its place within the source.
func FuzzScan(f *testing.F) {
	for _, source := range []string{
		`a {{data.x}} b`, `{{{data.x}}}`, `{{"{{"}}`, `{{#urlEncode}}{{data.x}}{{/urlEncode}}`, `{{`, `}}`, `{{{`, `{{ {"a": {}} }}`, `{{'}}'}}`, `{{"`, "{{`}}`}}",
		`{{#if}}`, `{{/}}`, `{{#}}`, `{{é}}`, `{"a": "{{data.x}}"}`, `["\"{{data.x}}\u00e9"]`, `{"a": {{x}}}`, `{"a":"{{"}`, `https://h.example/{{data.x}}`, `https://{{data.x}}/`, "{\"\xff\": 1}",
	} {
		f.Add(source)
	}
	f.Fuzz(func(t *testing.T, source string) {
		c := template.NewContext(dataOf("v"))
		text, err := template.CompileText(source, template.Raw)
		placed(t, source, err)
		if err == nil {
			_, _ = text.Render(c)
		}
		u, err := template.CompileURL(source)
		placed(t, source, err)
		if err == nil {
			_ = u.Probe()
			_, _ = u.Render(c)
		}
		j, err := template.CompileJSON(source)
		placed(t, source, err)
		if err != nil {
			return
		}
		if got, err := j.Render(c); err == nil {
			require.True(t, json.Valid(got), "%s gave %s", source, got)
		}
		_, _ = j.Fields(c)
	})
}

func placed(t *testing.T, source string, err error) {
	t.Helper()
	if err == nil {
		return
	}
	var fault *template.Fault
	require.ErrorAs(t, err, &fault)
	require.LessOrEqual(t, fault.Offset, len(source))
	require.NotContains(t, fault.Message, "jsontext")
}
