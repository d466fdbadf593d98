package models

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// RFC 7396, appendix A, and that nothing is spelled anew.
func TestMergePatch(t *testing.T) {
	for _, c := range []struct{ target, patch, want string }{
		{`{"a":"b"}`, `{"a":"c"}`, `{"a":"c"}`},
		{`{"a":"b"}`, `{"b":"c"}`, `{"a":"b","b":"c"}`},
		{`{"a":"b"}`, `{"a":null}`, `{}`},
		{`{"a":"b","b":"c"}`, `{"a":null}`, `{"b":"c"}`},
		{`{"a":["b"]}`, `{"a":"c"}`, `{"a":"c"}`},
		{`{"a":"c"}`, `{"a":["b"]}`, `{"a":["b"]}`},
		{`{"a":{"b":"c"}}`, `{"a":{"b":"d","c":null}}`, `{"a":{"b":"d"}}`},
		{`{"a":[{"b":"c"}]}`, `{"a":[1]}`, `{"a":[1]}`},
		{`["a","b"]`, `["c","d"]`, `["c","d"]`},
		{`{"e":null}`, `{"a":1}`, `{"e":null,"a":1}`},
		{`[1,2]`, `{"a":"b","c":null}`, `{"a":"b"}`},
		{`{}`, `{"a":{"bb":{"ccc":null}}}`, `{"a":{"bb":{}}}`},
		{`{"n":1.0,"big":123456789012345678901234567890}`, `{"x":1E+2}`, `{"n":1.0,"big":123456789012345678901234567890,"x":1E+2}`},
	} {
		merged, changed := MergePatch(json.RawMessage(c.target), json.RawMessage(c.patch))
		require.Equal(t, c.want, string(merged))
		require.True(t, changed)
	}
	for _, same := range []string{``, `{}`, `{"a": [1, 2]}`, `{"gone":null}`, `{"o":{"x":null}}`} {
		target := `{ "a":[1,2], "o":{} }`
		merged, changed := MergePatch(json.RawMessage(target), json.RawMessage(same))
		require.False(t, changed, same)
		require.Equal(t, target, string(merged), "what does not change keeps its bytes")
	}
}

func TestW1_FullName(t *testing.T) {
	for fields, want := range map[string]string{
		`{"full_name":" Ann Lee ","first_name":"x"}`: "Ann Lee", `{"fullName":"Ann Lee"}`: "Ann Lee", `{"first_name":"Ann","last_name":"Lee"}`: "Ann Lee",
		`{"firstName":"Ann","lastName":"Lee"}`: "Ann Lee", `{"first_name":"Ann"}`: "Ann", `{"lastName":"Lee"}`: "Lee",
		`{"full_name":"","first_name":"Ann"}`: "Ann", `{"full_name":7,"name":"x"}`: "", `{}`: "",
	} {
		require.Equal(t, want, Participant{Fields: json.RawMessage(fields)}.FullName(), fields)
	}
}

func TestH5_ContactHasEverythingAtOneLevel(t *testing.T) {
	p := Participant{
		ID: "par_1", Email: "ann@example.com", Identifiers: json.RawMessage(`{"slack_user_id":"U1"}`),
		Fields: json.RawMessage(`{"first_name":"Ann","n":1.0,"big":123456789012345678901234567890,"id":"mine","email":"other","tags":["a", "b"]}`),
	}
	require.Equal(t, `{"contact":{"id":"par_1","email":"ann@example.com","identifiers":{"slack_user_id":"U1"},"full_name":"Ann","first_name":"Ann","n":1.0,`+
		`"big":123456789012345678901234567890,"tags":["a", "b"]}}`, string(p.Context()))
	p.Email = ""
	require.Contains(t, string(p.Contact()), `"email":"other"`, "a field may stand in for an address that is not there")
	require.JSONEq(t, string(p.Contact()), string(ContactOf(p.Context())))
	require.Nil(t, ContactOf(nil))
}

