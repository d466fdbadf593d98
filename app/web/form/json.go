package form

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// JSONObject reads a JSON object from a text area. Its bytes stay as they were
// typed, line breaks aside, which browsers send as CRLF. fault says what is wrong,
// by line and column; an empty text is no object and no fault.
func JSONObject(text string) (object []byte, fault string) {
	text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
	if text == "" {
		return nil, ""
	}
	d := jsontext.NewDecoder(strings.NewReader(text))
	err := d.SkipValue()
	if err == nil {
		if _, err = d.ReadToken(); errors.Is(err, io.EOF) {
			err = nil
		} else if err == nil {
			return nil, "There is more after the JSON object. Write one object."
		}
	}
	if err != nil {
		return nil, jsonFault(text, err)
	}
	if text[0] != '{' {
		return nil, "Write a JSON object: { … }."
	}
	return []byte(text), ""
}

func jsonFault(text string, err error) string {
	var syntax *jsontext.SyntacticError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "The JSON ends too early" + place(text, len(text)) + ". Is a bracket or a quotation mark missing?"
	case errors.As(err, &syntax) && errors.Is(err, jsontext.ErrDuplicateName):
		return "A member is there twice" + place(text, int(syntax.ByteOffset)) + ". Keep one of them."
	case errors.As(err, &syntax):
		return "This is not valid JSON" + place(text, int(syntax.ByteOffset)) + ": " + strings.TrimPrefix(syntax.Err.Error(), "jsontext: ") + "."
	}
	return "This is not valid JSON."
}

// place is a byte offset as people count: by line, and by character in it.
func place(text string, offset int) string {
	before := []byte(text[:min(offset, len(text))])
	line := 1 + bytes.Count(before, []byte("\n"))
	column := 1 + utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:])
	return fmt.Sprintf(" in line %d, column %d", line, column)
}
