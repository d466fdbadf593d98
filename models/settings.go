package models

import (
	"strconv"
	"strings"
)

// Settings are the workspace's own.
type Settings struct {
	SiteName     string // Z6
	SiteDomain   string // Z6, and the issuer of signed tokens (Z2)
	HeaderPrefix string // D7
	Retention    Retention
}

// Retention is for how many days what happened is kept (B14). 0 keeps for ever.
type Retention struct {
	// Days counts from the end of a delivery; an event goes with its last one. As
	// long as an event is kept, a repeat of its id or idempotency key is recognised.
	Days int
	// BodyDays is the same for the bodies of requests and responses alone.
	BodyDays int
}

// Bounds of the settings.
const (
	DefaultRetentionDays = 30
	maxRetentionDays     = 3650
	maxHeaderPrefix      = 64
)

// Validate checks what an owner may set.
func (s Settings) Validate() FieldErrors {
	var errs FieldErrors
	checkLine(&errs, "site_name", s.SiteName, "the workspace a name", 200)
	checkLine(&errs, "site_domain", s.SiteDomain, "the domain your systems run under, for example example.com", 253)
	if strings.ContainsAny(s.SiteDomain, "/\\@?# ") {
		errs.Add("site_domain", "Give the domain alone, for example example.com: without https:// and without a path.")
	}
	if problem := headerPrefixProblem(s.HeaderPrefix); problem != "" {
		errs.Add("header_prefix", "%s", problem)
	}
	s.Retention.validate(&errs)
	return errs
}

// headerPrefixProblem says what is wrong with a prefix, or "".
func headerPrefixProblem(prefix string) string {
	const form = "A header prefix starts with a letter and has letters, digits and hyphens, for example X-Hookline."
	if prefix == "" || len(prefix) > maxHeaderPrefix || strings.HasSuffix(prefix, "-") || !isLetter(prefix[0]) {
		return form
	}
	for i := 0; i < len(prefix); i++ {
		if c := prefix[i]; !isLetter(c) && (c < '0' || c > '9') && c != '-' {
			return form
		}
	}
	for _, name := range OwnHeaders(prefix) {
		// No prefix here: with it, every name would be one of ours.
		if why := ReservedHeader(name, "-"); why != "" {
			return "With this prefix the header " + name + " could not be sent: " + why + ". Choose another."
		}
	}
	return ""
}

func isLetter(c byte) bool { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') }

// OwnHeaders are the names that the prefix makes (D7): of the delivery's id, the
// event's type, the event's id and its hops.
func OwnHeaders(prefix string) []string {
	return []string{prefix + "-Delivery-Id", prefix + "-Event", prefix + "-Event-Id", HopsHeader(prefix)}
}

// HopsHeader is the name of the header that counts an event's hops.
func HopsHeader(prefix string) string { return prefix + "-Hops" }

func (r Retention) validate(errs *FieldErrors) {
	for _, v := range []struct {
		field string
		days  int
	}{{"retention.days", r.Days}, {"retention.body_days", r.BodyDays}} {
		if v.days < 0 || v.days > maxRetentionDays {
			errs.Add(v.field, "Give a number of days from 1 to %d, or 0 to keep for ever.", maxRetentionDays)
		}
	}
	if len(*errs) == 0 && r.Days > 0 && (r.BodyDays == 0 || r.BodyDays > r.Days) {
		errs.Add("retention.body_days", "Bodies go with their deliveries, so give %d days at most.", r.Days)
	}
}

// AuditFields lists the workspace's settings.
func (s Settings) AuditFields() []Field {
	return []Field{
		{Name: "site_name", Value: s.SiteName}, {Name: "site_domain", Value: s.SiteDomain}, {Name: "header_prefix", Value: s.HeaderPrefix},
		{Name: "retention.days", Value: daysText(s.Retention.Days)}, {Name: "retention.body_days", Value: daysText(s.Retention.BodyDays)},
	}
}

func daysText(days int) string {
	if days == 0 {
		return "for ever"
	}
	return strconv.Itoa(days) + " days"
}
