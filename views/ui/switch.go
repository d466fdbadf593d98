package ui

import (
	"strconv"

	"github.com/a-h/templ"
)

// SwitchProps is something that is on or off.
type SwitchProps struct {
	ID       string
	Label    string // what is switched, e.g. the webhook's name
	On       bool
	Action   string // takes a POST with Name=true or Name=false
	Name     string
	CSRF     string
	Next     string
	Target   string // CSS selector of what the answer replaces; "" for a plain form
	Disabled bool
}

func (p SwitchProps) htmx() templ.Attributes {
	if p.Target == "" {
		return nil
	}
	// Not hx-disabled-elt: a disabled button loses the focus, and the swapped row
	// would not get it back.
	return templ.Attributes{
		"hx-post": p.Action, "hx-target": p.Target, "hx-swap": "outerHTML", "hx-sync": "this:drop",
	}
}

func flipped(on bool) string  { return strconv.FormatBool(!on) }
func boolWord(on bool) string { return strconv.FormatBool(on) }
