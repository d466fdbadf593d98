package template

import (
	"net/url"

	"github.com/go-json-experiment/json/jsontext"
	"hookline/app/expression"
)

// Place is where a rendered text goes.
type Place int

// Places, and what is done to a text for them.
const (
	Raw    Place = iota // nothing
	Header              // nothing; who sends it checks it with the other header values
	Path                // percent-encoded, but for what RFC 3986 calls unreserved
	Query               // the same
	Form                // as application/x-www-form-urlencoded has it: a space is +
	InJSON              // as it stands between the quotes of a JSON string
)

// escape appends text as the place needs it.
func (p Place) escape(dst, text []byte) []byte {
	switch p {
	case Path, Query:
		return expression.AppendURLEncoded(dst, text)
	case Form:
		return append(dst, url.QueryEscape(string(text))...)
	case InJSON:
		return appendJSONText(dst, text)
	}
	return append(dst, text...)
}

// escapes says whether the place changes a text.
func (p Place) escapes() bool { return p != Raw && p != Header }

// encodes says whether the place percent-encodes, so that {{#urlEncode}} adds nothing.
func (p Place) encodes() bool { return p == Path || p == Query || p == Form }

// appendJSONText appends a text as in a JSON string, without its quotes.
func appendJSONText(dst, text []byte) []byte {
	start := len(dst)
	dst, _ = jsontext.AppendQuote(dst, text)
	copy(dst[start:], dst[start+1:])
	return dst[:len(dst)-2]
}
