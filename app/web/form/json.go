package form

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"hookline/models"
)

// JSONObject reads a JSON object as typed. problem says what is wrong
// and where, "" when nothing is; static/js/json.js says the same in the browser.
// An empty text is no object and no problem. The bytes stay as they were typed,
// but for line breaks, which browsers send as CRLF.
func JSONObject(text string) (object json.RawMessage, problem string) {
	// Lines before the object stay: faults are told by line.
	text = strings.TrimRight(strings.ReplaceAll(text, "\r\n", "\n"), " \t\n\r")
	if text == "" {
		return nil, ""
	}
	if strings.TrimLeft(text, " \t\n\r")[0] != '{' {
		return nil, "This must be a JSON object: it begins with { and ends with }."
	}
	d := jsontext.NewDecoder(strings.NewReader(text))
	for {
		_, err := d.ReadToken()
		switch {
		case errors.Is(err, io.EOF) && d.StackDepth() == 0:
			return json.RawMessage(strings.TrimSpace(text)), ""
		case err != nil:
			return nil, jsonProblem(text, err)
		case d.StackDepth() > models.MaxJSONDepth:
			return nil, fmt.Sprintf("This is nested more than %d levels deep. Flatten it.", models.MaxJSONDepth)
		case d.StackDepth() == 0 && strings.TrimSpace(text[d.InputOffset():]) != "":
			return nil, Place(text, int(d.InputOffset())) + ": one object is enough. Remove what follows it."
		}
	}
}

func jsonProblem(text string, err error) string {
	var syntax *jsontext.SyntacticError
	if !errors.As(err, &syntax) {
		return Place(text, len(text)) + ": the JSON ends too early. A bracket or quotation mark is not closed."
	}
	at := Place(text, int(syntax.ByteOffset))
	switch {
	case errors.Is(err, jsontext.ErrDuplicateName):
		return fmt.Sprintf("%s: the name %q is there twice. Keep one of them.", at, syntax.JSONPointer.LastToken())
	case errors.Is(err, io.ErrUnexpectedEOF):
		return at + ": the JSON ends too early. A bracket or quotation mark is not closed."
	}
	return fmt.Sprintf("%s: this is not valid JSON (%s).", at, strings.TrimPrefix(syntax.Err.Error(), "jsontext: "))
}

// Place is a byte of a text as an editor counts it: line 3, column 7.
func Place(text string, offset int) string {
	before := text[:min(offset, len(text))]
	line := strings.Count(before, "\n")
	column := utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:])
	return fmt.Sprintf("Line %d, column %d", line+1, column+1)
}
