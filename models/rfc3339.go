package models

import (
	"strings"
	"time"
)

// ParseTime reads RFC 3339 in full: with T and Z in either case, any number of
// digits after the point, and the leap second, which is the first moment of the
// day that follows it. Nothing else is a time, and none that could not be written
// so again in UTC.
func ParseTime(text string) (time.Time, bool) {
	const seconds = len("2006-01-02T15:04:")
	if len(text) <= seconds+1 || strings.Contains(text, ",") {
		return time.Time{}, false
	}
	upper := strings.ToUpper(text)
	leap := upper[seconds:seconds+2] == "60"
	if leap {
		upper = upper[:seconds] + "59" + upper[seconds+2:]
	}
	var t time.Time
	if err := t.UnmarshalText([]byte(upper)); err != nil {
		return time.Time{}, false
	}
	t = t.UTC()
	if leap {
		if next := t.Truncate(time.Second).Add(time.Second); next.Day() != 1 || next.Hour() != 0 || next.Minute() != 0 {
			return time.Time{}, false // there are none but at the end of a month
		}
		t = t.Add(time.Second)
	}
	return t, t.Year() >= 1 && t.Year() <= 9999 && !t.IsZero()
}

// typedLayouts are how a browser's picker and people write a time in UTC.
var typedLayouts = []string{"2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02 15:04", "2006-01-02 15:04:05", time.DateOnly}

// ParseTypedTime reads RFC 3339, and a date with or without a time, which is taken as
// UTC.
func ParseTypedTime(text string) (time.Time, bool) {
	if t, ok := ParseTime(text); ok {
		return t, true
	}
	for _, layout := range typedLayouts {
		if t, err := time.Parse(layout, text); err == nil {
			return t, t.Year() >= 1 && !t.IsZero()
		}
	}
	return time.Time{}, false
}

// typeTime writes a time so that ParseTypedTime and a browser's picker read it; "" for
// the zero time.
func typeTime(t time.Time) string {
	switch t = t.UTC(); {
	case t.IsZero():
		return ""
	case t.Nanosecond() != 0:
		return t.Format(time.RFC3339Nano)
	case t.Second() != 0:
		return t.Format("2006-01-02T15:04:05")
	}
	return t.Format("2006-01-02T15:04")
}
