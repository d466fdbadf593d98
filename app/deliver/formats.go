package deliver

import (
	"github.com/go-json-experiment/json/jsontext"

	"hookline/models"
)

// A format makes the body for an event and names its content type. The slice is
// new for every attempt: the client may still read it after the attempt ended.
type format func(r *rendering) (body []byte, contentType string, f *fault)

// formats by name: each prepares what is the same for every attempt, and notes
// what cannot be read. A new format is a file format_<name>.go and a line here.
var formats = map[models.BodyFormat]func(p *prepared, b models.Body) format{
	models.BodyAuto:     always(autoFormat),
	models.BodySite:     always(siteFormat),
	models.BodyStep:     always(stepFormat),
	models.BodyStandard: always(standardFormat),
	models.BodyJSON:     (*prepared).jsonFormat,
	models.BodyRaw:      (*prepared).rawFormat,
	models.BodyForm:     (*prepared).formFormat,
	models.BodyMerged:   (*prepared).mergedFormat,
}

// always is a format with nothing to prepare.
func always(f format) func(*prepared, models.Body) format {
	return func(*prepared, models.Body) format { return f }
}

const (
	jsonType = "application/json"
	formType = "application/x-www-form-urlencoded"
)

// appendJSONString writes s as a JSON string with no more escapes than JSON
// asks for; bytes that are not UTF-8 become U+FFFD.
func appendJSONString(dst []byte, s string) []byte {
	dst, _ = jsontext.AppendQuote(dst, s) // the error only reports the U+FFFD
	return dst
}
