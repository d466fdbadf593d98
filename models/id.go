package models

import (
	"encoding/base32"
	"encoding/binary"
	"strings"
	"time"
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
	JobPrefix      = "job"
	CapturePrefix  = "cap"
	CapturedPrefix = "creq"
	SessionPrefix  = "ses"
	InvitePrefix   = "inv"

	ParticipantPrefix = "par"
	OAuthPrefix       = "oac" // of an OAuth connection
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

// IDAt is the first id of this kind that can have been made at t (RFC 9562, 5.7:
// a UUIDv7 begins with 48 bits of milliseconds).
func IDAt(prefix string, t time.Time) string {
	var uuid [16]byte
	binary.BigEndian.PutUint64(uuid[:8], uint64(max(t.UnixMilli(), 0))<<16)
	return FormatID(prefix, uuid)
}

// IDTime is when an id was made, to the millisecond; zero for what is no id.
func IDTime(id string) time.Time {
	_, body, _ := strings.Cut(id, "_")
	var uuid [16]byte
	if n, err := crockford.Decode(uuid[:], []byte(body)); err != nil || n != len(uuid) {
		return time.Time{}
	}
	return time.UnixMilli(int64(binary.BigEndian.Uint64(uuid[:8]) >> 16)).UTC()
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
	case JobPrefix:
		return "job"
	case CapturePrefix:
		return "capture endpoint"
	case CapturedPrefix:
		return "captured request"
	case SessionPrefix:
		return "session"
	case InvitePrefix:
		return "invitation"
	case ParticipantPrefix:
		return "participant"
	}
	return "object"
}
