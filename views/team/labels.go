package team

import (
	"fmt"
	"slices"

	"hookline/models"
	"hookline/views/link"
	"hookline/views/ui"
)

func tabs(current string) []ui.Tab {
	return []ui.Tab{
		{Text: "Users", Href: link.Team, Current: current == link.Team},
		{Text: "Teams", Href: link.Teams, Current: current == link.Teams},
	}
}

var roleHints = map[models.Role]string{
	models.Owner:   "Everything: webhooks, people, tokens and settings.",
	models.Manager: "Picks webhooks in tracks, and sees those shared with them.",
	models.Member:  "Sees the webhooks that are shared with them.",
}

// status is a user's state as a badge.
func status(u models.User) ui.BadgeProps {
	if u.Disabled {
		return ui.BadgeProps{Tone: ui.ToneNone, Icon: "circle-slash", Text: "Disabled"}
	}
	return ui.BadgeProps{Tone: ui.ToneOK, Icon: "check", Text: "Active"}
}

func level(l models.Level) ui.BadgeProps {
	if l == models.EditGrant {
		return ui.BadgeProps{Tone: ui.ToneAccent, Icon: "pencil", Text: "Edit"}
	}
	return ui.BadgeProps{Icon: "book-open", Text: "View"}
}

func levelWord(l models.Level) string {
	if l == models.EditGrant {
		return "edit"
	}
	return "view"
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func inTeam(t models.Team, userID string) bool { return slices.Contains(t.Members, userID) }

func chosen(teams []string, id string) bool { return slices.Contains(teams, id) }

func fieldOf(labels map[string]string) func(string) (string, string) {
	return func(field string) (string, string) {
		if labels[field] == "" {
			return "", ""
		}
		return labels[field], ui.FieldID(field)
	}
}

var (
	userField    = fieldOf(map[string]string{"name": "Name", "email": "E-mail", "role": "Role"})
	inviteField  = fieldOf(map[string]string{"email": "E-mail"})
	profileField = fieldOf(map[string]string{"name": "Name", "email": "E-mail", "password": "Your password", "current": "Current password", "new": "New password"})
)

// noMatch is the text of a search without a result.
func noMatch(query string) string {
	return "Nobody has “" + query + "” in their name or address. Try fewer letters."
}
