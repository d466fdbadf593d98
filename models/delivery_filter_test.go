package models

import (
	"net/url"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// wholeFilter has a value in every member; reflection makes sure of that.
func wholeFilter(t *testing.T) DeliveryFilter {
	t.Helper()
	f := DeliveryFilter{
		WebhookID: "wh_01kf2j7q8e5t9v3m6x0y4z1b2c", EventID: "order 4711&x=1", State: AnyProblem, EventType: "release.published", Status: "5xx",
		Host: "example.com", Since: time.Date(2026, 6, 23, 9, 0, 0, 0, time.UTC), Until: time.Date(2026, 6, 23, 10, 0, 1, 123456000, time.UTC),
		Search: "reset+50%", Range: CustomRange, Only: []string{"wh_1"},
	}
	v := reflect.ValueOf(f)
	for i := range v.NumField() {
		require.False(t, v.Field(i).IsZero(), "give %s a value here", v.Type().Field(i).Name)
	}
	return f
}

// B6: a log's URL keeps every member of its filter.
func TestB6_AFilterIsParsedAsItWasWritten(t *testing.T) {
	f := wholeFilter(t)
	f.Only = nil // never in a URL
	query, err := url.ParseQuery(f.String())
	require.NoError(t, err)
	got, errs := ParseDeliveryFilter(query.Get)
	require.Empty(t, errs)
	require.Equal(t, f, got)
	require.Empty(t, f.Check())
	require.Empty(t, DeliveryFilter{}.String())
}

// B6: a range looks back from now, and nothing beside it counts.
func TestB6_ARangeIsResolvedOnce(t *testing.T) {
	now := time.Date(2026, 6, 23, 9, 31, 7, 0, time.UTC)
	for r, back := range map[Range]time.Duration{LastHour: time.Hour, LastDay: 24 * time.Hour, LastWeek: 7 * 24 * time.Hour} {
		query := url.Values{"range": {string(r)}, "since": {"left over"}, "until": {"2026-06-23"}}
		f, errs := ParseDeliveryFilter(query.Get)
		require.Empty(t, errs)
		require.Equal(t, "range="+string(r), f.String())
		require.Equal(t, DeliveryFilter{Since: now.Add(-back)}, f.At(now))
	}
	require.Equal(t, "range", DeliveryFilter{Range: "1y"}.Check()[0].Field)
}

// B6: times are read as a picker, a person and a program write them; each other text is named.
func TestB6_TimesOfAFilter(t *testing.T) {
	nine := time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Time{
		"2026-05-01T09:00": nine, "2026-05-01 09:00": nine, "2026-05-01T09:00:00": nine, "2026-05-01 09:00:00": nine, "2026-05-01T11:00:00+02:00": nine,
		"2026-05-01": nine.Add(-9 * time.Hour), "": {},
	} {
		f, errs := ParseDeliveryFilter(url.Values{"since": {text}}.Get)
		require.Empty(t, errs, text)
		require.True(t, want.Equal(f.Since), text)
	}
	for _, text := range []string{"yesterday", "2026-13-01", "0000-01-01", "2026-05-01T09", "09:00"} {
		_, errs := ParseDeliveryFilter(url.Values{"until": {text}}.Get)
		require.Len(t, errs, 1, text)
		require.Equal(t, "until", errs[0].Field)
	}
}

func TestB6_StatusesOfAFilter(t *testing.T) {
	for text, want := range map[string][2]int{"": {}, "503": {503, 503}, "5xx": {500, 599}, "2XX": {200, 299}, "6xx": {}, "99": {}, "5x": {}, "-1": {}} {
		f := DeliveryFilter{Status: text}
		from, to := f.Statuses()
		require.Equal(t, want, [2]int{from, to}, text)
		require.Equal(t, text == "" || to > 0, len(f.Check()) == 0, text)
	}
}
