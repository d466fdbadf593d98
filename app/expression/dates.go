package expression

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/expr-lang/expr/ast"

	"hookline/app/decimal"
)

var dateFunctions = []Function{
	{Name: "formatDate", Signature: `formatDate(time, "YYYY-MM-DD HH:mm", zone?)`, Sentence: "A time as text. YYYY MM MMM MMMM DD ddd dddd HH hh mm ss SSS A Z stand for its parts; other letters go between [ and ]. The zone is such as Europe/Berlin, else UTC.", Example: `formatDate("2026-06-23T09:30:00Z", "DD.MM.YYYY HH:mm", "Europe/Berlin")`, Gives: "text", least: 2, most: 3, call: formatDate, check: checkDate},
	{Name: "unixTime", Signature: "unixTime(time)", Sentence: "The seconds since 1970.", Example: `unixTime("2026-06-23T09:30:00Z")`, Gives: "number", least: 1, most: 1, call: unixTime},
}

// dateParts, the longer before the shorter.
var dateParts = []struct{ mark, layout string }{
	{"YYYY", "2006"}, {"YY", "06"}, {"MMMM", "January"}, {"MMM", "Jan"}, {"MM", "01"}, {"M", "1"},
	{"dddd", "Monday"}, {"ddd", "Mon"}, {"DD", "02"}, {"D", "2"},
	{"HH", "15"}, {"hh", "03"}, {"h", "3"}, {"mm", "04"}, {"m", "4"}, {"ss", "05"}, {"s", "5"},
	{"A", "PM"}, {"a", "pm"}, {"Z", "Z07:00"},
}

// checkDate wants format and zone written out, so that neither depends on data: a
// zone is a file's name.
func checkDate(args []ast.Node) (ast.Node, string) {
	format, ok := args[1].(*ast.StringNode)
	if !ok || len(format.Value) > 100 {
		return args[1], `Write the format as a text of up to 100 characters, for example "YYYY-MM-DD".`
	}
	if _, err := applyFormat(time.Time{}, format.Value); err != nil {
		return args[1], sentence(err)
	}
	if len(args) < 3 {
		return nil, ""
	}
	zone, ok := args[2].(*ast.StringNode)
	if !ok {
		return args[2], `Write the zone as a text, for example "Europe/Berlin".`
	}
	if _, err := zoneNamed(zone.Value); err != nil {
		return args[2], fmt.Sprintf("There is no time zone %s. Zones are named like Europe/Berlin.", shorten(zone.Value, 40))
	}
	return nil, ""
}

func zoneNamed(name string) (*time.Location, error) {
	if name == "Local" || len(name) > 64 {
		return nil, fmt.Errorf("there is no such zone")
	}
	return time.LoadLocation(name)
}

// applyFormat writes a time with the parts of a format.
func applyFormat(t time.Time, format string) (string, error) {
	var out strings.Builder
	for len(format) > 0 {
		if format[0] == '[' {
			end := strings.IndexByte(format, ']')
			if end < 0 {
				return "", fmt.Errorf("the format has a [ without its ]")
			}
			out.WriteString(format[1:end])
			format = format[end+1:]
			continue
		}
		n, err := writePart(&out, t, format)
		if err != nil {
			return "", err
		}
		format = format[n:]
	}
	return out.String(), nil
}

// writePart writes what the start of a format stands for and says how long that is.
func writePart(out *strings.Builder, t time.Time, format string) (int, error) {
	if strings.HasPrefix(format, "SSS") {
		fmt.Fprintf(out, "%03d", t.Nanosecond()/1e6)
		return 3, nil
	}
	for _, part := range dateParts {
		if strings.HasPrefix(format, part.mark) {
			out.WriteString(t.Format(part.layout))
			return len(part.mark), nil
		}
	}
	if c := format[0]; 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' {
		return 0, fmt.Errorf("%q stands for nothing in a format; text goes between [ and ], as in [at]", string(c))
	}
	out.WriteByte(format[0])
	return 1, nil
}

func formatDate(e *Env, args []any) (any, error) {
	if isNil(args[0]) {
		return args[0], nil
	}
	t, err := timeOf(e, args[0])
	if err != nil {
		return nil, err
	}
	zone := time.UTC
	if len(args) > 2 {
		if zone, err = zoneNamed(args[2].(string)); err != nil {
			return nil, err
		}
	}
	out, err := applyFormat(t.In(zone), args[1].(string))
	return out, firstErr(err, e.spend(50))
}

func unixTime(e *Env, args []any) (any, error) {
	if isNil(args[0]) {
		return args[0], nil
	}
	t, err := timeOf(e, args[0])
	return t.Unix(), err
}

// timeOf reads a time: RFC 3339, a date, or a number of seconds or milliseconds.
func timeOf(e *Env, v any) (time.Time, error) {
	if s, ok := v.(string); ok && len(s) < 100 {
		for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02 15:04:05", time.DateOnly} {
			if t, err := time.Parse(layout, s); err == nil {
				return t, nil
			}
		}
	}
	if v = parsed(v); !isNumber(v) {
		return time.Time{}, errNoTime
	}
	n, whole := wholeNumber(v)
	if !whole { // a fraction of a second
		return timeOfFraction(e, v)
	}
	if n > maxSeconds*1000 || n < -maxSeconds*1000 {
		return time.Time{}, errNoTime
	}
	if n >= 1e11 || n <= -1e11 {
		return time.UnixMilli(n), nil
	}
	return time.Unix(n, 0), nil
}

// maxSeconds is about three thousand years.
const maxSeconds = 100_000_000_000

var errNoTime = errors.New("this is not a time; it should look like 2026-06-23T09:30:00Z")

func timeOfFraction(e *Env, v any) (time.Time, error) {
	micros, err := arithmetic(e, "*", v, int64(1e6))
	if err == nil {
		micros, err = roundTo(e, micros, 0, decimal.Cut)
	}
	n, ok := micros.(int64)
	if err != nil || !ok || n > maxSeconds*1e6 || n < -maxSeconds*1e6 {
		return time.Time{}, errNoTime
	}
	return time.UnixMicro(n), nil
}
