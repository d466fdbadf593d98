package page

import (
	"hookline/app/policy"
	"hookline/models"
	"hookline/views/layout"
	"hookline/views/link"
)

// navEntry is an entry of the navigation and what one must be allowed to do, or
// could be by a grant, to see it.
type navEntry struct {
	layout.NavItem
	action policy.Action
}

// navigation is in the order of the page. Key is the letter that, after g, leads
// there; "" for none.
var navigation = []navEntry{
	{layout.NavItem{Area: layout.NavHome, Href: link.Home, Icon: "house", Text: "Home", Key: "h"}, policy.SignedIn},
	{layout.NavItem{Area: layout.NavWebhooks, Href: link.Webhooks, Icon: "webhook", Text: "Webhooks", Key: "w"}, policy.ReadWebhooks},
	{layout.NavItem{Area: layout.NavDeliveries, Href: link.Deliveries, Icon: "list", Text: "Deliveries", Key: "d"}, policy.ReadDeliveries},
	{layout.NavItem{Area: layout.NavCapture, Href: link.Captures, Icon: "inbox", Text: "Capture", Key: "c"}, policy.UseCapture},
	{layout.NavItem{Area: layout.NavEvents, Href: link.Events, Icon: "zap", Text: "Events", Key: "e"}, policy.ReadEvents},
	{layout.NavItem{Area: layout.NavEventTypes, Href: link.EventTypes, Icon: "tags", Text: "Event types", Key: "y"}, policy.ReadEventTypes},
	{layout.NavItem{Area: layout.NavTeam, Href: link.Team, Icon: "users", Text: "Team", Key: "m"}, policy.ManagePeople},
	{layout.NavItem{Area: layout.NavTokens, Href: link.Tokens, Icon: "key-round", Text: "API tokens", Key: "t"}, policy.ManageTokens},
	{layout.NavItem{Area: layout.NavAudit, Href: link.Audit, Icon: "scroll-text", Text: "Audit log", Key: "a"}, policy.ReadAudit},
	{layout.NavItem{Area: layout.NavSettings, Href: link.Settings, Icon: "settings", Text: "Settings", Key: "s"}, policy.ManageSettings},
	{layout.NavItem{Area: layout.NavDocs, Href: link.APIDocs, Icon: "book-open", Text: "API docs"}, policy.SignedIn},
}

// navFor leaves out what would be refused.
func navFor(actor models.Actor) []layout.NavItem {
	var items []layout.NavItem
	for _, e := range navigation {
		if policy.Might(actor, e.action) {
			items = append(items, e.NavItem)
		}
	}
	return items
}
