package ui

import (
	"context"
	"io"
	"strings"

	"github.com/a-h/templ"

	"hookline/models"
)

// markedText draws a text, with the name of what is missing in the place of each
// mark. It is written by hand because a template would put spaces between the
// pieces.
func markedText(text string, marks []models.Mark) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, markedHTML(text, marks))
		return err
	})
}

func markedHTML(text string, marks []models.Mark) string {
	var out strings.Builder
	for {
		at, m := firstMark(text, marks)
		if at < 0 {
			return out.String() + templ.EscapeString(text)
		}
		out.WriteString(templ.EscapeString(text[:at]) + `<mark class="missing">missing: ` + templ.EscapeString(shortName(m.Name)) + `</mark>`)
		text = text[at+len(m.Token):]
	}
}

func firstMark(text string, marks []models.Mark) (at int, first models.Mark) {
	at = -1
	for _, m := range marks {
		if i := strings.Index(text, m.Token); i >= 0 && (at < 0 || i < at) {
			at, first = i, m
		}
	}
	return at, first
}

func shortName(name string) string {
	const most = 60
	if runes := []rune(name); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return name
}
