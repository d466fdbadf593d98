package ui

import "github.com/a-h/templ"

// ComboboxProps is a text field that offers matches while one types (the ARIA
// 1.2 editable combobox with a list). The field posts Name as typed and Picked
// as the value of the option that was chosen, "" when none was; without a script
// there is only the first. Source is asked with ?<Name>= and answers with
// ComboboxOptions; static/js/combobox.js does the rest.
type ComboboxProps struct {
	FieldProps
	Picked      string // name of the hidden field
	PickedValue string
	Source      string
}

func (p ComboboxProps) list() string { return p.id() + "-list" }

// ComboboxOption is a match. Text is what the field then reads.
type ComboboxOption struct {
	ID    string // of the element; unique in the page
	Value string
	Text  string
	Sub   string // what tells it from others of that name
	Note  string // what is so already
	Icon  string
}

// fieldAttrs are those of the text field. Roles come with the script: without
// it this is a plain field.
func (p ComboboxProps) fieldAttrs() templ.Attributes {
	a := p.attrs()
	a["hx-get"], a["hx-trigger"], a["hx-target"] = p.Source, "input changed delay:150ms, combobox:open", "#"+p.list()
	a["hx-swap"], a["hx-sync"] = "innerHTML", "this:replace"
	a["autocapitalize"], a["spellcheck"] = "off", "false"
	return a
}
