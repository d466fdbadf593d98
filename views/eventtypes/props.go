// Package eventtypes has the pages of the catalog.
package eventtypes

import (
	"slices"
	"strconv"

	"hookline/models"
	"hookline/views/layout"
	"hookline/views/link"
	"hookline/views/ui"
)

// ListProps is the catalog.
type ListProps struct {
	Page        layout.Page
	Types       []models.EventType // by category and name
	Subscribers map[string]int     // webhooks by type, those that the user may see
	CanWrite    bool
	// Renaming is what stands in the form of a category whose new name was refused.
	Renaming Renaming
}

// Renaming is a category's form, when it could not be saved.
type Renaming struct {
	Category string
	Name     string
	Error    string
}

// ShowProps is one entry.
type ShowProps struct {
	Page        layout.Page
	Type        models.EventType
	Subscribers []*models.Webhook
	CanWrite    bool
	CanSend     bool
}

// FormProps is the form of a new entry (no Name) or of an existing one.
type FormProps struct {
	Page       layout.Page
	Name       string // "" for a new one
	Values     Values
	Errors     ui.Errors
	Categories []string
}

// Values are the form's fields as typed.
type Values struct {
	Name        string
	Category    string
	Title       string
	Description string
	Sample      string
	Schema      string
}

// category is a part of the catalog.
type category struct {
	Name     string
	Types    []models.EventType
	Archived int
}

func (p ListProps) categories() []category {
	var out []category
	for _, t := range p.Types {
		i := slices.IndexFunc(out, func(c category) bool { return c.Name == t.Category })
		if i < 0 {
			out = append(out, category{Name: t.Category})
			i = len(out) - 1
		}
		out[i].Types = append(out[i].Types, t)
	}
	return out
}

func (p ListProps) subscribers(t models.EventType) string { return webhookCount(p.Subscribers[t.Name]) }

func webhookCount(n int) string {
	switch n {
	case 0:
		return "No webhook"
	case 1:
		return "1 webhook"
	}
	return strconv.Itoa(n) + " webhooks"
}

// renameValue is what the category's form shows.
func (p ListProps) renameValue(c string) string {
	if p.Renaming.Category == c {
		return p.Renaming.Name
	}
	return c
}

func (p ListProps) renameError(c string) string {
	if p.Renaming.Category == c {
		return p.Renaming.Error
	}
	return ""
}

func (p FormProps) title() string {
	if p.Name == "" {
		return "New event type"
	}
	return "Edit " + p.Name
}

func (p FormProps) action() string {
	if p.Name == "" {
		return link.EventTypes
	}
	return link.EventType(p.Name)
}

func (p FormProps) back() string {
	if p.Name == "" {
		return link.EventTypes
	}
	return link.EventType(p.Name)
}

func (p FormProps) crumbs() []ui.Crumb {
	crumbs := []ui.Crumb{{Text: "Event types", Href: link.EventTypes}}
	if p.Name != "" {
		crumbs = append(crumbs, ui.Crumb{Text: p.Name, Href: link.EventType(p.Name)})
	}
	return crumbs
}

func label(field string) (string, string) {
	labels := map[string]string{
		"name": "Name", "category": "Category", "title": "Title", "description": "Description", "sample": "Sample", "schema": "Schema",
	}
	return labels[field], ui.FieldID(field)
}

// archived marks a type that takes no events any more.
func archived() ui.BadgeProps { return ui.BadgeProps{Icon: "archive", Text: "Archived"} }
