package ui

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"hookline/models"
)

// A name that somebody else chose stays text, wherever it may be broken.
func TestEventTypeIsText(t *testing.T) {
	var b strings.Builder
	require.NoError(t, EventType(`a_b.<i>.&_"x`).Render(t.Context(), &b))
	require.Equal(t, `a_<wbr>b.<wbr>&lt;i&gt;.<wbr>&amp;_<wbr>&#34;x`, b.String())
}

func TestAgo(t *testing.T) {
	now := time.Date(2026, 6, 23, 9, 30, 0, 0, time.UTC)
	for d, want := range map[time.Duration]string{
		-4 * time.Second: "just now", -59 * time.Second: "59 s ago", -time.Minute: "1 min ago", -47 * time.Hour: "47 h ago",
		-48 * time.Hour: "2 days ago", -61 * 24 * time.Hour: "23 Apr 2026", time.Second: "in 1 s", 90 * time.Minute: "in 1 h",
	} {
		require.Equal(t, want, ago(now.Add(d), now))
	}
}

func TestTook(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "<1 ms", 84 * time.Millisecond: "84 ms", 1240 * time.Millisecond: "1.24 s", 10 * time.Second: "10.0 s", 83 * time.Second: "1 min 23 s",
	} {
		require.Equal(t, want, Took(d))
	}
}

func TestWait(t *testing.T) {
	for d, want := range map[time.Duration]string{
		10 * time.Second: "10 s", time.Minute: "60 s", 3 * time.Minute: "3 min", 90 * time.Minute: "90 min", 5 * time.Hour: "5 h", 1500 * time.Millisecond: "1.5 s",
	} {
		require.Equal(t, want, Wait(d))
	}
}

func TestPrettyKeepsNumbersAndOrder(t *testing.T) {
	v := viewBody([]byte(`{"b":1.50,"a":20e3,"s":"x\":{y"}`))
	var text strings.Builder
	for _, p := range v.Pretty {
		text.WriteString(p.Text)
	}
	require.Equal(t, "{\n  \"b\": 1.50,\n  \"a\": 20e3,\n  \"s\": \"x\\\":{y\"\n}", text.String())
	require.Nil(t, viewBody([]byte("{not json")).Pretty)
	require.True(t, viewBody([]byte{0xff, 0}).Binary)
}

func TestColouringLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.MapOf(rapid.String(), rapid.SliceOf(rapid.String())).Draw(t, "value")
		raw, err := json.Marshal(value)
		require.NoError(t, err)
		var text strings.Builder
		for _, p := range splitJSON(string(raw)) {
			text.WriteString(p.Text)
		}
		require.Equal(t, string(raw), text.String())
	})
}

func TestErrorsFromKeepsTheFirst(t *testing.T) {
	errs := ErrorsFrom([]models.FieldError{{Field: "url", Message: "first"}, {Field: "url", Message: "second"}})
	require.Equal(t, "first", errs.Of("nope", "url"))
	require.Equal(t, "f-headers-0-value", FieldID("headers.0.value"))
}

func TestTicksAreReadWithoutColour(t *testing.T) {
	got := ticks([]models.OutcomeCounts{{Succeeded: 9}, {Succeeded: 8, Retried: 1}, {Failed: 9}, {}})
	for i := range got[1:] {
		require.Less(t, got[i+1].Height, got[i].Height)
	}
}

// A few kilobytes that nest deeply would be gigabytes of white space: bodies come
// from receivers, and from whoever knows a capture URL.
func TestPrettyIsNotDrawnWhereItWouldSwell(t *testing.T) {
	deep := func(levels, values int) []byte {
		return []byte(strings.Repeat("[", levels) + strings.Repeat("1,", values) + "1" + strings.Repeat("]", levels))
	}
	for name, body := range map[string][]byte{"deep": deep(4000, 4000), "deeper": deep(9000, 100_000), "many": deep(1, 120_000)} {
		v := viewBody(body)
		require.True(t, v.Pretty == nil, name)
		require.Len(t, v.Raw, len(body))
	}
	require.True(t, viewBody(deep(64, 200)).Pretty != nil)
	require.True(t, viewBody([]byte(`{"s":"`+strings.Repeat("[{", 50_000)+`"}`)).Pretty != nil, "brackets in a string nest nothing")
}
