package account

import (
	"encoding/base64"
	"slices"
	"strings"

	"hookline/app/secret"
	"hookline/models"
)

// browserMark is what a browser keeps in a cookie once a user has signed in with
// it: a random name, and for which users. It is sealed with the master key, so that
// only the server makes marks. It is no session; it only has the browser counted apart
// from strangers when a password is tried.
type browserMark struct {
	name  string
	users []string // ids, the last first
}

const (
	maxMarkedUsers = 4    // that share a browser
	maxMark        = 1024 // bytes of a cookie that is looked at
)

// openMark reads a cookie; one that is not ours is a mark without users.
func (s *Accounts) openMark(cookie string) browserMark {
	if cookie == "" || len(cookie) > maxMark {
		return browserMark{}
	}
	sealed, err := base64.RawURLEncoding.DecodeString(cookie)
	if err != nil {
		return browserMark{}
	}
	text, err := s.box.Open(models.Sealed(sealed), secret.BrowserMark)
	if err != nil {
		return browserMark{}
	}
	words := strings.Fields(text)
	if len(words) == 0 {
		return browserMark{}
	}
	return browserMark{words[0], words[1:]}
}

// of reports whether the user signed in with this browser before.
func (m browserMark) of(userID string) bool { return slices.Contains(m.users, userID) }

// seal is the cookie of the browser after the user signed in with it.
func (m browserMark) seal(box *secret.Box, userID string) (string, error) {
	if m.name == "" {
		m.name, _ = secret.NewToken("")
	}
	others := slices.DeleteFunc(slices.Clone(m.users), func(id string) bool { return id == userID })
	users := append([]string{userID}, others[:min(len(others), maxMarkedUsers-1)]...)
	sealed, err := box.Seal(m.name+" "+strings.Join(users, " "), secret.BrowserMark)
	return base64.RawURLEncoding.EncodeToString(sealed), err
}
