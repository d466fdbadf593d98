package models

import (
	"encoding/base64"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// Signing is how a webhook's requests are signed, in any combination; one key
// serves all.
type Signing struct {
	JWT      bool // Z2, in x-webhook-secret
	HMAC     bool // W5, in X-Hmac-Signature
	Standard bool // B1, in webhook-signature; the key is a whsec_… one then
	Key      Sealed
	// OldKey is the one before the last rotation. Until OldKeyUntil one can go back
	// to it, and Standard Webhooks sends its signature beside that of the new key,
	// so that receivers change over without a gap (B1). The token and the HMAC have
	// room for one signature: the new key's.
	OldKey      Sealed
	OldKeyUntil time.Time
}

// HasOldKey reports whether the overlap after a rotation still runs.
func (s Signing) HasOldKey(now time.Time) bool { return len(s.OldKey) > 0 && now.Before(s.OldKeyUntil) }

// A key of Standard Webhooks is StandardKeyPrefix and the base64 (RFC 4648,
// section 4, padded) of 24 to 64 bytes.
const (
	StandardKeyPrefix = "whsec_"
	MinStandardKey    = 24
	MaxStandardKey    = 64
)

// ParseStandardKey returns the bytes that a key of Standard Webhooks stands for;
// ok is false for any other text.
func ParseStandardKey(text string) (key []byte, ok bool) {
	encoded, ok := strings.CutPrefix(text, StandardKeyPrefix)
	if !ok || strings.ContainsAny(encoded, "\r\n") { // which decoding would pass over
		return nil, false
	}
	key, err := base64.StdEncoding.Strict().DecodeString(encoded)
	return key, err == nil && len(key) >= MinStandardKey && len(key) <= MaxStandardKey
}

// KeyProblem says why a key that was entered, in clear, cannot be taken for the
// signatures that are chosen, or "". The length counts characters (Z2).
func (s Signing) KeyProblem(key string) string {
	if problem := PasteProblem(key); problem != "" {
		return problem
	}
	if n := utf8.RuneCountInString(key); n < MinSigningKey || n > MaxSigningKey {
		return fmt.Sprintf("A signing key has %d to %d characters; this one has %d.", MinSigningKey, MaxSigningKey, n)
	}
	if !s.Fits(key) {
		return fmt.Sprintf("For Standard Webhooks a key is %s and the base64 of %d to %d bytes. Enter such a key, or have one generated.",
			StandardKeyPrefix, MinStandardKey, MaxStandardKey)
	}
	return ""
}

// Fits reports whether a key, in clear, can make the signatures that are chosen.
// A key that is stored already need not be what KeyProblem would take today.
func (s Signing) Fits(key string) bool {
	_, standard := ParseStandardKey(key)
	return standard || !s.Standard
}
