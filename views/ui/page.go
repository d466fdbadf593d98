package ui

import "cmp"

// Crumb is one step of the way to a page.
type Crumb struct {
	Text string
	Href string
}

// HeadProps is the top of a page; its children are the actions.
type HeadProps struct {
	Crumbs []Crumb // the way here, without this page
	Title  string
	Text   string
}

// Tab is one of a page's faces. Tabs are links: each has its URL.
type Tab struct {
	Text    string
	Href    string
	Current bool
}

// EmptyProps says that there is nothing, and what to do next; its children are
// the buttons for it.
type EmptyProps struct {
	Icon  string
	Title string
	Text  string
}

// SearchProps is the search box of a list.
type SearchProps struct {
	Action      string // the list's address
	Label       string
	Placeholder string
	Value       string
}

// DeleteFormProps is the question before something is deleted.
type DeleteFormProps struct {
	CSRF   string
	Action string
	Text   string // of the button that does it
	Back   string // the way back for a user who keeps it
	Keep   string // of the button that leads there; "" is Keep it
}

func (p DeleteFormProps) keep() string { return cmp.Or(p.Keep, "Keep it") }

// PagerProps are the ways on in a keyset list; "" where there is none. One
// cannot jump to a page: counting them would mean reading them all.
type PagerProps struct {
	Newest string
	Older  string
}

// PagerOf are the ways on from the page at cursor, "" for the newest, when older
// is the cursor of the next. at is the address of a page.
func PagerOf(cursor, older string, at func(cursor string) string) (p PagerProps) {
	if cursor != "" {
		p.Newest = at("")
	}
	if older != "" {
		p.Older = at(older)
	}
	return p
}

// DialogProps is a modal; its children are its body.
type DialogProps struct {
	ID    string
	Title string
	// Optional dialogs hide without a script, others stand open in the page.
	Optional bool
	// Wide is for what holds more than a question. The focus goes to its title:
	// on the close button, the Enter that opens it from a link would close it.
	Wide bool
}
