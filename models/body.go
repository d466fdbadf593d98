package models

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// BodyFormat is how an event becomes a request body (B3).
type BodyFormat string

const (
	BodyAuto     BodyFormat = "auto"     // the step payload for a track's step, else the site envelope
	BodySite     BodyFormat = "site"     // Z6
	BodyStep     BodyFormat = "step"     // D6
	BodyMerged   BodyFormat = "merged"   // I8
	BodyStandard BodyFormat = "standard" // Standard Webhooks: type, timestamp, data
	BodyJSON     BodyFormat = "json"     // a JSON template, rendered by structure (H4)
	BodyRaw      BodyFormat = "raw"      // a text template
	BodyForm     BodyFormat = "form"     // fields, URL-encoded
	BodyNone     BodyFormat = "none"
)

// BodyFormats in the order the form offers them.
var BodyFormats = []BodyFormat{BodyAuto, BodySite, BodyStep, BodyStandard, BodyJSON, BodyMerged, BodyForm, BodyRaw, BodyNone}

// Encodings of merged fields.
const (
	EncodingJSON = "json"
	EncodingForm = "form"
)

// Bounds of a body.
const (
	MaxTemplate   = 64 << 10 // bytes of a template's source (trust.md)
	MaxUserFields = 100
	// DefaultRawType is the content type of a raw body that names none.
	DefaultRawType = "text/plain; charset=utf-8"
	maxContentType = 256
)

// Body is a webhook's body. Which fields count depends on the format. As JSON it has
// the members of its format alone.
type Body struct {
	Format          BodyFormat `json:"format" enum:"auto,site,step,standard,json,merged,form,raw,none" doc:"auto when left out: the step payload when a track's step fires the webhook, else the site envelope."`
	Template        string     `json:"template,omitzero" doc:"json and raw alone. json: a JSON document whose strings may hold {{…}}; a string that is one {{…}} alone becomes the value itself. raw: any text with {{…}}."`
	ContentType     string     `json:"content_type,omitzero" maxLength:"256" doc:"raw: text/plain; charset=utf-8 when left out. json: application/json when left out, or a type that ends in +json, such as application/json-patch+json."`
	Fields          []Param    `json:"fields,omitzero" doc:"form alone: sent URL-encoded, in this order; values may hold {{…}}."`
	Encoding        string     `json:"encoding,omitzero" enum:"json,form" doc:"merged alone; json when left out. With GET and DELETE the fields go into the query instead."`
	IncludeIdentity bool       `json:"include_identity,omitzero" doc:"merged alone: adds email and workflowId; false when left out."`
	UserFields      []string   `json:"user_fields,omitzero" doc:"merged alone: names of the participant's fields."`
	Custom          string     `json:"custom,omitzero" doc:"merged alone: a JSON template of an object, whose members go over user fields, data and identity."`
}

// MarshalJSONTo writes every member of merged fields: their empty values say something.
func (b Body) MarshalJSONTo(e *jsontext.Encoder) error {
	if b.Format != BodyMerged {
		type plain Body
		return json.MarshalEncode(e, plain(b))
	}
	return json.MarshalEncode(e, struct {
		Format          BodyFormat `json:"format"`
		Encoding        string     `json:"encoding"`
		IncludeIdentity bool       `json:"include_identity"`
		UserFields      []string   `json:"user_fields"`
		Custom          string     `json:"custom"`
	}{b.Format, b.Encoding, b.IncludeIdentity, b.UserFields, b.Custom})
}

func (b Body) copied() Body {
	b.Fields, b.UserFields = slices.Clone(b.Fields), slices.Clone(b.UserFields)
	return b
}

// Normal is the body with what its format uses alone, defaults filled in, so
// that nothing lies hidden behind another format.
func (b Body) Normal() Body {
	out := Body{Format: b.Format}
	switch b.Format {
	case BodyJSON:
		out.Template, out.ContentType = b.Template, strings.TrimSpace(b.ContentType)
	case BodyRaw:
		out.Template, out.ContentType = b.Template, strings.TrimSpace(b.ContentType)
		if out.ContentType == "" {
			out.ContentType = DefaultRawType
		}
	case BodyForm:
		out.Fields = orNil(b.Fields)
	case BodyMerged:
		out.Encoding, out.IncludeIdentity, out.UserFields, out.Custom = b.Encoding, b.IncludeIdentity, orNil(b.UserFields), b.Custom
		if out.Encoding == "" {
			out.Encoding = EncodingJSON
		}
	}
	return out
}

