package form

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestZ5_JSONErrorsNameThePlace(t *testing.T) {
	for text, want := range map[string]string{
		"[1]":                             "must be a JSON object",
		"{\n  \"a\": 1,\n  \"b\": tru\n}": "Line 3, column 11: ",
		"\n\n{\"a\": tru}":                "Line 3, column 10: ",
		"{\"a\": 1,}":                     "Line 1, column 8: ",
		"{\"a\": 1":                       "ends too early",
		"{\"a\": \"x":                     "ends too early",
		"{\"a\":1, \"a\":2}":              `Line 1, column 9: the name "a" is there twice`,
		"{} {}":                           "one object is enough",
		"{\"ü\": x}":                      "Line 1, column 7",
		"{\"a\": \"\xff\"}":               "not valid JSON",
		strings.Repeat(`{"a":`, 70) + "1" + strings.Repeat("}", 70): "nested more than 64",
	} {
		object, problem := JSONObject(text)
		require.Contains(t, problem, want, text)
		require.Nil(t, object)
	}
	object, problem := JSONObject(" \r\n")
	require.Nil(t, object)
	require.Empty(t, problem, "nothing is no object")
	object, problem = JSONObject("\r\n {\"a\": 1.10,\r\n \"b\": {}} \n")
	require.Empty(t, problem)
	require.Equal(t, "{\"a\": 1.10,\n \"b\": {}}", string(object), "numbers as they were typed")
}
