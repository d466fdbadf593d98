package webhooks

import (
	"hookline/views/link"
	"strings"

	"hookline/models"
)

// Snippet is the code of a receiver in one language.
type Snippet struct {
	Language string // go, node, python, php or ruby: the style sheet knows these
	Title    string // the language's name
	File     string // what to save it as
	Run      string // the command that starts it
	Code     string
}

// checked is what the snippets check, in words.
func checked(s models.Signing) string {
	var what []string
	if s.Standard {
		what = append(what, "the Standard Webhooks signature and its time")
	}
	if s.JWT {
		what = append(what, "the signed token")
	}
	if s.HMAC {
		what = append(what, "the HMAC of the body")
	}
	last := len(what) - 1
	if last == 0 {
		return what[0]
	}
	return strings.Join(what[:last], ", ") + " and " + what[last]
}

// oldKeyText is what the overlap after a rotation means for these signatures.
func oldKeyText(s models.Signing, oldSigns bool) string {
	switch {
	case oldSigns && (s.JWT || s.HMAC):
		return "webhook-signature is made with both keys, so receivers that check it accept either. Everything else is signed with the new key alone, and you can still go back."
	case oldSigns:
		return "Requests bear a signature of both keys, so receivers accept them with either, and you can still go back."
	}
	return "The new key signs since the last change, and you can still go back."
}

// onward is the webhook's page, which names what a copy still lacks.
func (p KeyShownProps) onward() string {
	if p.CopyOf != "" {
		return link.WebhookCopy(p.Webhook.ID, p.CopyOf)
	}
	return link.Webhook(p.Webhook.ID)
}

// usage says how receivers read a key, for the signatures that the webhook makes,
// and what becomes of the key before it.
func (p KeyShownProps) usage() string {
	s := p.Webhook.Signing
	var say []string
	if s.Standard {
		say = append(say, "Libraries for Standard Webhooks take the key as it stands.")
	}
	if s.JWT || s.HMAC {
		say = append(say, "For the token and X-Hmac-Signature the whole text is the key, whsec_ included.")
	}
	switch {
	case !s.HasOldKey(p.Page.Now):
	case p.OldKeySigns && !s.JWT && !s.HMAC:
		say = append(say, "While the old key is kept, requests are signed with it too, so your receivers can change over one by one.")
	case p.OldKeySigns:
		say = append(say, "While the old key is kept, webhook-signature is made with it too; the rest is signed with this key from now on.")
	default:
		say = append(say, "Requests are signed with this key from now on. While the old one is kept, you can go back to it.")
	}
	return strings.Join(say, " ")
}
