// Package audit has the page of the audit log.
package audit

import (
	"strconv"
	"strings"

	"hookline/models"
	"hookline/views/layout"
	"hookline/views/link"
	"hookline/views/ui"
)

// Props is the page.
type Props struct {
	Page       layout.Page
	Filter     link.AuditFilter
	Actors     []models.Audit // for the filter: the actors in the log
	Rows       []Row
	NextCursor string // older; "" when this page is the last
	MaxExport  int
}

// Row is an entry; Href leads to its object where that is still there.
type Row struct {
	models.Audit
	Href string
}

// nouns are what things are done to, in the order of the filter.
var nouns = []struct{ key, one, many string }{
	{"webhook", "the webhook", "Webhooks"},
	{"grant", "the permission on", "Permissions"},
	{"event_type", "the event type", "Event types"},
	{"category", "the category", "Categories"},
	{"event", "the event", "Events"},
	{"delivery", "the delivery", "Deliveries"},
	{"token", "the API token", "API tokens"},
	{"user", "the user", "Users"},
	{"invitation", "the invitation of", "Invitations"},
	{"team", "the team", "Teams"},
	{"participant", "the participant", "Participants"},
	{"capture", "the capture URL", "Capture URLs"},
	{"job", "the bulk job", "Bulk jobs"},
	{"oauth_connection", "the OAuth connection", "OAuth connections"},
	{"settings", "the", "Settings"},
	{"workspace", "the workspace", "Workspace"},
}

// phrases are actions that need words of their own.
var phrases = map[string]string{
	"webhook.disabled":     "switched off the failing webhook",
	"token.revoked":        "revoked the API token",
	"workspace.set_up":     "set up the workspace",
	"delivery.retriggered": "retriggered the delivery of",
	"delivery.cancelled":   "cancelled the delivery of",
	"settings.updated":     "changed the settings",

	"invitation.created":     "invited",
	"invitation.renewed":     "made a new link for the invitation of",
	"invitation.revoked":     "revoked the invitation of",
	"invitation.accepted":    "accepted an invitation and became the user",
	"user.password_changed":  "changed the password of",
	"user.reset_link_made":   "made a password link for",
	"user.reset_link_mailed": "asked by e-mail for a password link for",
	"user.signed_in":         "signed in as",
	"user.sign_in_failed":    "failed to sign in as",
	"user.session_revoked":   "ended a session of",
	"user.sessions_revoked":  "ended the sessions of",
}

var verbs = map[string]string{"created": "made", "updated": "changed", "saved": "changed"}

// ActionLabel returns the action in plain words, without actor and object.
func ActionLabel(a models.Audit) string {
	if on, only := switched(a); only {
		return "switched " + on + " the webhook"
	}
	if p := phrases[a.Action]; p != "" {
		return p
	}
	noun, verb, _ := strings.Cut(a.Action, ".")
	if v := verbs[verb]; v != "" {
		verb = v
	}
	return strings.ReplaceAll(verb, "_", " ") + " " + nounOf(noun)
}

// switched tells the status toggle from other changes of a webhook.
func switched(a models.Audit) (on string, only bool) {
	if a.Action != "webhook.updated" || len(a.Changes) != 1 || a.Changes[0].Field != "enabled" {
		return "", false
	}
	if a.Changes[0].After == "true" {
		return "on", true
	}
	return "off", true
}

func nounOf(key string) string {
	for _, n := range nouns {
		if n.key == key {
			return n.one
		}
	}
	return "the " + strings.ReplaceAll(key, "_", " ")
}

// named reports whether the entry names its object beside the words.
func named(a models.Audit) bool { return a.Subject != "" && a.Action != "settings.updated" }

// Sentence is actor, action and object.
func Sentence(a models.Audit) string {
	s := a.ActorName + " " + ActionLabel(a)
	if named(a) {
		s += " " + a.Subject
	}
	return s
}

func actorKind(k models.ActorKind) string {
	switch k {
	case models.UserActor:
		return ""
	case models.TokenActor:
		return "API token"
	case models.VisitorActor:
		return "Visitor"
	}
	return "System"
}

// SecretReplaced reports whether one secret replaced another: both read ***.
func SecretReplaced(c models.Change) bool { return c.Before == models.Mask && c.After == models.Mask }

func changesText(a models.Audit) string {
	names := make([]string, 0, 3)
	for _, c := range a.Changes[:min(3, len(a.Changes))] {
		names = append(names, c.Field)
	}
	text := strings.Join(names, ", ")
	if more := len(a.Changes) - len(names); more > 0 {
		text += " and " + strconv.Itoa(more) + " more"
	}
	return text
}

func (p Props) pager() ui.PagerProps {
	return ui.PagerOf(p.Filter.Cursor, p.NextCursor, func(at string) string { return p.Filter.At(at).URL() })
}

func (p Props) actorOptions() []ui.Option {
	options := []ui.Option{{Text: "Everybody"}, {Value: "system", Text: "Hookline and its command line"}, {Value: "visitor", Text: "Visitors, not signed in"}}
	for _, a := range p.Actors {
		text := a.ActorName
		if kind := actorKind(a.ActorKind); kind != "" {
			text += " (" + kind + ")"
		}
		options = append(options, ui.Option{Value: a.ActorID, Text: text})
	}
	return options
}

// actions that are offered one by one; any other can stand in the URL.
var actions = []ui.Option{
	{Value: "webhook.created", Text: "Webhook made"}, {Value: "webhook.updated", Text: "Webhook changed"},
	{Value: "webhook.deleted", Text: "Webhook deleted"}, {Value: "webhook.disabled", Text: "Webhook switched off for failing"},
	{Value: "event_type.updated", Text: "Event type changed"}, {Value: "token.created", Text: "API token made"}, {Value: "token.revoked", Text: "API token revoked"},
	{Value: "delivery.retriggered", Text: "Delivery retriggered"}, {Value: "delivery.cancelled", Text: "Delivery cancelled"},
	{Value: "user.created", Text: "User made"}, {Value: "user.updated", Text: "User changed"},
	{Value: "user.signed_in", Text: "User signed in"}, {Value: "user.sign_in_failed", Text: "Sign-in failed"},
}

func actionOptions(chosen string) []ui.Option {
	options := []ui.Option{{Text: "Everything"}}
	for _, n := range nouns {
		options = append(options, ui.Option{Value: n.key, Text: n.many})
	}
	options = append(options, actions...)
	for _, o := range options {
		if o.Value == chosen {
			return options
		}
	}
	return append(options, ui.Option{Value: chosen, Text: chosen})
}
