package models

import "strings"

// Header is a custom header of a webhook. A plain one's value may hold {{…}}
// (H3). A secret one has Sealed and no Value, and is sent letter by letter: nobody
// could see what a template in it makes of the data.
type Header struct {
	Name   string
	Value  string
	Secret bool
	Sealed Sealed
}

// Limits on custom headers.
const (
	MaxHeaders     = 50
	MaxHeaderValue = 8 << 10
)

// DefaultHeaderPrefix starts the names of the headers that identify a delivery;
// a workspace may set its own (D7).
const DefaultHeaderPrefix = "X-Hookline"

// ValidHeaderName checks for an RFC 9110 token.
func ValidHeaderName(name string) bool {
	if name == "" || len(name) > 256 {
		return false
	}
	for i := 0; i < len(name); i++ {
		if !isTokenByte(name[i]) {
			return false
		}
	}
	return true
}

func isTokenByte(b byte) bool {
	switch {
	case b >= 'a' && b <= 'z', b >= 'A' && b <= 'Z', b >= '0' && b <= '9':
		return true
	}
	return strings.IndexByte("!#$%&'*+-.^_`|~", b) >= 0
}

// ValidHeaderValue checks for visible ASCII, spaces and tabs, not at the ends.
func ValidHeaderValue(value string) bool {
	if len(value) > MaxHeaderValue || strings.Trim(value, " \t") != value {
		return false
	}
	for i := 0; i < len(value); i++ {
		if b := value[i]; b != '\t' && (b < 0x20 || b > 0x7e) {
			return false
		}
	}
	return true
}

// reservedHeaders and why a custom header may not use the name (trust.md).
var reservedHeaders = map[string]string{
	"host":              "it follows from the URL",
	"content-length":    "it follows from the body",
	"transfer-encoding": "it belongs to the connection",
	"connection":        "it belongs to the connection",
	"keep-alive":        "it belongs to the connection",
	"te":                "it belongs to the connection",
	"trailer":           "it belongs to the connection",
	"upgrade":           "it belongs to the connection",
	"expect":            "it belongs to the connection",
	"idempotency-key":   "Hookline sets it to the delivery id",
	"content-type":      "it is set by the body format",
	"x-webhook-secret":  "Hookline sends the signed token in it",
	"x-hmac-signature":  "Hookline sends the signature in it",
	"metadata-flavor":   "cloud metadata services listen to it",
}

var reservedPrefixes = map[string]string{
	"proxy-":                   "it belongs to the connection",
	"webhook-":                 "Standard Webhooks signatures use it",
	"x-aws-ec2-metadata-token": "cloud metadata services listen to it",
}

// ReservedHeader says why a custom header may not have this name, or "".
// prefix is the workspace's header prefix.
func ReservedHeader(name, prefix string) string {
	lower := strings.ToLower(name)
	if why := reservedHeaders[lower]; why != "" {
		return why
	}
	for start, why := range reservedPrefixes {
		if strings.HasPrefix(lower, start) {
			return why
		}
	}
	if strings.HasPrefix(lower, strings.ToLower(prefix)+"-") {
		return "Hookline's own headers start with " + prefix
	}
	return ""
}
