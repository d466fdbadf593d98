package models

import "time"

// WebhookVersion is a webhook as it was from one change of its settings or state to
// the next (B18).
type WebhookVersion struct {
	WebhookID string
	Version   int64
	// ConfigVersion is the version of the configuration that began with it; 0 for a
	// webhook that is older than its history: it has been so since CreatedAt.
	ConfigVersion int64
	CreatedAt     time.Time
	ActorName     string          // of the user, token or Hookline that made the change
	Settings      WebhookSettings // secrets are masked
}

// Begun reports whether the webhook was so already when the event came in.
func (v WebhookVersion) Begun(e Event) bool {
	if v.ConfigVersion == 0 || e.ConfigVersion == 0 {
		return !v.CreatedAt.After(e.CreatedAt)
	}
	return v.ConfigVersion <= e.ConfigVersion
}
