// Package settings has the page of the workspace's settings.
package settings

import (
	"encoding/json"
	"strconv"
	"strings"

	"hookline/models"
	"hookline/views/layout"
	"hookline/views/ui"
)

// Props is the page.
type Props struct {
	Page     layout.Page
	Saved    models.Settings // what holds now, for the previews
	Values   Values
	Errors   ui.Errors
	Outgoing []string // addresses; none when the operator did not give any
	Space    models.Space
}

// Values are the form's fields as typed.
type Values struct {
	SiteName     string
	SiteDomain   string
	HeaderPrefix string
	Days         string
	BodyDays     string
}

// ValuesOf fills the form with what is saved.
func ValuesOf(s models.Settings) Values {
	return Values{
		SiteName: s.SiteName, SiteDomain: s.SiteDomain, HeaderPrefix: s.HeaderPrefix,
		Days: strconv.Itoa(s.Retention.Days), BodyDays: strconv.Itoa(s.Retention.BodyDays),
	}
}

// envelope shows where name and domain appear (Z6).
func (p Props) envelope() []byte {
	b, _ := json.MarshalIndent(struct {
		Title       string   `json:"title"`
		Description string   `json:"description"`
		SiteName    string   `json:"siteName"`
		SiteDomain  string   `json:"siteDomain"`
		Data        struct{} `json:"data"`
	}{"Release published", "A release went live.", p.Saved.SiteName, p.Saved.SiteDomain, struct{}{}}, "", "  ")
	return b
}

// claims are those of a signed token (Z2).
func (p Props) claims() []byte {
	b, _ := json.MarshalIndent(struct {
		Issuer string `json:"iss"`
		ID     string `json:"jti"`
	}{p.Saved.SiteDomain, "dlv_01kf2j8x5vd0qz3m7c9r4t6y8b"}, "", "  ")
	return b
}

func (p Props) headers() []models.HeaderLine {
	values := []string{"dlv_01kf2j8x5vd0qz3m7c9r4t6y8b", "release.published", "evt_01kf2j8x5vd0qz3m7c9r4t6y8c", "1"}
	lines := make([]models.HeaderLine, 0, len(values))
	for i, name := range models.OwnHeaders(p.Saved.HeaderPrefix) {
		lines = append(lines, models.HeaderLine{Name: name, Value: values[i]})
	}
	return lines
}

func (p Props) outgoing() string { return strings.Join(p.Outgoing, "\n") }

// label names a field in the summary of faults.
func label(field string) (string, string) {
	labels := map[string]string{
		"site_name": "Site name", "site_domain": "Site domain", "header_prefix": "Header prefix",
		"retention.days": "Keep deliveries and events", "retention.body_days": "Keep bodies",
	}
	return labels[field], ui.FieldID(field)
}
