package models

// Mail is a message to one person, without its looks: app/mail makes a text and
// an HTML part of it.
type Mail struct {
	To         string // an address that was validated
	Subject    string // one line
	Paragraphs []string
	Button     string // text of the one thing to do; "" for none
	URL        string // where it leads
	After      []string
}
