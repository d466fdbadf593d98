package secret

import (
	"errors"
	"fmt"
	"strings"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"

	"hookline/models"
)

// Box seals and opens secrets with the master key ring: the primary key seals,
// any key of the ring opens. Safe for concurrent use.
type Box struct {
	cipher  tink.AEAD
	primary uint32
	known   map[uint32]bool
}

// ErrCannotOpen says that a sealed value and the keys, or the place it was
// found in, do not belong together. It carries nothing of the value.
var ErrCannotOpen = errors.New("the sealed value does not open with the master key in this place")

// newBox takes a ring whose primary key marks its output (tink's TINK kind):
// models.Sealed tells ciphertext from clear text by that mark.
func newBox(ring *keyset.Handle) (*Box, error) {
	cipher, err := aead.New(ring)
	if err != nil {
		return nil, errors.New("the master key is no key set for sealing (tink AEAD)")
	}
	b := &Box{cipher: cipher, known: map[uint32]bool{}}
	for _, k := range ring.KeysetInfo().GetKeyInfo() {
		b.known[k.GetKeyId()] = true
	}
	b.primary = ring.KeysetInfo().GetPrimaryKeyId()
	probe, err := b.Seal("", "")
	if err != nil {
		return nil, errors.New("the master key cannot seal")
	}
	if id, ok := keyOf(probe); !ok || id != b.primary {
		return nil, errors.New("the master key's primary key must have the output prefix TINK")
	}
	return b, nil
}

// Seal encrypts clear for the one place that ad names.
func (b *Box) Seal(clear, ad string) (models.Sealed, error) {
	sealed, err := b.cipher.Encrypt([]byte(clear), []byte(ad))
	if err != nil {
		return nil, errors.New("the master key cannot seal")
	}
	return sealed, nil
}

// Open decrypts what Seal made for the same place. The error is ErrCannotOpen
// for a wrong key, a changed value, or one moved from another row or field.
func (b *Box) Open(s models.Sealed, ad string) (string, error) {
	clear, err := b.cipher.Decrypt(s, []byte(ad))
	if err != nil {
		return "", ErrCannotOpen
	}
	return string(clear), nil
}

// Fingerprint names the key that seals. It is the key's public number, which
// also stands in front of everything it sealed, and tells nothing of the key.
func (b *Box) Fingerprint() string { return fingerprint(b.primary) }

func fingerprint(id uint32) string { return fmt.Sprintf("%08x", id) }

// keyOf reads which key sealed s: tink writes 0x01 and the key's number in front.
func keyOf(s models.Sealed) (uint32, bool) {
	if len(s) < 5 || s[0] != 0x01 {
		return 0, false
	}
	return uint32(s[1])<<24 | uint32(s[2])<<16 | uint32(s[3])<<8 | uint32(s[4]), true
}

const (
	probePlace = "settings/key_probe"
	probeText  = "hookline"
)

// NewProbe seals a constant. Kept in the database, it tells at the next start
// whether the master key is still the one that sealed the secrets there.
func (b *Box) NewProbe() (models.Sealed, error) { return b.Seal(probeText, probePlace) }

// CheckProbe returns nil when the key ring fits the database the probe lies in,
// else a sentence for the operator.
func (b *Box) CheckProbe(probe models.Sealed) error {
	if text, err := b.Open(probe, probePlace); err == nil && text == probeText {
		return nil
	}
	if id, ok := keyOf(probe); ok && !b.known[id] {
		return fmt.Errorf("the master key does not fit this database: its secrets are sealed with key %s, the key given is %s",
			fingerprint(id), b.Fingerprint())
	}
	return errors.New("the master key does not fit this database: the probe stored with it does not open")
}

// SigningKey names the place of a webhook's signing key.
func SigningKey(webhookID string) string { return "webhooks/" + webhookID + "/signing_key" }

// OldSigningKey names the place of the key before the last rotation.
func OldSigningKey(webhookID string) string { return "webhooks/" + webhookID + "/old_signing_key" }

// HeaderValue names the place of a webhook's secret header. The name counts
// without case, as header names do.
func HeaderValue(webhookID, headerName string) string {
	return "webhooks/" + webhookID + "/headers/" + strings.ToLower(headerName)
}

// CaptureURL names the place of the secret in a capture endpoint's URL.
func CaptureURL(captureID string) string { return "captures/" + captureID + "/secret" }

// WebhookAuth names the place of a webhook's authentication secret. The kind
// belongs to it: a client secret must never be sent as a bearer token.
func WebhookAuth(webhookID string, kind models.AuthKind) string {
	return "webhooks/" + webhookID + "/auth/" + string(kind)
}

// ConnectionSecret names the place of an OAuth connection's client secret.
func ConnectionSecret(connectionID string) string {
	return "oauth_connections/" + connectionID + "/client_secret"
}

// AccessToken names the place of a token that was fetched for a webhook or a
// connection with these credentials.
func AccessToken(key, credentials string) string { return "oauth_tokens/" + key + "/" + credentials }

// BrowserMark is the place of the cookie that marks a browser after a sign-in.
const BrowserMark = "browser_mark"
