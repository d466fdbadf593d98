package ui

import "github.com/a-h/templ"

// FieldProps is one labelled input. Its element id is FieldID(Name), unless ID
// is given because a page has two of that name.
type FieldProps struct {
	ID          string
	Name        string
	Label       string
	Hint        string
	Error       string
	Value       string
	Type        string // text when empty
	Placeholder string
	Complete    string // autocomplete; off when empty
	Optional    bool   // says so beside the label
	Required    bool
	Mono        bool // for what goes over the wire
	Rows        int  // of a text area
	HideLabel   bool // for screen readers only
	Templated   bool // its text may hold {{…}}: it is marked, and takes values from the palette
	Attrs       templ.Attributes
}

func (p FieldProps) id() string {
	if p.ID != "" {
		return p.ID
	}
	return FieldID(p.Name)
}

func (p FieldProps) typ() string {
	if p.Type == "" {
		return "text"
	}
	return p.Type
}

func (p FieldProps) class() string {
	if p.Mono {
		return "input mono"
	}
	return "input"
}

// described lists the ids of what explains the input.
func (p FieldProps) described() string {
	ids := ""
	if p.Error != "" {
		ids = p.id() + "-error"
	}
	if p.Hint != "" {
		if ids != "" {
			ids += " "
		}
		ids += p.id() + "-hint"
	}
	return ids
}

// attrs are what input, select and textarea share.
func (p FieldProps) attrs() templ.Attributes {
	a := templ.Attributes{"id": p.id(), "name": p.Name, "class": p.class()}
	if d := p.described(); d != "" {
		a["aria-describedby"] = d
	}
	if p.Error != "" {
		a["aria-invalid"] = "true"
	}
	if p.Required {
		a["required"] = true
	}
	if p.Placeholder != "" {
		a["placeholder"] = p.Placeholder
	}
	a["autocomplete"] = "off"
	if p.Complete != "" {
		a["autocomplete"] = p.Complete
	}
	if p.Mono {
		a["spellcheck"] = "false"
		a["autocapitalize"] = "off"
	}
	if p.Templated {
		a["data-templated"] = "text"
	}
	for name, value := range p.Attrs {
		a[name] = value
	}
	return a
}

// Option is one choice of a select.
type Option struct {
	Value string
	Text  string
}

// CheckProps is a checkbox or a radio button. Its element id is made of Name
// and Value, since several share a name.
type CheckProps struct {
	Name    string
	Value   string // "true" when empty
	Label   string
	Hint    string
	Code    string // the name on the wire, behind the label
	Checked bool
	Mono    bool   // for a label that goes over the wire
	Class   string // of the input
}

func (p CheckProps) id() string { return FieldID(p.Name + "-" + p.value()) }

func (p CheckProps) value() string {
	if p.Value == "" {
		return "true"
	}
	return p.Value
}
