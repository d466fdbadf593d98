package models

// Settings are the workspace's own.
type Settings struct {
	SiteName     string // Z6
	SiteDomain   string // Z6, and the issuer of signed tokens (Z2)
	HeaderPrefix string // D7
}

// Validate checks what an owner may set.
func (s Settings) Validate() FieldErrors {
	var errs FieldErrors
	checkLine(&errs, "site_name", s.SiteName, "the workspace a name", 200)
	checkLine(&errs, "site_domain", s.SiteDomain, "the domain your systems run under, for example example.com", 253)
	if !ValidHeaderName(s.HeaderPrefix) || len(s.HeaderPrefix) > 64 {
		errs.Add("header_prefix", "A header prefix has letters, digits and hyphens, for example X-Hookline.")
	}
	return errs
}
