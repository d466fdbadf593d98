package ui

import (
	"strings"

	"github.com/a-h/templ"
)

// EventType is an event type's name that a narrow column breaks between words.
func EventType(name string) templ.Component {
	return templ.Raw(strings.NewReplacer(".", ".<wbr>", "_", "_<wbr>").Replace(templ.EscapeString(name)))
}
