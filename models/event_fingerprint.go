package models

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// byMeaning begins a fingerprint of what an event's JSON says. One of 32 bytes,
// without it, is of an older version, and of the bytes of the JSON.
const byMeaning = 1

// Fingerprint tells two events with the same id apart by what they say: white space,
// the order of members, and how texts and numbers are spelled (100, 1e2, 100.0) make
// no difference. named is how the caller named the participant; nil when the event
// is about none.
func (e Event) Fingerprint(named *ParticipantRef) []byte {
	return append([]byte{byMeaning}, e.digest(named, canonicalJSON)...)
}

// Repeats reports whether an event that was stored with the fingerprint says the same.
func (e Event) Repeats(fingerprint []byte, named *ParticipantRef) bool {
	own := e.Fingerprint(named)
	if len(fingerprint) == sha256.Size {
		own = e.digest(named, func(raw json.RawMessage) []byte { return raw })
	}
	return subtle.ConstantTimeCompare(fingerprint, own) == 1
}

func (e Event) digest(named *ParticipantRef, written func(json.RawMessage) []byte) []byte {
	h := sha256.New()
	h.Write([]byte(e.Type))
	h.Write([]byte{0})
	h.Write(written(e.Data))
	if named != nil {
		for _, part := range [][]byte{[]byte(named.ID), []byte(NormalEmail(named.Email)), written(named.Identifiers), written(named.Fields)} {
			h.Write([]byte{0}) // no text or JSON has this byte in it
			h.Write(part)
		}
	}
	return h.Sum(nil)
}

// canonicalJSON writes JSON in the one way that all spellings of its value share:
// as RFC 8785 does, but with numbers in full, since nothing passes through floats.
func canonicalJSON(raw json.RawMessage) []byte {
	text := jsontext.Value(bytes.Clone(raw))
	if len(raw) == 0 || text.Format(jsontext.ReorderRawObjects(true)) != nil {
		return raw
	}
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case c == '"':
			end := i + 1
			for ; text[end] != '"'; end++ {
				if text[end] == '\\' {
					end++
				}
			}
			out = append(out, text[i:end+1]...)
			i = end + 1
		case c == '-' || '0' <= c && c <= '9':
			end := i + 1
			for end < len(text) && bytes.IndexByte([]byte("+-.eE0123456789"), text[end]) >= 0 {
				end++
			}
			out = appendNumber(out, text[i:end])
			i = end
		default:
			out = append(out, c)
			i++
		}
	}
	return out
}

// appendNumber writes a JSON number as its digits, without zeros at either end, and
// the power of ten to multiply them by: 1.50e3 is 15e2.
func appendNumber(b, number []byte) []byte {
	mantissa, power := number, []byte("0")
	if at := bytes.IndexAny(number, "eE"); at >= 0 {
		mantissa, power = number[:at], number[at+1:]
	}
	negative := mantissa[0] == '-'
	whole, fraction, _ := bytes.Cut(bytes.TrimPrefix(mantissa, []byte("-")), []byte("."))
	digits := bytes.TrimLeft(append(bytes.Clone(whole), fraction...), "0")
	significant := bytes.TrimRight(digits, "0")
	if len(significant) == 0 {
		return append(b, '0')
	}
	if negative {
		b = append(b, '-')
	}
	b = append(b, significant...)
	shift := int64(len(digits) - len(significant) - len(fraction))
	return appendPower(b, power, shift)
}

// appendPower writes the power of ten plus shift; nothing for zero. A power that no
// int64 holds stays as it is spelled, but for leading zeros.
func appendPower(b, power []byte, shift int64) []byte {
	sign, size := "", bytes.TrimLeft(bytes.TrimLeft(power, "+-"), "0")
	if power[0] == '-' {
		sign = "-"
	}
	const longest = 18 // digits that an int64 has room for, whatever the shift
	if len(size) > longest {
		b = append(append(append(b, 'e'), sign...), size...)
		return strconv.AppendInt(append(b, '+'), shift, 10)
	}
	n, _ := strconv.ParseInt("0"+string(size), 10, 64) // digits, not too many
	if sign == "-" {
		n = -n
	}
	if n += shift; n == 0 {
		return b
	}
	return strconv.AppendInt(append(b, 'e'), n, 10)
}
