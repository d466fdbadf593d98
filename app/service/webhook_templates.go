package service

import (
	"net/url"
	"reflect"
	"slices"
	"strings"

	"hookline/app/deliver"
	"hookline/models"
)

// checkTemplates compiles what is filled in for each attempt, as the sender will,
// and holds the URL against the target guard. A field that is at fault already
// gets no second one. What is as it was before may be in doubt: a webhook with such a
// template from an earlier version can still be changed otherwise.
func (s *Webhooks) checkTemplates(before, w *models.Webhook, errs *models.FieldErrors) {
	faults, doubts := deliver.CheckTemplates(w)
	for _, f := range doubts {
		if changed(f.Field, before, w) {
			faults = append(faults, f)
		}
	}
	for _, f := range faults {
		if !hasFault(*errs, f.Field) {
			*errs = append(*errs, f)
		}
	}
	if !hasFault(*errs, "url") {
		s.checkURL(w.URL, errs)
	}
}

// changed says whether a field, or what it is a part of, is another than before.
func changed(field string, before, w *models.Webhook) bool {
	part, _, _ := strings.Cut(field, ".")
	switch part {
	case "url":
		return before.URL != w.URL
	case "params":
		return !slices.Equal(before.Params, w.Params)
	case "headers":
		return !reflect.DeepEqual(before.Headers, w.Headers)
	case "body":
		return !reflect.DeepEqual(before.Body, w.Body)
	}
	return true
}

func hasFault(errs models.FieldErrors, field string) bool {
	return slices.ContainsFunc(errs, func(f models.FieldError) bool { return f.Field == field })
}

// captureURL is Capture.Match for a webhook's URL, in which values may be filled
// in behind the endpoint's own part.
func (d deps) captureURL(raw string) (u *url.URL, clear string, ours bool) {
	return d.capture.Match(deliver.ProbeURL(raw))
}

// checkFilledCapture refuses a URL that becomes a capture URL only when it is
// filled in: whose that would be nobody could check.
func (d deps) checkFilledCapture(raw string) error {
	probe := deliver.ProbeURL(raw)
	if probe == raw || !strings.HasPrefix(probe, d.capture.URL("")) {
		return nil
	}
	var errs models.FieldErrors
	errs.Add("url", "Write the capture URL out, and put {{…}} only behind a slash or question mark after it.")
	return errs.Err()
}
