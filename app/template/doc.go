// Package template renders {{…}} into text, URLs and JSON (H3, H4, H5, I7, W1).
//
//	scan.go     from source to pieces: text, expressions, {{#urlEncode}} blocks
//	text.go     a text for one place: as it is, a query value, a form value …
//	escape.go   what each place needs
//	url.go      a URL, in which values fill path and query only
//	json.go     JSON, compiled by json_compile.go: parsed before it is rendered, so that no value can change its shape
//
// Text between {{ and }} is an expression (package expression). {{{x}}} is the
// same as {{x}}. {{#urlEncode}}…{{/urlEncode}} percent-encodes what is in it, once.
// A literal {{ is written {{"{{"}}. Values are never scanned again.
package template
