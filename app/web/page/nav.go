package page

import (
	"hookline/app/policy"
	"hookline/models"
	"hookline/views/layout"
	"hookline/views/link"
)

// navEntry is an entry of the navigation and the right that it needs, or
// could be by a grant, to see it.
type navEntry struct {
	layout.NavItem
	action policy.Action
	group  navGroup
}

// navGroup sets entries apart from each other.
type navGroup int

const (
	work navGroup = iota
	workspace
	docs
)

// navigation is in the order of the page. Key is the letter that, after g, leads
// there; "" for none.
var navigation = []navEntry{
	{layout.NavItem{Area: layout.NavHome, Href: link.Home, Icon: "house", Text: "Home", Key: "h"}, policy.SignedIn, work},
	{layout.NavItem{Area: layout.NavWebhooks, Href: link.Webhooks, Icon: "webhook", Text: "Webhooks", Key: "w"}, policy.ReadWebhooks, work},
	{layout.NavItem{Area: layout.NavDeliveries, Href: link.Deliveries, Icon: "list", Text: "Deliveries", Key: "d"}, policy.ReadDeliveries, work},
	{layout.NavItem{Area: layout.NavEvents, Href: link.Events, Icon: "zap", Text: "Events", Key: "e"}, policy.ReadEvents, work},
	{layout.NavItem{Area: layout.NavEventTypes, Href: link.EventTypes, Icon: "tags", Text: "Event types", Key: "y"}, policy.ReadEventTypes, work},
	{layout.NavItem{Area: layout.NavParticipants, Href: link.Participants, Icon: "contact-round", Text: "Participants", Key: "p"}, policy.ReadParticipants, work},
	{layout.NavItem{Area: layout.NavCapture, Href: link.Captures, Icon: "inbox", Text: "Capture", Key: "c"}, policy.UseCapture, work},
	{layout.NavItem{Area: layout.NavTeam, Href: link.Team, Icon: "users", Text: "Team", Key: "m"}, policy.ManagePeople, workspace},
	{layout.NavItem{Area: layout.NavTokens, Href: link.Tokens, Icon: "key-round", Text: "API tokens", Key: "t"}, policy.ManageTokens, workspace},
	{layout.NavItem{Area: layout.NavAudit, Href: link.Audit, Icon: "scroll-text", Text: "Audit log", Key: "a"}, policy.ReadAudit, workspace},
	{layout.NavItem{Area: layout.NavSettings, Href: link.Settings, Icon: "settings", Text: "Settings", Key: "s"}, policy.ManageSettings, workspace},
	{layout.NavItem{Area: layout.NavDocs, Href: link.APIDocs, Icon: "book-open", Text: "API docs"}, policy.SignedIn, docs},
}

// navFor leaves out what would be refused.
func navFor(actor models.Actor) []layout.NavItem {
	var items []layout.NavItem
	group := work
	for _, e := range navigation {
		if !policy.Might(actor, e.action) {
			continue
		}
		if e.group != group && len(items) > 0 {
			items[len(items)-1].Last = true
		}
		group = e.group
		items = append(items, e.NavItem)
	}
	return items
}
