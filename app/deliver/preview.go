package deliver

import (
	"net/url"

	"hookline/models"
)

// Preview is a request as Send would make it.
type Preview struct {
	// Request has *** for every secret, signature and token, and as much of the
	// body as the log would keep.
	Request models.LoggedRequest
	// Missing are the expressions that found nothing (H5).
	Missing []string
	// Bytes is the length of the whole body.
	Bytes int
}

// Preview makes the request as Send would. Nothing is sent and no secret is
// opened, so it works for a webhook that is not saved yet. The error is a
// models.Error that says what would stop an attempt, and which field of the form
// is at fault, where one is; what was made until then is in the Preview.
func (s *Sender) Preview(in Input) (Preview, error) {
	p := prepare(in.Webhook, in.Settings, s.client.CheckURL, openNothing)
	if len(p.misfits) > 0 {
		return Preview{Request: p.loggedRequest(&message{shownURL: p.shownURL})}, p.misfits.Err()
	}
	if p.fault != nil {
		return Preview{Request: p.loggedRequest(&message{shownURL: p.shownURL})}, p.fault.err()
	}
	m, fault := p.message(&in, p.placeholders(s.now()))
	if fault == nil {
		m.authenticate(p.shownCredential())
	}
	out := Preview{Request: p.loggedRequest(&m), Missing: m.missing, Bytes: len(m.body)}
	if fault != nil {
		return out, fault.err()
	}
	return out, nil
}

// err is the fault as a person is told of it beside the field.
func (f *fault) err() error {
	e := models.Errorf(models.Invalid, "%s", f.sentence)
	if f.field != "" {
		e.Fields = models.FieldErrors{{Field: f.field, Message: f.sentence}}
	}
	return e
}

// CheckTemplates finds what of a webhook cannot be filled in, as prepare would: at
// headers.2.value, params.0.value, body.template and the like, each with line and
// column. Whether the URL may be called is for the target guard, which looks at
// ProbeURL.
func CheckTemplates(w *models.Webhook) models.FieldErrors {
	anyURL := func(string) (*url.URL, error) { return &url.URL{}, nil }
	return prepare(w, models.Settings{}, anyURL, openNothing).misfits
}

func openNothing(models.Sealed, string) (string, error) { return models.Mask, nil }
