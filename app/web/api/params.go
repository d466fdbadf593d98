package api

import (
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"hookline/models"
)

// param is a field of an input type that the path or the query fills. Huma
// documents the same tags.
type param struct {
	index []int
	in    string // path or query
	name  string
}

// paramsOf finds them; it panics for a type that bind cannot fill, at start.
func paramsOf(t reflect.Type) []param {
	var found []param
	for _, f := range reflect.VisibleFields(t) {
		for _, in := range []string{"path", "query"} {
			name, _, _ := strings.Cut(f.Tag.Get(in), ",")
			if name == "" {
				continue
			}
			if !fillable(f.Type) {
				panic("api: no way to fill " + t.String() + "." + f.Name)
			}
			found = append(found, param{index: f.Index, in: in, name: name})
		}
	}
	return found
}

var timeType = reflect.TypeFor[time.Time]()

func fillable(t reflect.Type) bool {
	return t.Kind() == reflect.String || t.Kind() == reflect.Int || t == timeType
}

// maxParam is above anything a parameter needs; the database would choke on the
// longest ones.
const maxParam = 256

// bind fills in's parameters from the request. An unclean path names nothing,
// so it is not found; the query's faults come back together.
func bind(c echo.Context, params []param, in reflect.Value) error {
	var errs models.FieldErrors
	query, err := parseQuery(c.Request())
	if err != nil {
		return err
	}
	for _, p := range params {
		if p.in == "path" {
			value, err := url.PathUnescape(c.Param(p.name))
			if err != nil || !clean(value) {
				return models.Errorf(models.NotFound, "There is nothing with this id.")
			}
			in.FieldByIndex(p.index).SetString(value)
			continue
		}
		switch values := query[p.name]; {
		case len(values) == 0 || values[0] == "":
		case len(values) > 1:
			errs.Add(p.name, "Give it once.")
		case !clean(values[0]):
			errs.Add(p.name, "Give up to %d bytes of UTF-8 without control characters.", maxParam)
		default:
			setParam(in.FieldByIndex(p.index), p.name, values[0], &errs)
		}
	}
	return errs.Err()
}

func parseQuery(r *http.Request) (url.Values, error) {
	if r.URL.RawQuery == "" {
		return nil, nil
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, models.Errorf(models.Malformed, "The query string cannot be read. Percent-encode its values.")
	}
	return query, nil
}

func clean(value string) bool {
	return len(value) <= maxParam && utf8.ValidString(value) && !strings.ContainsFunc(value, unicode.IsControl)
}

func setParam(field reflect.Value, name, value string, errs *models.FieldErrors) {
	switch field.Kind() {
	case reflect.String:
		field.SetString(value)
	case reflect.Int:
		n, err := wholeNumber(value)
		if err != nil || n < 1 {
			errs.Add(name, "Give a whole number, 1 or more.")
		}
		field.SetInt(n)
	default:
		// A plus sign that was not percent-encoded arrives as a space.
		t, ok := models.ParseTime(strings.ReplaceAll(value, " ", "+"))
		if !ok {
			errs.Add(name, giveTime)
		}
		field.Set(reflect.ValueOf(t))
	}
}

func joined[T ~string](list []T) string {
	words := make([]string, len(list))
	for i, v := range list {
		words[i] = string(v)
	}
	return strings.Join(words, ", ")
}