// HasBody reports whether requests carry one. GET and DELETE carry none unless
// one is configured (H1): auto means none for them, and merged fields go into
// the query (I8).
func (w Webhook) HasBody() bool {
	if w.Body.Format == BodyNone {
		return false
	}
	return !w.Bare() || (w.Body.Format != BodyAuto && w.Body.Format != BodyMerged)
}

// Bare reports whether the method is one that usually goes without a body.
func (w Webhook) Bare() bool { return w.Method == "GET" || w.Method == "DELETE" }

// validate checks shapes and sizes. Whether the templates can be read is for
// the package that renders them.
func (b Body) validate(errs *FieldErrors) {
	if !slices.Contains(BodyFormats, b.Format) {
		errs.Add("body.format", "Choose one of %s.", joinedFormats())
		return
	}
	switch b.Format {
	case BodyJSON, BodyRaw:
		if strings.TrimSpace(b.Template) == "" {
			errs.Add("body.template", "Write the body here, or choose another format; none sends no body.")
		}
		checkSource(errs, "body.template", b.Template, MaxTemplate)
		b.validateType(errs)
	case BodyForm:
		b.validateFields(errs)
	case BodyMerged:
		b.validateMerged(errs)
	}
}

func joinedFormats() string {
	names := make([]string, len(BodyFormats))
	for i, f := range BodyFormats {
		names[i] = string(f)
	}
	return strings.Join(names, ", ")
}

// mediaType is type/subtype with parameters behind (RFC 9110, 8.3.1).
var mediaType = regexp.MustCompile("^[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+*-]+([ \t]*;.*)?$")

func (b Body) validateType(errs *FieldErrors) {
	if b.Format == BodyJSON && !b.jsonType() {
		errs.Add("body.content_type", "Give a content type of JSON: application/json, or one that ends in +json such as application/json-patch+json. Raw text takes any other.")
		return
	}
	if b.Format == BodyRaw && !b.anyType() {
		errs.Add("body.content_type", "Give a content type such as text/plain or application/xml; charset=utf-8.")
	}
}

// jsonType says whether the content type is one of JSON (RFC 6839, 3.1); none is the
// default.
func (b Body) jsonType() bool {
	media, _, _ := strings.Cut(strings.ToLower(b.ContentType), ";")
	media = strings.TrimSpace(media)
	return b.ContentType == "" || b.anyType() && (media == "application/json" || strings.HasSuffix(media, "+json"))
}

func (b Body) anyType() bool {
	return len(b.ContentType) <= maxContentType && ValidHeaderValue(b.ContentType) && mediaType.MatchString(b.ContentType)
}

func (b Body) validateFields(errs *FieldErrors) {
	if len(b.Fields) == 0 {
		errs.Add("body.fields", "Add a field, or choose the format none.")
	}
	validateParams(errs, "body.fields", b.Fields, MaxFormFields, MaxTemplate)
	total := 0
	for _, f := range b.Fields {
		total += len(f.Name) + len(f.Value)
	}
	if total > MaxTemplate {
		errs.Add("body.fields", "Keep all fields together to %d bytes; they have %d.", MaxTemplate, total)
	}
}

func (b Body) validateMerged(errs *FieldErrors) {
	if b.Encoding != EncodingJSON && b.Encoding != EncodingForm {
		errs.Add("body.encoding", "Choose json or form.")
	}
	if len(b.UserFields) > MaxUserFields {
		errs.Add("body.user_fields", "Give at most %d fields.", MaxUserFields)
	}
	for i, name := range b.UserFields {
		field := fmt.Sprintf("body.user_fields.%d", i)
		if problem := nameProblem(name); problem != "" {
			errs.Add(field, "%s", problem)
		} else if slices.Contains(b.UserFields[:i], name) {
			errs.Add(field, "%s is there twice.", name)
		}
	}
	checkSource(errs, "body.custom", b.Custom, MaxTemplate)
}
