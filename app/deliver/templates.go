package deliver

import (
	"errors"
	"fmt"
	"strings"

	"hookline/app/template"
	"hookline/models"
)

// textTemplate is a text that is filled in for each attempt. field names it in the
// form, and what in a sentence.
type textTemplate struct {
	text        *template.Text
	field, what string
}

func (t *textTemplate) render(r *rendering) (string, *fault) {
	out, err := t.text.Render(r.look())
	if err != nil {
		return "", renderFault(err, t.field, t.what)
	}
	return out, nil
}

// header is the value of a header. What a header cannot hold is no value of the
// data's to bring in: not a line break, which would begin another header (trust.md).
// Space at the ends is no part of a value (RFC 9110, 5.5).
func (t *textTemplate) header(r *rendering) (string, *fault) {
	value, f := t.render(r)
	if f != nil {
		return "", f
	}
	value = strings.Trim(value, " \t")
	switch {
	case len(value) > models.MaxHeaderValue:
		return "", &fault{
			outcome: models.RenderError, cause: models.CauseHeader, field: t.field,
			sentence: fmt.Sprintf("The value of %s came to %d bytes; a header has %d at most.", t.what, len(value), models.MaxHeaderValue),
		}
	case !models.ValidHeaderValue(value):
		return "", &fault{
			outcome: models.RenderError, cause: models.CauseHeader, field: t.field,
			sentence: fmt.Sprintf("The value of %s came to hold a line break or a character that is not ASCII, which a header cannot have. Write {{#urlEncode}}…{{/urlEncode}} around what may hold them.", t.what),
		}
	}
	return value, nil
}

// renderFault is why something could not be filled in.
func renderFault(err error, field, what string) *fault {
	cause := models.CauseTemplate
	if errors.Is(err, template.ErrTooLong) {
		cause = models.CauseTooLong
	}
	return &fault{
		outcome: models.RenderError, cause: cause, field: field,
		sentence: fmt.Sprintf("%s could not be filled in: %s", upperFirst(what), sentenceOf(err)),
	}
}

// sentenceOf is an error's text as a sentence of ours.
func sentenceOf(err error) string {
	text := err.Error()
	if text != "" && !strings.HasSuffix(text, ".") {
		text += "."
	}
	return text
}

func upperFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
