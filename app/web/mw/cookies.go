package mw

import (
	"net/http"
	"time"
)

// Cookies names and guards the cookies of one installation. A browser keeps
// cookies by host, whatever the port, so installations on one host need names of
// their own.
type Cookies struct {
	instance string // "" adds nothing to the names
	https    bool
}

// NewCookies is for the installation that instance tells apart, reached over https
// or not: only over https may a browser take a __Host- cookie, which no other
// host can set or overwrite.
func NewCookies(instance string, https bool) Cookies {
	return Cookies{instance: instance, https: https}
}

// Name is the whole name of the cookie that we call so.
func (c Cookies) Name(name string) string {
	if c.instance != "" {
		name += "-" + c.instance
	}
	if c.https {
		name = "__Host-" + name
	}
	return name
}

// New is a cookie that scripts cannot read, for the whole site; it ends with the
// browser's session unless its MaxAge is set.
func (c Cookies) New(name, value string) *http.Cookie {
	return &http.Cookie{
		Name: c.Name(name), Value: value, Path: "/", HttpOnly: true, Secure: c.https, SameSite: http.SameSiteLaxMode,
	}
}

// Lasting is New for a cookie that lasts so long; a negative time deletes it.
func (c Cookies) Lasting(name, value string, maxAge time.Duration) *http.Cookie {
	cookie := c.New(name, value)
	cookie.MaxAge = int(maxAge.Seconds())
	return cookie
}

// Value is what the request's cookie of this name holds, or "".
func (c Cookies) Value(r *http.Request, name string) string {
	cookie, err := r.Cookie(c.Name(name))
	if err != nil {
		return ""
	}
	return cookie.Value
}
