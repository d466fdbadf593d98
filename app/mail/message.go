package mail

import (
	_ "embed"
	"html/template"
	"strings"
	"unicode"

	gomail "github.com/wneessen/go-mail"

	"hookline/models"
)

//go:embed message.html
var htmlSource string

// page escapes everything for where it stands, names that people gave included.
var page = template.Must(template.New("mail").Parse(htmlSource))

func (m *Mailer) compose(v models.Mail) (*gomail.Msg, error) {
	msg := gomail.NewMsg()
	if err := msg.From(m.options.From); err != nil {
		return nil, err
	}
	// AddrSpec alone: whatever else stands in it must not become another header
	// or another receiver.
	if err := msg.To(v.To); err != nil {
		return nil, err
	}
	msg.Subject(oneLine(v.Subject))
	msg.SetDate()
	msg.SetMessageID()
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	var html strings.Builder
	if err := page.Execute(&html, v); err != nil {
		return nil, err
	}
	msg.SetBodyString(gomail.TypeTextPlain, text(v))
	msg.AddAlternativeString(gomail.TypeTextHTML, html.String())
	return msg, nil
}

func text(v models.Mail) string {
	parts := append([]string{}, v.Paragraphs...)
	if v.URL != "" {
		parts = append(parts, v.Button+":\n"+v.URL)
	}
	parts = append(parts, v.After...)
	return strings.Join(parts, "\n\n") + "\n"
}

// oneLine keeps a line break in a name from starting another header.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
}
