package api

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"hookline/models"
)

// strict: one document, valid UTF-8 and no duplicate names are the decoder's
// defaults; unknown members would be ignored. Whole numbers may be spelled 5000.0,
// and no text has a NUL, which not every database can keep.
var strict = json.JoinOptions(json.RejectUnknownMembers(true), json.WithUnmarshalers(json.JoinUnmarshalers(wholeNumbers, plainText, times)))

var errNUL = errors.New("a text with a NUL")

var plainText = json.UnmarshalFromFunc(func(d *jsontext.Decoder, text *string) error {
	if d.PeekKind() != '"' {
		return json.SkipFunc // the decoder says what else may stand here
	}
	token, err := d.ReadToken()
	if err != nil {
		return err
	}
	if *text = token.String(); strings.IndexByte(*text, 0) >= 0 {
		return errNUL
	}
	return nil
})

var errNoTime = errors.New("no time")

// times are read as everywhere; an empty text is no time.
var times = json.UnmarshalFromFunc(func(d *jsontext.Decoder, t *time.Time) error {
	if d.PeekKind() != '"' {
		return errNoTime
	}
	token, err := d.ReadToken()
	if err != nil || token.String() == "" {
		return err
	}
	known := false
	if *t, known = models.ParseTime(token.String()); !known {
		return errNoTime
	}
	return nil
})

// giveTime is the error for what is no time.
const giveTime = "Give a time in RFC 3339, for example 2026-05-01T09:00:00Z."

// answerFormat never fails for what a receiver sent us: bytes that are no UTF-8
// become the replacement character.
var answerFormat = json.JoinOptions(jsontext.AllowInvalidUTF8(true), jsontext.PreserveRawStrings(true))

// decode reads a JSON object into v.
func decode(body []byte, v any) error {
	if err := checkShape(body); err != nil {
		return err
	}
	return explain(body, json.Unmarshal(body, v, strict))
}

// checkShape refuses what is no object at all, and what nests too deeply, before
// anything is parsed.
func checkShape(body []byte) error {
	text := bytes.TrimLeft(body, " \t\r\n")
	switch {
	case len(text) == 0:
		return models.Errorf(models.Malformed, "The body is empty. Send a JSON object.")
	case bytes.HasPrefix(text, []byte("\xef\xbb\xbf")):
		return models.Errorf(models.Malformed, "The body begins with a byte order mark. Leave it out.")
	case text[0] != '{':
		return models.Errorf(models.Malformed, "The body must be a JSON object: { … }.")
	case tooDeep(body):
		return models.Errorf(models.Malformed, "The JSON is nested more than %d levels deep. Flatten it.", models.MaxJSONDepth)
	}
	return nil
}

// tooDeep counts brackets. Most bodies have fewer than the limit altogether,
// which two vectorised counts tell.
func tooDeep(body []byte) bool {
	if bytes.Count(body, []byte("{"))+bytes.Count(body, []byte("[")) <= models.MaxJSONDepth {
		return false
	}
	depth := 0
	for i := 0; i < len(body); i++ {
		switch body[i] {
		case '"':
			i = stringEnd(body, i)
		case '{', '[':
			if depth++; depth > models.MaxJSONDepth {
				return true
			}
		case '}', ']':
			depth--
		}
	}
	return false
}

// stringEnd is where the string that begins at i ends.
func stringEnd(body []byte, i int) int {
	for i++; i < len(body); i++ {
		switch body[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return i
}

// explain turns a decoder's error into one that says where, and how to mend it.
func explain(body []byte, err error) error {
	if err == nil {
		return nil
	}
	var syntax *jsontext.SyntacticError
	var meaning *json.SemanticError
	switch {
	case errors.As(err, &syntax):
		return malformed(body, syntax)
	case errors.As(err, &meaning):
		return unfit(meaning)
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return models.Errorf(models.Malformed, "The JSON ends too early, after %d bytes.", len(body))
	}
	return err
}

func malformed(body []byte, err *jsontext.SyntacticError) error {
	offset := min(int(err.ByteOffset), len(body))
	line := 1 + bytes.Count(body[:offset], []byte("\n"))
	where := "line " + strconv.Itoa(line) + ", byte " + strconv.Itoa(offset)
	switch {
	case errors.Is(err, jsontext.ErrDuplicateName):
		e := models.Errorf(models.Malformed, "The JSON names a member twice (%s).", where)
		e.Fields = []models.FieldError{{Field: fieldOf(err.JSONPointer), Message: "This member is there twice. Keep one of them."}}
		return e
	case errors.Is(err.Err, io.ErrUnexpectedEOF):
		return models.Errorf(models.Malformed, "The JSON ends too early (%s).", where)
	}
	return models.Errorf(models.Malformed, "This is not valid JSON: %s (%s).", strings.TrimPrefix(err.Err.Error(), "jsontext: "), where)
}

// unfit is for valid JSON that does not say what the call needs.
func unfit(err *json.SemanticError) error {
	var errs models.FieldErrors
	var bad models.BadValue
	field := fieldOf(err.JSONPointer)
	switch {
	case errors.Is(err.Err, json.ErrUnknownName):
		errs.Add(field, "There is no such member here. %s", knownMembers(err.GoType))
	case errors.Is(err.Err, errNUL):
		errs.Add(field, "This is no text: it has a NUL. Leave control characters out.")
	case errors.Is(err.Err, errNoTime):
		errs.Add(field, giveTime)
	case errors.Is(err.Err, strconv.ErrRange):
		errs.Add(field, "This number is too large.")
	case errors.As(err.Err, &bad):
		errs.Add(field, "%s", string(bad))
	default:
		errs.Add(field, "%s", expected(err.GoType))
	}
	return errs.Err()
}

// expected says what a member of a type takes.
func expected(t reflect.Type) string {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == nil {
		return "This value does not fit here."
	}
	switch t.Kind() {
	case reflect.String:
		return "Give a string."
	case reflect.Bool:
		return "Give true or false."
	case reflect.Int, reflect.Int64:
		return "Give a whole number."
	case reflect.Float64:
		return "Give a number."
	case reflect.Slice, reflect.Array:
		return "Give a list."
	case reflect.Struct, reflect.Map:
		return "Give an object."
	}
	return "This value does not fit here."
}

func knownMembers(t reflect.Type) string {
	if t == nil || t.Kind() != reflect.Struct {
		return "Leave it out."
	}
	var names []string
	for _, f := range reflect.VisibleFields(t) {
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" && name != "-" {
			names = append(names, name)
		}
	}
	return "Known are " + strings.Join(names, ", ") + "."
}

// maxField bounds how much of a caller's own names is shown back.
const maxField = 200

// fieldOf writes a JSON pointer as forms and the service name fields:
// /headers/0/value → headers.0.value.
func fieldOf(p jsontext.Pointer) string {
	var parts []string
	for part := range p.Tokens() {
		parts = append(parts, part)
	}
	field := strings.ToValidUTF8(strings.Join(parts, "."), "?")
	if len(field) > maxField {
		field = strings.ToValidUTF8(field[:maxField], "") + "…"
	}
	return field
}
