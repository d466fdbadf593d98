package models

import (
	"iter"
	"maps"
	"slices"
)

// Config is all configuration that the hot path needs, as of one version: read
// once, never changed, swapped as a whole.
type Config struct {
	Version    int64
	Settings   Settings
	Access     Access
	webhooks   map[string]*Webhook
	eventTypes map[string]EventType
	tokens     map[string]*Token
	matching   map[string][]*Webhook
	// connections by name.
	connections []OAuthConnection
}

// NewConfig indexes what the database holds.
func NewConfig(version int64, settings Settings, access Access, webhooks []*Webhook, types []EventType, tokens []*Token) *Config {
	c := &Config{
		Version: version, Settings: settings, Access: access,
		webhooks: map[string]*Webhook{}, eventTypes: map[string]EventType{},
		tokens: map[string]*Token{}, matching: map[string][]*Webhook{},
	}
	for _, w := range webhooks {
		c.webhooks[w.ID] = w
	}
	for _, t := range tokens {
		c.tokens[string(t.Hash)] = t
	}
	for _, t := range types {
		c.eventTypes[t.Name] = t
		c.matching[t.Name] = slices.DeleteFunc(slices.Clone(webhooks), func(w *Webhook) bool {
			return !w.Delivers() || !w.Subscriptions.Covers(t)
		})
	}
	return c
}

// WithConnections adds the OAuth connections, sorted by name, and gives each
// webhook the one that it names. It belongs to the making of a Config.
func (c *Config) WithConnections(list []OAuthConnection) *Config {
	c.connections = list
	for _, w := range c.webhooks {
		w.Auth.Shared = c.Connection(w.Auth.Connection)
	}
	return c
}

// Connections lists the OAuth connections by name. The slice is shared: do not
// change it.
func (c *Config) Connections() []OAuthConnection { return c.connections }

// Connection returns the OAuth connection, or nil.
func (c *Config) Connection(id string) *OAuthConnection {
	for i := range c.connections {
		if c.connections[i].ID == id {
			return &c.connections[i]
		}
	}
	return nil
}

// Webhook returns the webhook, or nil when it does not exist (any more).
func (c *Config) Webhook(id string) *Webhook { return c.webhooks[id] }

// Webhooks lists all, in no order.
func (c *Config) Webhooks() iter.Seq[*Webhook] { return maps.Values(c.webhooks) }

// EventType returns a catalog entry, archived ones too.
func (c *Config) EventType(name string) (EventType, bool) {
	t, ok := c.eventTypes[name]
	return t, ok
}

// Token returns the token with this hash, or nil.
func (c *Config) Token(hash []byte) *Token { return c.tokens[string(hash)] }

// TokenByID returns the token, or nil.
func (c *Config) TokenByID(id string) *Token {
	for _, t := range c.tokens {
		if t.ID == id {
			return t
		}
	}
	return nil
}

// HasWebhooks reports whether there is any.
func (c *Config) HasWebhooks() bool { return len(c.webhooks) > 0 }

// HasTokens reports whether any program can sign in.
func (c *Config) HasTokens() bool { return len(c.tokens) > 0 }

// Matching lists the webhooks that get events of this type now. The slice is
// shared: do not change it.
func (c *Config) Matching(eventType string) []*Webhook { return c.matching[eventType] }

// EventTypes lists the catalog, archived types too, in no order.
func (c *Config) EventTypes() iter.Seq[EventType] { return maps.Values(c.eventTypes) }

// HasCategory reports whether a type of the catalog is in the category.
func (c *Config) HasCategory(category string) bool {
	for _, t := range c.eventTypes {
		if t.Category == category {
			return true
		}
	}
	return false
}

// FirstSubscribed is the first type, by name, that the subscriptions cover and
// that takes events; "" when there is none.
func (c *Config) FirstSubscribed(s Subscriptions) string {
	first := ""
	for name, t := range c.eventTypes {
		if !t.Archived && s.Covers(t) && (first == "" || name < first) {
			first = name
		}
	}
	return first
}
