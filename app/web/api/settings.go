package api

import (
	"context"
	"net/http"
	"slices"

	"hookline/app/policy"
	"hookline/app/service"
	"hookline/models"
)

// settings are the workspace's.
type settings struct {
	SiteName     string    `json:"site_name" example:"Northwind"`
	SiteDomain   string    `json:"site_domain" doc:"In the site envelope, and the issuer of signed tokens." example:"northwind.example.com"`
	HeaderPrefix string    `json:"header_prefix" doc:"Begins the names of the headers that identify a delivery." example:"X-Hookline"`
	Retention    retention `json:"retention"`
	Outgoing     []string  `json:"outgoing_addresses" nullable:"false" doc:"What requests to receivers come from, as the operator said with --outgoing-addresses."`
}

type retention struct {
	Days     int `json:"days" doc:"How long deliveries are kept after their end, and events with them; 0 is for ever. Repeats of an event are recognised for as long."`
	BodyDays int `json:"body_days" doc:"The same for the bodies of requests and responses alone; not longer than days."`
}

// settingsInput is a merge patch of them.
type settingsInput struct {
	SiteName     opt[string]         `json:"site_name,omitzero" maxLength:"200"`
	SiteDomain   opt[string]         `json:"site_domain,omitzero" maxLength:"253"`
	HeaderPrefix opt[string]         `json:"header_prefix,omitzero" maxLength:"64"`
	Retention    opt[retentionInput] `json:"retention,omitzero"`
	Outgoing     opt[[]string]       `json:"outgoing_addresses,omitzero" readOnly:"true"`
}

type retentionInput struct {
	Days     opt[int] `json:"days,omitzero" minimum:"0" maximum:"3650"`
	BodyDays opt[int] `json:"body_days,omitzero" minimum:"0" maximum:"3650"`
}

func (s *server) mountSettings() {
	const tag, path = "Settings", "/settings"
	add(s, route{method: http.MethodGet, path: path, action: policy.ManageSettings, tag: tag, summary: "The workspace's settings"}, s.settings)
	add(s, route{
		method: http.MethodPatch, path: path, action: policy.ManageSettings, tag: tag, summary: "Change settings",
		description: "A JSON merge patch (RFC 7396): members left out stay, null sets the default. Receivers see a new header prefix or domain from the next request on.",
		body:        `{"retention":{"days":90,"body_days":14}}`,
	}, s.patchSettings)
}

func (s *server) settingsOf(v models.Settings) settings {
	return settings{
		SiteName: v.SiteName, SiteDomain: v.SiteDomain, HeaderPrefix: v.HeaderPrefix, Outgoing: s.Service.Settings.OutgoingAddresses(),
		Retention: retention{Days: v.Retention.Days, BodyDays: v.Retention.BodyDays},
	}
}

func (s *server) settings(_ context.Context, actor models.Actor, _ *struct{}) (settings, error) {
	v, err := s.Service.Settings.Get(actor)
	if err != nil {
		return settings{}, err
	}
	return s.settingsOf(v), nil
}

func (s *server) patchSettings(ctx context.Context, actor models.Actor, in *struct{ Body settingsInput }) (settings, error) {
	b := in.Body
	if now := s.Service.Settings.OutgoingAddresses(); b.Outgoing.given && !slices.Equal(b.Outgoing.value, now) {
		return settings{}, invalid("outgoing_addresses", "The operator sets these with --outgoing-addresses. Leave them out.")
	}
	r := b.Retention.value
	input := service.SettingsInput{
		SiteName: b.SiteName.or(""), SiteDomain: b.SiteDomain.or(""), HeaderPrefix: b.HeaderPrefix.or(models.DefaultHeaderPrefix),
		Days: r.Days.or(models.DefaultRetentionDays), BodyDays: r.BodyDays.or(models.DefaultRetentionDays),
	}
	if b.Retention.null {
		days := models.DefaultRetentionDays
		input.Days, input.BodyDays = &days, &days
	}
	v, err := s.Service.Settings.Update(ctx, actor, input)
	if err != nil {
		return settings{}, err
	}
	return s.settingsOf(v), nil
}
