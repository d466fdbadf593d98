package models

import "slices"

// TestTarget is where a test went, which need not be where its webhook sends (Z5): the
// URL and the signing key may have been typed for this test alone. All else is the
// webhook's as it is when it sends. The zero value is of a test whose target was not
// kept.
type TestTarget struct {
	URL     string
	Secrets bool    // secrets of the webhook's own went with it
	Signing Signing // by a key given for this test alone; without a key there was none
}

// ownKey reports whether a key was given for the test alone.
func (t TestTarget) ownKey() bool { return len(t.Signing.Key) > 0 }

// TestTargetOf is the target of a test that is sent to the webhook w, with a signing
// key of its own or without.
func TestTargetOf(w Webhook, ownKey bool) TestTarget {
	t := TestTarget{URL: w.URL}
	if ownKey {
		t.Signing = w.Signing
	}
	t.Secrets = w.sendsSecrets(ownKey)
	return t
}

// AtTestTarget is the webhook as a repeated test sends its request. Its own secrets go to its own
// URL only, so the error says that the test cannot be repeated when they went with it
// and the URL is another by now.
func (w Webhook) AtTestTarget(t TestTarget) (Webhook, error) {
	switch {
	case t.URL == "":
		return w, Errorf(Conflict, "Where this test went was not kept, as it is from an older version of Hookline. Send another with Test hook.")
	case t.Secrets && t.URL != w.URL && w.sendsSecrets(t.ownKey()):
		return w, Errorf(Conflict, "The webhook has another URL now, and its secrets are not sent to the one that this test went to. Send another with Test hook.")
	case !t.Secrets && t.URL != w.URL:
		w = w.WithoutSecrets()
	}
	w.URL = t.URL
	if t.ownKey() {
		w.Signing = t.Signing
	}
	return w, nil
}

// sendsSecrets reports whether secrets of the webhook's own go with a request, one
// signed with a key of its own or not.
func (w Webhook) sendsSecrets(ownKey bool) bool {
	return w.Signs() && !ownKey || w.Auth.SentIn() != "" || slices.ContainsFunc(w.Headers, func(h Header) bool { return h.Secret })
}

// WithoutSecrets is the webhook without credentials, secret headers and signatures.
func (w Webhook) WithoutSecrets() Webhook {
	w.Headers = slices.DeleteFunc(slices.Clone(w.Headers), func(h Header) bool { return h.Secret })
	w.Auth = Auth{Kind: AuthNone}
	w.Signing = Signing{}
	return w
}
