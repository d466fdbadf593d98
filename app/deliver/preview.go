package deliver

import (
	"bytes"
	"net/url"
	"slices"
	"strings"

	"hookline/app/template"
	"hookline/models"
)

// Preview is a request as Send would make it.
type Preview struct {
	// Request has *** for every secret, signature and token, and as much of the
	// body as the log would keep.
	Request models.LoggedRequest
	// Missing are the expressions that found nothing (H5).
	Missing []string
	// Marked is Request with a mark wherever something was missing; without Marks
	// when nothing was, or no place can be told.
	Marked models.MarkedRequest
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
	if len(out.Missing) > 0 {
		out.Marked = p.marked(&in, out.Request, p.placeholders(s.now()))
	}
	return out, nil
}

// marked makes the request once more, with a mark wherever something is missing.
// Marks take up room, so what is near a bound may not be there to be marked.
func (p *prepared) marked(in *Input, plain models.LoggedRequest, sign signer) models.MarkedRequest {
	if plain.Truncated {
		return models.MarkedRequest{} // or it would be cut off elsewhere
	}
	marks := &template.Marks{Prefix: unused(plain)}
	r := newRendering(in)
	r.look().Mark(marks)
	m, fault := p.render(r, sign)
	m.authenticate(p.shownCredential())
	out := models.MarkedRequest{LoggedRequest: p.loggedRequest(&m)}
	if fault != nil || out.Truncated || len(marks.Names) == 0 {
		return models.MarkedRequest{}
	}
	for i, name := range marks.Names {
		out.Marks = append(out.Marks, models.Mark{Token: marks.Token(i), Name: name})
	}
	return out
}

// unused is a text that the request does not hold.
func unused(r models.LoggedRequest) string {
	prefix := "missing"
	holds := func(h models.HeaderLine) bool { return strings.Contains(h.Value, prefix) }
	for strings.Contains(r.URL, prefix) || bytes.Contains(r.Body, []byte(prefix)) || slices.ContainsFunc(r.Headers, holds) {
		prefix += "z"
	}
	return prefix
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
// column. Doubts are of those that can be filled in and are surely not meant so, such
// as a name that nothing can have: a new one is refused, and what was saved
// before goes on as it did. Whether the URL may be called is for the target guard,
// which looks at ProbeURL.
func CheckTemplates(w *models.Webhook) (misfits, doubts models.FieldErrors) {
	anyURL := func(string) (*url.URL, error) { return &url.URL{}, nil }
	p := prepare(w, models.Settings{}, anyURL, openNothing)
	return p.misfits, p.doubts
}

func openNothing(models.Sealed, string) (string, error) { return models.Mask, nil }
