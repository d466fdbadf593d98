package deliver

import (
	"sync"

	"hookline/models"
)

// maxCached bounds the memory of webhooks that were deleted where nobody told of it
// (see Sender.DropOutdated).
const maxCached = 4096

// cache keeps the newest prepared form of each webhook.
type cache struct {
	mu   sync.RWMutex
	byID map[string]*prepared
}

func newCache() *cache { return &cache{byID: map[string]*prepared{}} }

// get returns nil when the webhook was not prepared in this version or with
// these settings.
func (c *cache) get(id string, version int64, settings models.Settings) *prepared {
	c.mu.RLock()
	p := c.byID[id]
	c.mu.RUnlock()
	if p == nil || p.version != version || p.settings != settings {
		return nil
	}
	return p
}

// room says whether another can be kept without one going.
func (c *cache) room() bool {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return len(c.byID) < maxCached
}

// put keeps p in place of what was there. When the cache is full, any other
// entry makes room: preparing again costs microseconds, so a fair choice is not
// worth a list.
func (c *cache) put(id string, p *prepared) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, known := c.byID[id]; !known && len(c.byID) >= maxCached {
		for other := range c.byID {
			delete(c.byID, other)
			break
		}
	}
	c.byID[id] = p
}

// dropOutdated drops what was prepared of webhooks that are gone or changed.
func (c *cache) dropOutdated(config *models.Config) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for id, p := range c.byID {
		if w := config.Webhook(id); w == nil || w.Version != p.version {
			delete(c.byID, id)
		}
	}
}
