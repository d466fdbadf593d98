package webhooks

// ValueGroup is a part of the palette: the members of a root, or the functions.
type ValueGroup struct {
	Title  string
	Text   string
	Values []Value
}

// Value is something that may stand between {{ and }}.
type Value struct {
	Code    string // what is inserted, braces included
	Name    string // how the list shows it
	Example string // its value in the chosen source; "" when there is none
	Text    string // what it is, in a sentence
}
