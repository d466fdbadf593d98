package form

import (
	"net/http"
	"net/url"
	"strings"
)

// LocalPath returns the text if it is a path on this server, with or without a
// query, and "" otherwise. A link to the sign-in page could else send a user on to
// a foreign page.
func LocalPath(text string) string {
	if len(text) > 2048 || !strings.HasPrefix(text, "/") || strings.HasPrefix(text, "//") {
		return ""
	}
	// A browser drops tabs and line breaks and reads a backslash as a slash; a
	// URL has neither, nor anything outside of visible ASCII.
	if strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r >= 0x7f || r == '\\' }) {
		return ""
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || strings.HasPrefix(u.Path, "//") {
		return ""
	}
	return text
}

// PageOf is the local path of the page that a request belongs to: its own when
// it is a GET, else the one whose form was sent. "" when that is not known.
func PageOf(r *http.Request) string {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return LocalPath(r.URL.RequestURI())
	}
	return From(r)
}

// From is the local path of the page that the browser shows while it sends the
// request; "" when that is not known. Only the path is used, and that is ours
// whichever host the header names.
func From(r *http.Request) string {
	from := r.Header.Get("HX-Current-URL")
	if from == "" {
		from = r.Referer()
	}
	u, err := url.Parse(from)
	if err != nil || u.Path == "" {
		return ""
	}
	return LocalPath(u.RequestURI())
}
