package deliver

import (
	"github.com/go-json-experiment/json/jsontext"

	"hookline/models"
)

// A format makes the body for an event and names its content type. The slice is
// new for every attempt: the client may still read it after the attempt ended.
type format func(in Input) (body []byte, contentType string, f *fault)

// formats by name. A new format is a file format_<name>.go and a line here.
var formats = map[models.BodyFormat]format{
	models.BodyAuto: siteFormat, // a track step will have its own
	models.BodySite: siteFormat,
}

const jsonType = "application/json"

// appendJSONString writes s as a JSON string with no more escapes than JSON
// asks for; bytes that are not UTF-8 become U+FFFD.
func appendJSONString(dst []byte, s string) []byte {
	dst, _ = jsontext.AppendQuote(dst, s) // the error only reports the U+FFFD
	return dst
}
