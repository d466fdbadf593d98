package models

import "time"

// SessionLifetime is how long a signed-in browser stays so.
const SessionLifetime = 14 * 24 * time.Hour

// SeenEvery is how exact a session's last use is known.
const SeenEvery = time.Minute

// Session is a signed-in browser. The cookie holds a random token; Hash is what
// the database knows of it.
type Session struct {
	ID        string
	Hash      []byte `json:"-"`
	UserID    string
	CreatedAt time.Time
	ExpiresAt time.Time
	// Of the last request that was noted; zero and empty before the first.
	SeenAt  time.Time
	Address string
	Agent   string // the User-Agent header as it came: not to be trusted
}
