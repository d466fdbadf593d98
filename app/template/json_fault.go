package template

import (
	"errors"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
	"hookline/app/expression"
)

// invalid says in plain words why the source is not JSON, and where.
func (c *jsonCompiler) invalid(err error) *Fault {
	offset := c.place()
	var syntax *jsontext.SyntacticError
	if errors.As(err, &syntax) {
		offset = int(syntax.ByteOffset)
	}
	switch {
	case strings.TrimSpace(c.source) == "":
		return expression.FaultAt(c.source, 0, `Write the JSON to send, for example {"email": "{{contact.email}}"}.`)
	case errors.Is(err, jsontext.ErrDuplicateName):
		return expression.FaultAt(c.source, offset, "This name is already in use in the same object. Names must differ.")
	case strings.HasPrefix(c.source[max(0, offset-1):], "{{"):
		return expression.FaultAt(c.source, max(0, offset-1), `A value stands between quotes: "{{…}}". A list, a number or an object stays one.`)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return expression.FaultAt(c.source, len(c.source), "The JSON ends too early: a bracket or a quote is not closed.")
	case syntax != nil && syntax.Err != nil:
		return expression.FaultAt(c.source, offset, "This is not valid JSON: %s.", jsonWords(syntax.Err.Error()))
	}
	return expression.FaultAt(c.source, offset, "This is not valid JSON.")
}

const quoteEnds = "This quote ends the JSON text. Within {{ and }} put texts between ' and '."

func jsonWords(text string) string {
	text = strings.TrimPrefix(text, "jsontext: ")
	if text == "" || !utf8.ValidString(text) {
		return "it cannot be understood"
	}
	return text
}

// rawOffset turns an offset within a string's meaning into one within its JSON.
func rawOffset(raw string, meant int) int {
	at := 1
	for at < len(raw)-1 && meant > 0 {
		size, bytes := jsonChar(raw[at:])
		at += size
		meant -= bytes
	}
	return at
}

// jsonChar measures the first character of a JSON string: in the source, and as meant.
func jsonChar(raw string) (size, meant int) {
	if raw[0] != '\\' {
		_, size = utf8.DecodeRuneInString(raw)
		return size, size
	}
	if len(raw) < 6 || raw[1] != 'u' {
		return 2, 1
	}
	size = 6
	if strings.HasPrefix(raw[6:], `\u`) && (raw[2] == 'd' || raw[2] == 'D') && len(raw) >= 12 {
		size = 12
	}
	text, _ := jsontext.AppendUnquote(nil, `"`+raw[:size]+`"`)
	return size, len(text)
}

// bracketName is a name that a message shows in brackets.
var bracketName = regexp.MustCompile(`\["([^"\\]*)"\]`)

// inJSON writes names as they stand within a text of JSON, between ' and '.
func inJSON(message string) string { return bracketName.ReplaceAllString(message, "['$1']") }
