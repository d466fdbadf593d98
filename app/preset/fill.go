package preset

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// filled puts the answers into a text.
func (p Preset) filled(text string, given map[string]string) string {
	return fieldMark.ReplaceAllStringFunc(text, func(mark string) string {
		f, _ := p.field(strings.Trim(mark, "<>"))
		return f.code(given[f.Name])
	})
}

// code is template code that yields the answer, whatever stands in it.
func (f Field) code(answer string) string {
	if answer == "" {
		return f.empty
	}
	return Literal(answer)
}

// Literal is template code that yields the text as it stands: each brace becomes
// an expression of its own, so that no two can begin one.
func Literal(text string) string { return strings.ReplaceAll(text, "{", "{{'{'}}") }

// filledJSON puts the answers into the strings of the JSON template, keeping the
// order of its members. The result is indented, since people go on editing it.
func (p Preset) filledJSON(given map[string]string) string {
	if len(p.template) == 0 {
		return ""
	}
	var out bytes.Buffer
	d := jsontext.NewDecoder(bytes.NewReader(p.template))
	e := jsontext.NewEncoder(&out, jsontext.WithIndent("  "))
	for d.PeekKind() != 0 {
		token, err := d.ReadToken()
		if err == nil {
			_, index := d.StackIndex(d.StackDepth())
			isName := token.Kind() == '"' && d.StackDepth() > 0 && inObject(d) && index%2 == 1
			if token.Kind() == '"' && !isName {
				token = p.token(token.String(), given)
			}
			err = e.WriteToken(token)
		}
		if err != nil {
			panic(err) // the file was read as JSON, and answers are valid UTF-8
		}
	}
	return strings.TrimSpace(out.String())
}

func inObject(d *jsontext.Decoder) bool {
	kind, _ := d.StackIndex(d.StackDepth())
	return kind == '{'
}

// token is a string of the template with its answers: a colour that stands alone
// becomes its number.
func (p Preset) token(text string, given map[string]string) jsontext.Token {
	if whole := fieldMark.FindString(text); whole != "" && whole == text {
		f, _ := p.field(strings.Trim(text, "<>"))
		if n, err := strconv.ParseUint(strings.TrimPrefix(given[f.Name], "#"), 16, 32); f.Kind == Colour && err == nil {
			return jsontext.Uint(n)
		}
	}
	return jsontext.String(p.filled(text, given))
}

func number(n int) string { return strconv.Itoa(n) }
