package models

import (
	"crypto/sha256"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCanonicalJSON_IsOneSpellingForAll(t *testing.T) {
	for name, same := range map[string][]string{
		"white space":     {`{"a":1,"b":[1,2]}`, ` { "a" : 1 ,` + "\r\n\t" + `"b" : [ 1 , 2 ] } `},
		"order":           {`{"a":{"x":1,"y":2},"b":2}`, `{"b":2,"a":{"y":2,"x":1}}`},
		"whole numbers":   {`[100]`, `[1e2]`, `[1E+2]`, `[100.0]`, `[100.00e0]`, `[10000e-2]`, `[1e0002]`, `[0.1e3]`},
		"fractions":       {`[0.5]`, `[5e-1]`, `[0.50]`, `[50e-2]`, `[0.05E1]`},
		"zero":            {`[0]`, `[-0]`, `[0.00]`, `[0e99]`, `[-0.0e-7]`},
		"negative":        {`[-1.5]`, `[-15e-1]`, `[-1.50]`},
		"huge power":      {`[1e999999999999999999999]`, `[1.0E+999999999999999999999]`},
		"texts":           {`{"é":"a/b\n"}`, `{"\u00e9":"\u0061\/b\u000a"}`},
		"number in texts": {`{"1.0":"1.0"}`, `{ "1.0" : "1.0" }`},
	} {
		for _, text := range same {
			require.Equal(t, string(canonicalJSON(json.RawMessage(same[0]))), string(canonicalJSON(json.RawMessage(text))), "%s: %s", name, text)
		}
	}
	seen := map[string]string{}
	for _, text := range []string{
		`[1,2]`, `[2,1]`, `["1"]`, `[1]`, `[12]`, `[10]`, `[-1]`, `[true]`, `[null]`, `[]`, `{}`, `[[]]`, `{"a":1}`, `{"a":"1"}`, `{"A":1}`,
		`[9007199254740993]`, `[9007199254740992]`, `[0.1]`, `[0.10000000000000001]`, `[1e400]`, `[1e401]`, `[1e999999999999999999998]`, `[1e-999999999999999999999]`,
		`{"1.0":0}`, `{"1":0}`, `["1.0"]`, `["a\\\"1.0"]`, `["a\\\"1"]`,
	} {
		out := string(canonicalJSON(json.RawMessage(text)))
		require.Empty(t, seen[out], "%s and %s are not the same", text, seen[out])
		seen[out] = text
	}
}

func TestRepeats_ByWhatTheJSONSays(t *testing.T) {
	e := Event{Type: "push", Data: json.RawMessage(`{"a":1,"b":[1,2]}`)}
	ref := &ParticipantRef{Email: "sam@example.com", Fields: json.RawMessage(`{"n":1,"m":2}`)}
	other := Event{Type: "push", Data: json.RawMessage(`{"b":[1.0, 2], "a":1}`)}
	require.True(t, other.Repeats(e.Fingerprint(ref), &ParticipantRef{Email: "Sam@example.com", Fields: json.RawMessage(`{ "m":2, "n":1 }`)}))
	require.False(t, other.Repeats(e.Fingerprint(ref), nil))
	require.False(t, Event{Type: "pull", Data: e.Data}.Repeats(e.Fingerprint(nil), nil))
	require.False(t, Event{Type: "push", Data: json.RawMessage(`{"a":2,"b":[1,2]}`)}.Repeats(e.Fingerprint(nil), nil))

	// Of an older version: of the bytes.
	old := sha256.Sum256([]byte("push\x00" + string(e.Data)))
	require.True(t, e.Repeats(old[:], nil))
	require.False(t, other.Repeats(old[:], nil))
}

// The fingerprint is bounded by the bytes, whatever they are.
func TestA9_FingerprintIsLinear(t *testing.T) {
	const mega = 900_000
	for name, data := range map[string]string{
		"members":  string(manyFields(70_000, "1")),
		"backward": `{"a":` + reversed(60_000) + `}`,
		"digits":   `{"n":` + strings.Repeat("9", mega) + `}`,
		"power":    `{"n":1e` + strings.Repeat("9", mega) + `}`,
		"zeros":    `{"n":1` + strings.Repeat("0", mega) + `}`,
		"numbers":  `{"n":[` + strings.Repeat("1.0,", mega/4) + `1]}`,
		"deep":     string(deepPatch(60_000)),
	} {
		took := leastCPU(func() { Event{Data: json.RawMessage(data)}.Fingerprint(nil) })
		require.Less(t, took.Nanoseconds(), int64(len(data))*300, name)
	}
}

func reversed(n int) string {
	members := ObjectMembers(manyFields(n, "1"))
	for i, j := 0, len(members)-1; i < j; i, j = i+1, j-1 {
		members[i], members[j] = members[j], members[i]
	}
	return string(ObjectOf(members))
}
