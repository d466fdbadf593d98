package link

import (
	"maps"

	"hookline/models"
)

// Filter is the log's filter, with the times that could not be read as they were
// typed: a page shows them again.
type Filter struct {
	models.DeliveryFilter
	unread map[string]string
}

// WithUnread keeps the text of a member that could not be read.
func (f Filter) WithUnread(name, text string) Filter {
	unread := maps.Clone(f.unread)
	if unread == nil {
		unread = map[string]string{}
	}
	unread[name] = text
	f.unread = unread
	return f
}

// Pairs are the names and texts of the members that narrow.
func (f Filter) Pairs() [][2]string {
	pairs := f.DeliveryFilter.Pairs()
	for _, name := range []string{"since", "until"} {
		if f.unread[name] != "" {
			pairs = append(pairs, [2]string{name, f.unread[name]})
		}
	}
	return pairs
}

// Text is a member as it stands in the URL.
func (f Filter) Text(name string) string {
	for _, p := range f.Pairs() {
		if p[0] == name {
			return p[1]
		}
	}
	return ""
}

// Without is the filter without a member.
func (f Filter) Without(name string) Filter {
	kept, _ := models.ParseDeliveryFilter(func(n string) string {
		if n == name {
			return ""
		}
		return f.Text(n)
	})
	without := Filter{DeliveryFilter: kept}
	for other, text := range f.unread {
		if other != name {
			without = without.WithUnread(other, text)
		}
	}
	return without
}

// flat are pairs as query takes them.
func flat(pairs [][2]string) []string {
	var texts []string
	for _, p := range pairs {
		texts = append(texts, p[0], p[1])
	}
	return texts
}
