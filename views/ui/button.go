package ui

import "github.com/a-h/templ"

// ButtonKind is how much a button asks for attention.
type ButtonKind string

const (
	Secondary ButtonKind = ""
	Primary   ButtonKind = "btn-primary"
	Ghost     ButtonKind = "btn-ghost"
	Danger    ButtonKind = "btn-danger"  // leads to something destructive
	Destroy   ButtonKind = "btn-destroy" // does it
)

// ButtonProps is a button, or with Href a link that looks like one.
type ButtonProps struct {
	Text  string
	Kind  ButtonKind
	Icon  string // before the text; alone when Text is empty
	After bool   // the icon stands behind the text
	Label string // the accessible name, where Text does not say enough; needed without Text
	Small bool
	Wide  bool
	Href  string
	ID    string
	Name  string // of the submitted field
	Value string
	Opens string // id of a dialog to open
	Attrs templ.Attributes
}

func (p ButtonProps) class() string {
	class := "btn"
	if p.Kind != Secondary {
		class += " " + string(p.Kind)
	}
	if p.Small {
		class += " btn-small"
	}
	if p.Wide {
		class += " btn-wide"
	}
	if p.Text == "" {
		class += " btn-icon"
	}
	return class
}

func (p ButtonProps) attrs() templ.Attributes {
	a := templ.Attributes{"class": p.class()}
	set := func(name, value string) {
		if value != "" {
			a[name] = value
		}
	}
	set("id", p.ID)
	set("aria-label", p.Label)
	if p.Text == "" {
		set("title", p.Label)
	}
	switch {
	case p.Href != "":
	case p.Opens != "":
		a["type"], a["commandfor"], a["command"], a["aria-haspopup"] = "button", p.Opens, "show-modal", "dialog"
	default:
		a["type"] = "submit"
		set("name", p.Name)
		set("value", p.Value)
	}
	for name, value := range p.Attrs {
		a[name] = value
	}
	return a
}

func (p CopyProps) text() string {
	if p.Text == "" {
		return "Copy"
	}
	return p.Text
}
