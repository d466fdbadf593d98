package models

import "time"

// SessionLifetime is how long a signed-in browser stays so.
const SessionLifetime = 14 * 24 * time.Hour

// Session is a signed-in browser. The cookie holds a random token; Hash is what
// the database knows of it.
type Session struct {
	Hash      []byte
	UserID    string
	CreatedAt time.Time
	ExpiresAt time.Time
}
