package models

import (
	"encoding/base32"
	"strings"
)

// Prefixes of public ids.
const (
	WebhookPrefix  = "wh"
	EventPrefix    = "evt"
	DeliveryPrefix = "dlv"
	UserPrefix     = "usr"
	TokenPrefix    = "tok"
	TeamPrefix     = "team"
	GrantPrefix    = "grt"
	AuditPrefix    = "aud"
	CapturePrefix  = "cap"
	CapturedPrefix = "creq"
)

// crockford is the TypeID alphabet: it sorts like the bytes it encodes, and has
// no letters that people mistake for one another.
var crockford = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

const idBodyLength = 26 // 128 bits, five to a character

// FormatID writes a UUIDv7 as a public id, e.g. wh_01kf2j…; later ids sort after
// earlier ones.
func FormatID(prefix string, uuid [16]byte) string {
	out := make([]byte, len(prefix)+1+idBodyLength)
	copy(out, prefix)
	out[len(prefix)] = '_'
	crockford.Encode(out[len(prefix)+1:], uuid[:])
	return string(out)
}

// ParseID checks that text is an id with this prefix. A malformed id cannot
// name anything, so the error is NotFound.
func ParseID(prefix, text string) (string, error) {
	body, ok := strings.CutPrefix(text, prefix+"_")
	if !ok || len(body) != idBodyLength {
		return "", Errorf(NotFound, "There is no %s with this id.", nounOf(prefix))
	}
	var uuid [16]byte
	if _, err := crockford.Decode(uuid[:], []byte(body)); err != nil {
		return "", Errorf(NotFound, "There is no %s with this id.", nounOf(prefix))
	}
	return text, nil
}

func nounOf(prefix string) string {
	switch prefix {
	case WebhookPrefix:
		return "webhook"
	case EventPrefix:
		return "event"
	case DeliveryPrefix:
		return "delivery"
	case UserPrefix:
		return "user"
	case TokenPrefix:
		return "token"
	case TeamPrefix:
		return "team"
	case GrantPrefix:
		return "grant"
	case AuditPrefix:
		return "audit entry"
	case CapturePrefix:
		return "capture endpoint"
	case CapturedPrefix:
		return "captured request"
	}
	return "object"
}
