// Package layout is the frame around every page.
package layout

import (
	"time"

	"hookline/models"
	"hookline/views/ui"
)

// Flash is the message that the page before left.
type Flash = ui.Flash

// Areas of the navigation, for Page.Nav.
const (
	NavHome       = "home"
	NavWebhooks   = "webhooks"
	NavDeliveries = "deliveries"
	NavCapture    = "capture"
	NavTokens     = "tokens"
	NavTeam       = "team"
	NavAudit      = "audit"
	NavSettings   = "settings"
	NavEvents     = "events"
	NavEventTypes = "event-types"
	NavDocs       = "docs"

	NavParticipants = "participants"
)

// NavItem is an entry of the navigation.
type NavItem struct {
	Area string // one of the above
	Href string
	Icon string
	Text string
	Key  string // the letter that leads there, after g; "" for none
	Last bool   // of its group: a gap follows
}

// Page is what the frame around every page shows.
type Page struct {
	Title    string       // of the browser tab; "" for the page's usual one
	Actor    *models.User // nil: a visitor
	CSRF     string
	Theme    string    // light, dark or system; anything else counts as system
	Flash    *Flash    // nil: none
	Nav      string    // the area to mark as current; "" for the page's usual one
	Menu     []NavItem // the navigation, without what this person may not use
	Banner   string    // a sentence about the whole installation, e.g. that the disk is full; "" mostly
	SiteName string    // of the workspace
	Path     string    // of this page with its query: where the theme switch returns to
	Now      time.Time
}

func (p Page) theme() string {
	switch p.Theme {
	case "light", "dark":
		return p.Theme
	}
	return "system"
}

func (p Page) tab() string {
	if p.Title == "" {
		return "Hookline"
	}
	return p.Title + " · Hookline"
}

// As fills in what every page knows about itself.
func (p Page) As(nav, title string) Page {
	if p.Nav == "" {
		p.Nav = nav
	}
	if p.Title == "" {
		p.Title = title
	}
	return p
}
