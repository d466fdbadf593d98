package service

import (
	"net/url"
	"slices"
	"strings"

	"hookline/app/deliver"
	"hookline/models"
)

// checkTemplates compiles what is filled in for each attempt, as the sender will,
// and holds the URL against the target guard. A field that is at fault already
// gets no second one.
func (s *Webhooks) checkTemplates(w *models.Webhook, errs *models.FieldErrors) {
	for _, f := range deliver.CheckTemplates(w) {
		if !hasFault(*errs, f.Field) {
			*errs = append(*errs, f)
		}
	}
	if !hasFault(*errs, "url") {
		s.checkURL(w.URL, errs)
	}
}

func hasFault(errs models.FieldErrors, field string) bool {
	return slices.ContainsFunc(errs, func(f models.FieldError) bool { return f.Field == field })
}

// captureURL is Capture.Match for a webhook's URL, in which values may be filled
// in behind the endpoint's own part.
func (d Deps) captureURL(raw string) (u *url.URL, clear string, ours bool) {
	return d.Capture.Match(deliver.ProbeURL(raw))
}

// checkFilledCapture refuses a URL that becomes a capture URL only when it is
// filled in: whose that would be nobody could check.
func (d Deps) checkFilledCapture(raw string) error {
	probe := deliver.ProbeURL(raw)
	if probe == raw || !strings.HasPrefix(probe, d.Capture.URL("")) {
		return nil
	}
	var errs models.FieldErrors
	errs.Add("url", "Write the capture URL out, and put {{…}} only behind a slash or question mark after it.")
	return errs.Err()
}
