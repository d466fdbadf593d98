package settings

import (
	"fmt"
	"time"

	"hookline/models"
	"hookline/views/layout"
	"hookline/views/link"
	"hookline/views/ui"
)

// tabs are the faces of the settings.
func tabs(current string) []ui.Tab {
	return []ui.Tab{
		{Text: "Workspace", Href: link.Settings, Current: current == link.Settings},
		{Text: "OAuth connections", Href: link.Connections, Current: current == link.Connections},
	}
}

// ConnectionsProps is the list of the OAuth connections.
type ConnectionsProps struct {
	Page  layout.Page
	Items []ConnectionItem
}

// ConnectionItem is a row of it.
type ConnectionItem struct {
	Connection models.OAuthConnection
	Webhooks   int // that use it
}

// ConnectionProps is the page of one connection, or of a new one without ID.
type ConnectionProps struct {
	Page   layout.Page
	ID     string
	Name   string // as saved
	Values ConnectionValues
	Errors ui.Errors
	UsedBy []models.Webhook
	Test   *ConnectionTest // what came of the one just made
}

// ConnectionValues are the form's fields as typed. Of a secret it holds the mask
// at most.
type ConnectionValues struct {
	Name     string
	ClientID string
	Secret   string
	TokenURL string
	Scope    string
}

// ConnectionValuesOf fills the form with what is saved.
func ConnectionValuesOf(c models.OAuthConnection) ConnectionValues {
	return ConnectionValues{Name: c.Name, ClientID: c.ClientID, Secret: models.Mask, TokenURL: c.TokenURL, Scope: c.Scope}
}

// ConnectionTest is a test's result.
type ConnectionTest struct {
	OK      bool
	Took    time.Duration
	Lasts   time.Duration // how long the token will be used
	Error   string
	Explain models.Diagnosis
	Refused string // why it was not made at all
}

// ConnectionDeleteProps asks whether to delete it.
type ConnectionDeleteProps struct {
	Page       layout.Page
	Connection models.OAuthConnection
	UsedBy     []models.Webhook
}

func (p ConnectionProps) title() string {
	if p.ID == "" {
		return "New OAuth connection"
	}
	return p.Name
}

func (p ConnectionProps) action() string {
	if p.ID == "" {
		return link.Connections
	}
	return link.Connection(p.ID)
}

func (p ConnectionProps) submit() string {
	if p.ID == "" {
		return "Create connection"
	}
	return "Save changes"
}

// secret is the last wall before the page: nothing but the mask passes.
func (p ConnectionProps) secret() string {
	if p.Values.Secret == models.Mask {
		return models.Mask
	}
	return ""
}

func (p ConnectionProps) secretHint() string {
	if p.ID == "" {
		return "Stored encrypted, and never shown again."
	}
	return "Stored encrypted, not shown. Leave *** to keep it; a new one counts for the next attempt of every webhook that uses it."
}

func (t ConnectionTest) note() ui.NoteProps {
	if t.Refused != "" {
		return ui.NoteProps{Tone: ui.ToneWarn, Icon: "clock", Title: "Not tested", Text: t.Refused}
	}
	if t.OK {
		return ui.NoteProps{Tone: ui.ToneOK, Icon: "circle-check", Title: "The token server gave a token"}
	}
	return ui.NoteProps{Tone: ui.ToneBad, Icon: "circle-x", Title: t.Explain.Title()}
}

func (t ConnectionTest) success() string {
	if t.Lasts <= 0 {
		return fmt.Sprintf("It came in %s. It expires at once, so each attempt has to fetch one of its own.", ui.Took(t.Took))
	}
	return fmt.Sprintf("It came in %s and is in use for the next %s.", ui.Took(t.Took), roughly(t.Lasts))
}

// roughly is a duration in its largest fitting unit.
func roughly(d time.Duration) string {
	switch {
	case d >= 48*time.Hour:
		return fmt.Sprintf("%d days", int(d.Hours()/24))
	case d >= 2*time.Hour:
		return fmt.Sprintf("%d hours", int(d.Hours()))
	case d >= 2*time.Minute:
		return fmt.Sprintf("%d minutes", int(d.Minutes()))
	}
	return fmt.Sprintf("%d seconds", int(d.Seconds()))
}

func webhookCount(n int) string {
	switch n {
	case 0:
		return "None"
	case 1:
		return "1 webhook"
	}
	return fmt.Sprintf("%d webhooks", n)
}

// connectionField names a field in the summary of faults.
func connectionField(field string) (string, string) {
	labels := map[string]string{
		"name": "Name", "client_id": "Client id", "client_secret": "Client secret", "token_url": "Token URL", "scope": "Scope",
	}
	return labels[field], ui.FieldID(field)
}
