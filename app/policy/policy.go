// Package policy decides who may do what. The rules are data; the service
// enforces them for pages and API alike, and views are told the answers.
package policy

import (
	"hookline/models"
	"slices"
)

// Can reports whether the actor may do this everywhere in the workspace, by role
// or scope. What a grant adds on one webhook is CanOn's question, and which
// webhooks a token sees is OwnOnly's.
func Can(actor models.Actor, action Action) bool {
	switch {
	case action == Public || actor.System:
		return true
	case actor.User != nil:
		return slices.Contains(roles[actor.User.Role], action)
	case actor.Token != nil:
		needed, known := scopes[action]
		return known && (actor.Token.Has(models.Admin) || slices.ContainsFunc(needed, actor.Token.Has))
	}
	return false
}

// CanOn reports whether the actor may do this on a webhook where it was granted
// this level.
func CanOn(actor models.Actor, action Action, level models.Level) bool {
	return Can(actor, action) || (isUser(actor) && slices.Contains(grants[level], action))
}

// Might reports whether the actor may do this on some webhook at least: now, or
// as soon as somebody grants it. It decides whether a page exists for them.
func Might(actor models.Actor, action Action) bool {
	return CanOn(actor, action, models.EditGrant)
}

func isUser(actor models.Actor) bool { return actor.User != nil && actor.User.Role.Valid() }

// OwnOnly returns the id of the token when the actor may see and change only the
// webhooks that it made itself (W4): a token that may write webhooks but is not
// an admin's. Otherwise it returns "".
func OwnOnly(actor models.Actor) string {
	if t := actor.Token; t != nil && t.Has(models.WebhooksWrite) && !t.Has(models.Admin) {
		return t.ID
	}
	return ""
}

// Check is Can as an error: Unauthenticated for nobody, Denied otherwise.
func Check(actor models.Actor, action Action) error {
	return refusal(Can(actor, action), actor)
}

// CheckID is Check, and parses the id of the object that the actor wants to do this
// with: NotFound for a text that is no id.
func CheckID(actor models.Actor, action Action, prefix, id string) (string, error) {
	if err := Check(actor, action); err != nil {
		return "", err
	}
	return models.ParseID(prefix, id)
}

// CheckOn is CanOn as an error.
func CheckOn(actor models.Actor, action Action, level models.Level) error {
	return refusal(CanOn(actor, action, level), actor)
}

// CheckMight is Might as an error.
func CheckMight(actor models.Actor, action Action) error {
	return refusal(Might(actor, action), actor)
}

func refusal(allowed bool, actor models.Actor) error {
	switch {
	case allowed:
		return nil
	case actor.User == nil && actor.Token == nil:
		return models.Errorf(models.Unauthenticated, "Sign in, or send an API token.")
	case actor.Token != nil:
		return models.Errorf(models.Denied, "This token lacks the scope for it.")
	}
	return models.Errorf(models.Denied, "Your role does not allow this. Ask an owner of the workspace.")
}
