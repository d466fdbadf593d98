package webhooks

import (
	"hookline/models"
	"hookline/views/ui"
)

// bodyChoice is a format as the form offers it. Sample is what it sends, in short.
type bodyChoice struct {
	Format models.BodyFormat
	Title  string
	Text   string
	Sample string
}

var bodyChoices = []bodyChoice{
	{models.BodyAuto, "Automatic", "The step payload for a track's step, the site envelope for an event.", ""},
	{models.BodySite, "Site envelope", "The event's data with its title and your site's name.",
		`{"title":"Release published","description":"A release went live.","siteName":"Acme","siteDomain":"acme.example","data":{…}}`},
	{models.BodyStep, "Step payload", "Which step of which track fired, and for whom.",
		`{"event":"track.step.fired","delivery_id":"trk_1:ins_1:stp_1","fired_at":"2026-05-01T09:00:00.000Z","workflow":{…},"step":{…},"instance":{…},"user":{…}}`},
	{models.BodyStandard, "Standard Webhooks", "Type, timestamp and data, as the specification has it.",
		`{"type":"release.published","timestamp":"2026-05-01T09:00:00.000Z","data":{…}}`},
	{models.BodyJSON, "JSON template", "JSON of your own with {{…}} in its strings.", ""},
	{models.BodyMerged, "Merged fields", "Profile fields, the event's data and your own, in one object.", ""},
	{models.BodyForm, "Form", "Names and values, URL-encoded.", ""},
	{models.BodyRaw, "Raw text", "Any text with {{…}}, under a content type of your own.", ""},
	{models.BodyNone, "No body", "Method, URL and headers say it all.", ""},
}

func bodyTitle(f models.BodyFormat) string {
	for _, c := range bodyChoices {
		if c.Format == f {
			return c.Title
		}
	}
	return string(f)
}

func encodingOptions() []ui.Option {
	return []ui.Option{{Value: models.EncodingJSON, Text: "JSON"}, {Value: models.EncodingForm, Text: "URL-encoded form"}}
}

const (
	templateHint = "Each string is rendered on its own, so no value can break the JSON. A string that is one {{…}} alone keeps the value's type: an array stays an array."
	typeHint     = "Left empty: application/json for a JSON template, which may be another type that ends in +json; text/plain for raw text."
	rawHint      = "Values go in as they are: nothing is escaped."
	customHint   = "A JSON object whose members win over all others. May be empty."
	userHint     = "Names of profile fields, joined by commas. One that the participant does not have is left out."
	mergeOrder   = "Each of these wins over the one before: profile fields, the event's data, email and workflowId, your own members. For GET and DELETE they go into the query."
)
