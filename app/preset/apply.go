package preset

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"hookline/models"
)

// urlAnswer is the answer that is the endpoint's URL.
const urlAnswer = "url"

// Apply answers with the webhook that the preset makes of the answers: by field
// name, and "url". It has no id, no secret, and the subscriptions of a new
// webhook. The faults name answers; with any of them the webhook is not to be
// used. Answers go in as literals: what looks like template code in them is
// text.
func (p Preset) Apply(answers map[string]string) (models.WebhookSettings, models.FieldErrors) {
	w, faults := p.Fill(answers)
	raw := strings.TrimSpace(answers[urlAnswer])
	switch {
	case raw != "":
		w.URL = raw
	case w.URL == "":
		faults.Add(urlAnswer, "Give the URL. %s", p.Steps)
	}
	if raw != "" {
		if problem := p.CheckURL(raw); problem != "" {
			faults.Add(urlAnswer, "%s", problem)
		}
	}
	return w, faults
}

// Fill is Apply without the URL, for a form that asks for it elsewhere.
func (p Preset) Fill(answers map[string]string) (models.WebhookSettings, models.FieldErrors) {
	var faults models.FieldErrors
	for _, name := range slices.Sorted(maps.Keys(answers)) {
		if _, known := p.field(name); !known && name != urlAnswer {
			faults.Add(name, "The preset does not ask this. Leave it out.")
		}
	}
	given := map[string]string{}
	for _, f := range p.Fields {
		given[f.Name] = strings.TrimSpace(strings.ReplaceAll(answers[f.Name], "\r\n", "\n"))
		if problem := f.fault(given[f.Name]); problem != "" {
			faults.Add(f.Name, "%s", problem)
		}
	}
	w := p.settings
	w.Headers, w.Params, w.Retry.Delays = slices.Clone(w.Headers), slices.Clone(w.Params), slices.Clone(w.Retry.Delays)
	if len(faults) > 0 {
		return w, faults
	}
	for i := range w.Headers {
		w.Headers[i].Value = p.filled(w.Headers[i].Value, given)
	}
	for i := range w.Params {
		w.Params[i].Value = p.filled(w.Params[i].Value, given)
	}
	w.Body.Template = p.filledJSON(given)
	return w, nil
}

// CheckURL says what is wrong with a URL for this service, or "". Whether it may
// be called at all is for the target guard to say.
func (p Preset) CheckURL(raw string) string {
	switch {
	case len(raw) > models.MaxURL:
		return "This URL is too long."
	case p.URL.pattern != nil && !p.URL.pattern.MatchString(raw):
		return p.URL.Mismatch
	}
	return ""
}

var colour = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)

// fault says what is wrong with an answer and how to mend it, or "".
func (f Field) fault(answer string) string {
	switch {
	case answer == "" && f.Required:
		return "Answer this: the service needs it."
	case answer == "":
		return ""
	case !utf8.ValidString(answer) || strings.ContainsFunc(answer, f.refuses):
		if f.Kind == Text {
			return "Use one line of text, without control characters."
		}
		return "Use text without control characters."
	case f.Max > 0 && utf8.RuneCountInString(answer) > f.Max:
		return "Use " + number(f.Max) + " characters at most: the service takes no more."
	case f.Kind == Colour && !colour.MatchString(answer):
		return "Give a colour such as #3d4fd6."
	case f.Kind == Choice && !slices.ContainsFunc(f.Options, func(o Option) bool { return o.Value == answer }):
		return "Choose one of those offered."
	}
	return ""
}

func (f Field) refuses(r rune) bool {
	return unicode.IsControl(r) && (f.Kind != LongText || r != '\n' && r != '\t')
}
