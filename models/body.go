package models

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

// Body is a webhook's body. Which fields count depends on the format.
type Body struct {
	Format          BodyFormat `json:"format"`
	Template        string     `json:"template,omitempty"`         // json, raw
	ContentType     string     `json:"content_type,omitempty"`     // raw
	Fields          []Param    `json:"fields,omitempty"`           // form
	Encoding        string     `json:"encoding,omitempty"`         // merged
	IncludeIdentity bool       `json:"include_identity,omitempty"` // merged: email and workflowId
	UserFields      []string   `json:"user_fields,omitempty"`      // merged: profile fields
	Custom          string     `json:"custom,omitempty"`           // merged: a JSON template of an object
}