func TestParticipantLimits(t *testing.T) {
	deep := strings.Repeat(`{"a":`, MaxJSONDepth-1) + `{}` + strings.Repeat(`}`, MaxJSONDepth-1)
	good := Participant{Fields: json.RawMessage(deep), Identifiers: json.RawMessage(`{"é":"ü"}`)}
	require.Empty(t, good.Validate())
	for field, p := range map[string]Participant{
		"email":         {Email: "no address"},
		"fields":        {Fields: json.RawMessage(`{"a":` + deep + `}`)},
		"fields ":       {Fields: json.RawMessage(`{"a":1,"b":{"x":1,"x":2}}`)},
		"fields  ":      {Fields: json.RawMessage(`[1]`)},
		"fields   ":     {Fields: json.RawMessage(`{"a":1} x`)},
		"fields    ":    {Fields: json.RawMessage("{\"a\":\"\xff\"}")},
		"fields     ":   {Fields: json.RawMessage(`{"a":"` + strings.Repeat("x", MaxParticipantBytes) + `"}`)},
		"identifiers.a": {Identifiers: json.RawMessage(`{"a":1}`)},
		"identifiers.b": {Identifiers: json.RawMessage(`{"b":""}`)},
		"identifiers.c": {Identifiers: json.RawMessage(`{"c":"a\nb"}`)},
		"identifiers":   {Identifiers: json.RawMessage(`{"":"x"}`)},
		"identifiers ":  {Identifiers: json.RawMessage(`"x"`)},
	} {
		errs := p.Normal().Validate()
		require.Len(t, errs, 1, field)
		require.Equal(t, strings.TrimSpace(field), errs[0].Field)
	}
	var many []string
	for i := range MaxIdentifiers + 1 {
		many = append(many, `"`+strings.Repeat("i", i+1)+`":"x"`)
	}
	require.Len(t, Participant{Identifiers: json.RawMessage(`{` + strings.Join(many, ",") + `}`)}.Normal().Validate(), 1)
}

func TestParticipantRef(t *testing.T) {
	require.Empty(t, ParticipantRef{Email: "a@b.test"}.Validate())
	require.Empty(t, ParticipantRef{ID: "par_01kf2j7q8e5t9v3m6x0y4z1b2c", Fields: json.RawMessage(`{"a":null}`)}.Validate())
	for field, r := range map[string]ParticipantRef{
		"participant": {}, "participant.id": {ID: "usr_01kf2j7q8e5t9v3m6x0y4z1b2c"}, "participant.email": {Email: "x"},
		"participant.fields": {Email: "a@b.test", Fields: json.RawMessage(`[]`)}, "participant.identifiers.a": {Email: "a@b.test", Identifiers: json.RawMessage(`{"a":1}`)},
	} {
		require.Equal(t, field, r.Validate()[0].Field)
	}
	require.Equal(t, "participant", ParticipantRef{ID: "par_01kf2j7q8e5t9v3m6x0y4z1b2c", Email: "a@b.test"}.Validate()[0].Field)
}

func TestSearchTerms(t *testing.T) {
	p := Participant{Email: "Ann@Acme.test", Fields: json.RawMessage(`{"full_name":"Ann  Ångström-Lee"}`), Identifiers: json.RawMessage(`{"slack":"U01 ABC"}`)}
	require.Equal(t, []string{"ann@acme.test", "acme.test", "ann ångström-lee", "ann", "ångström", "lee", "u01 abc"}, p.SearchTerms())
	long := SearchTerm(strings.Repeat("é", 200))
	require.LessOrEqual(t, len(long), maxTermBytes)
	require.Equal(t, long, SearchTerm(long))
}

// The audit log outlives the person.
func TestB10_AuditOfAParticipantHasNoPersonalData(t *testing.T) {
	a := Participant{Email: "ann@example.com", Identifiers: json.RawMessage(`{"slack":"U1"}`), Fields: json.RawMessage(`{"city":"Bern","n":1}`)}
	b := a
	b.Email, b.Fields = "lee@example.com", json.RawMessage(`{"city":"Basel","n":1}`)
	changes := Diff(a.AuditFields(), b.AuditFields())
	require.Equal(t, []Change{{Field: "email", Before: "set", After: "set"}, {Field: "fields.city", Before: "set", After: "set"}}, changes)
	require.Equal(t, []string{"email", "fields.city"}, b.Changed(a))
	require.Empty(t, a.Changed(a))
}
