package capture

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/dustin/go-humanize"

	"hookline/models"
	"hookline/views/link"
	"hookline/views/ui"
)

// ValuesOf fills the form from an endpoint.
func ValuesOf(c models.Capture) FormValues {
	return FormValues{
		Name: c.Name, Status: strconv.Itoa(c.Answer.Status), Type: c.Answer.Type, Body: c.Answer.Body,
		Delay: strconv.FormatFloat(c.Answer.Delay.Seconds(), 'f', -1, 64),
	}
}

func answerText(a models.CaptureAnswer) string {
	text := fmt.Sprintf("Answers %d", a.Status)
	if a.Delay > 0 {
		text += fmt.Sprintf(" after %g s", a.Delay.Seconds())
	}
	if a.Body == "" {
		return text + ", without a body"
	}
	return text + ", " + humanize.IBytes(uint64(len(a.Body))) + " of " + a.Type
}

func sizeText(r models.Captured) string {
	text := humanize.IBytes(uint64(r.Size))
	if r.Size >= models.MaxCaptureBody {
		return text + " or more"
	}
	return text
}

// shortTarget leaves out what every request of an endpoint has in common.
func shortTarget(target string) string {
	_, rest, ok := strings.Cut(target, "/capture/in/")
	if !ok {
		return target
	}
	if i := strings.IndexAny(rest, "/?"); i >= 0 {
		return rest[i:]
	}
	return "/"
}

func fullURL(endpoint, target string) string {
	u, err := url.Parse(endpoint)
	if err != nil || !strings.HasPrefix(target, "/") {
		return target
	}
	return u.Scheme + "://" + u.Host + target
}

func tabs(p ShowProps) []ui.Tab {
	list := make([]ui.Tab, len(p.Endpoints))
	for i, e := range p.Endpoints {
		list[i] = ui.Tab{Text: e.Name, Href: link.Capture(e.ID), Current: e.ID == p.Capture.ID}
	}
	return list
}

func options(first string, choices []Choice) []ui.Option {
	list := []ui.Option{{Text: first}}
	for _, c := range choices {
		list = append(list, ui.Option{Value: c.ID, Text: c.Name})
	}
	return list
}

var answerTypes = []ui.Option{{Value: models.PlainAnswer, Text: "Plain text"}, {Value: models.JSONAnswer, Text: "JSON"}}

func settingsField(field string) (label, target string) {
	switch field {
	case "name":
		return "Name", ui.FieldID("name")
	case "answer.status":
		return "Status", ui.FieldID("status")
	case "answer.delay":
		return "Delay", ui.FieldID("delay")
	case "answer.type":
		return "Content type", ui.FieldID("type")
	case "answer.body":
		return "Body", ui.FieldID("body")
	}
	return "", ""
}

// maxHex is how much of a binary body the page shows: as hex it is five times as
// long.
const maxHex = 64 << 10

func shownBody(b []byte) (shown []byte, cut bool) {
	if len(b) > maxHex && !utf8.Valid(b) {
		return b[:maxHex], true
	}
	return b, false
}

func signatureBadge(name string, check models.SignatureCheck) ui.BadgeProps {
	if check == models.SignatureValid {
		return ui.BadgeProps{Tone: ui.ToneOK, Icon: "check", Text: name + " is valid"}
	}
	return ui.BadgeProps{Tone: ui.ToneBad, Icon: "x", Text: name + " is not valid"}
}

func resultTone(r models.Replay) ui.Tone {
	switch {
	case r.Status >= 200 && r.Status < 300 && r.Problem == "":
		return ui.ToneOK
	case r.Status > 0:
		return ui.ToneWarn
	}
	return ui.ToneBad
}
