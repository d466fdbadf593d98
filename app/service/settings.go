package service

import (
	"context"
	"fmt"
	"net/netip"
	"strings"

	"hookline/app/policy"
	"hookline/models"
)

// Settings is what owners set for the whole workspace.
type Settings struct{ deps }

// SettingsInput is what a form or an API call says; nil means: as it was.
type SettingsInput struct {
	SiteName     *string
	SiteDomain   *string
	HeaderPrefix *string
	Days         *int // of retention; 0 keeps for ever
	BodyDays     *int
}

// Get returns the settings.
func (s *Settings) Get(actor models.Actor) (models.Settings, error) {
	return s.store.Config().Settings, policy.Check(actor, policy.ManageSettings)
}

// Space is what the database takes on the disk.
func (s *Settings) Space(ctx context.Context, actor models.Actor) (models.Space, error) {
	if err := policy.Check(actor, policy.ManageSettings); err != nil {
		return models.Space{}, err
	}
	return s.store.Space(ctx)
}

// Update changes what in names. It counts for the next request to every receiver.
func (s *Settings) Update(ctx context.Context, actor models.Actor, in SettingsInput) (models.Settings, error) {
	if err := policy.Check(actor, policy.ManageSettings); err != nil {
		return models.Settings{}, err
	}
	old := s.store.Config().Settings
	v := old
	set(&v.SiteName, in.SiteName)
	set(&v.SiteDomain, in.SiteDomain)
	set(&v.HeaderPrefix, in.HeaderPrefix)
	set(&v.Retention.Days, in.Days)
	set(&v.Retention.BodyDays, in.BodyDays)
	v.SiteName, v.SiteDomain, v.HeaderPrefix = strings.TrimSpace(v.SiteName), strings.TrimSpace(v.SiteDomain), strings.TrimSpace(v.HeaderPrefix)
	errs := v.Validate()
	if v.HeaderPrefix != old.HeaderPrefix {
		s.checkPrefix(v.HeaderPrefix, &errs)
	}
	if err := errs.Err(); err != nil {
		return v, err
	}
	audit := s.entry(actor, "settings.updated", "", "Settings", old.AuditFields(), v.AuditFields()).IfChanged()
	if len(audit) == 0 {
		return v, nil
	}
	return v, s.store.SaveSettings(ctx, v, audit...)
}

// checkPrefix refuses a prefix that a webhook's own header already has: that
// header would silently be left out from now on.
func (s *Settings) checkPrefix(prefix string, errs *models.FieldErrors) {
	for w := range s.store.Config().Webhooks() {
		for _, h := range w.Headers {
			if strings.HasPrefix(strings.ToLower(h.Name), strings.ToLower(prefix)+"-") {
				errs.Add("header_prefix", "The webhook %s has a header %s of its own, which this prefix would take. Rename it there, or choose another prefix.", w.Name, h.Name)
				return
			}
		}
	}
}

// OutgoingAddresses are those that requests come from, as the operator gave them
// (W8); none when they are not configured.
func (s *Settings) OutgoingAddresses() []string {
	list := make([]string, len(s.outgoing))
	for i, p := range s.outgoing {
		list[i] = addressText(p)
	}
	return list
}

// addressText writes a single address without its length, as allow-lists want it.
func addressText(p netip.Prefix) string {
	if p.IsSingleIP() {
		return p.Addr().String()
	}
	return fmt.Sprint(p)
}
