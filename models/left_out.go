package models

import "slices"

// LeftOut names what a copy of a webhook cannot take over, because it is secret
// (I10). It is empty again once the copy has been given the like.
type LeftOut struct {
	Auth    AuthKind // "" when there is none
	Headers []string
}

// None reports whether nothing has to be entered again.
func (l LeftOut) None() bool { return l.Auth == "" && len(l.Headers) == 0 }

// LeftOut is what w has that its copy lacks.
func (w Webhook) LeftOut(twin Webhook) (out LeftOut) {
	if w.Auth.Kind != AuthNone && twin.Auth.Kind == AuthNone {
		out.Auth = w.Auth.Kind
	}
	for _, h := range w.Headers {
		if h.Secret && !slices.ContainsFunc(twin.Headers, func(have Header) bool { return have.Name == h.Name }) {
			out.Headers = append(out.Headers, h.Name)
		}
	}
	return out
}
