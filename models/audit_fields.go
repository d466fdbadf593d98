package models

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Fields of the nouns as the audit log shows them.

// AuditFields lists what people set on a webhook, secrets masked.
func (w Webhook) AuditFields() []Field {
	fields := []Field{
		{Name: "name", Value: w.Name}, {Name: "description", Value: w.Description},
		{Name: "enabled", Value: strconv.FormatBool(w.Enabled)}, {Name: "state", Value: string(w.State)},
		{Name: "method", Value: w.Method}, {Name: "url", Value: w.URL}, {Name: "body.format", Value: string(w.Body.Format)},
		{Name: "signing.jwt", Value: strconv.FormatBool(w.Signing.JWT)}, {Name: "signing.hmac", Value: strconv.FormatBool(w.Signing.HMAC)},
		{Name: "signing.standard", Value: strconv.FormatBool(w.Signing.Standard)},
		SecretField("signing.secret", w.Signing.Key), w.Signing.oldKeyField(),
		{Name: "retry", Value: w.Retry.auditText()}, {Name: "timeout", Value: w.Timeout.String()},
		{Name: "rate_limit", Value: rateText(w.RateLimit)},
		{Name: "subscriptions", Value: w.Subscriptions.auditText()}, {Name: "subscriptions.filter", Value: w.Subscriptions.Filter},
	}
	fields = append(fields, w.Auth.auditFields()...)
	for _, h := range w.Headers {
		name := "header " + h.Name
		if h.Secret {
			fields = append(fields, SecretField(name, h.Sealed))
			continue
		}
		fields = append(fields, Field{Name: name, Value: h.Value})
	}
	fields = append(fields, w.Body.auditFields()...)
	return append(fields, paramFields("parameter", w.Params)...)
}

// auditFields lists what a body has beside its format.
func (b Body) auditFields() []Field {
	fields := []Field{
		{Name: "body.template", Value: b.Template}, {Name: "body.content_type", Value: b.ContentType},
		{Name: "body.encoding", Value: b.Encoding}, {Name: "body.user_fields", Value: strings.Join(b.UserFields, ", ")},
		{Name: "body.custom", Value: b.Custom},
	}
	if b.Format == BodyMerged {
		fields = append(fields, Field{Name: "body.include_identity", Value: strconv.FormatBool(b.IncludeIdentity)})
	}
	return append(fields, paramFields("body field", b.Fields)...)
}

// paramFields tells names that are there more than once apart.
func paramFields(what string, list []Param) []Field {
	fields, seen := make([]Field, len(list)), map[string]int{}
	for i, p := range list {
		name := what + " " + p.Name
		if seen[p.Name]++; seen[p.Name] > 1 {
			name += fmt.Sprintf(" (%d)", seen[p.Name])
		}
		fields[i] = Field{Name: name, Value: p.Value}
	}
	return fields
}

// auditFields lists what the kind uses; what it does not use is not there.
func (a Auth) auditFields() []Field {
	fields := []Field{{Name: "auth", Value: string(a.Kind)}}
	for _, f := range []Field{
		{Name: "auth.header", Value: a.Header}, {Name: "auth.username", Value: a.Username}, {Name: "auth.connection", Value: a.Connection},
		{Name: "auth.client_id", Value: a.ClientID}, {Name: "auth.token_url", Value: a.TokenURL}, {Name: "auth.scope", Value: a.Scope},
	} {
		if f.Value != "" {
			fields = append(fields, f)
		}
	}
	if member := a.Kind.SecretMember(); member != "" && len(a.Secret) > 0 {
		fields = append(fields, SecretField("auth."+member, a.Secret))
	}
	return fields
}

// AuditFields lists what people set on an OAuth connection.
func (c OAuthConnection) AuditFields() []Field {
	return []Field{
		{Name: "name", Value: c.Name}, {Name: "client_id", Value: c.ClientID}, SecretField("client_secret", c.Secret),
		{Name: "token_url", Value: c.TokenURL}, {Name: "scope", Value: c.Scope},
	}
}

func rateText(perSecond float64) string {
	if perSecond == 0 {
		return ""
	}
	return strconv.FormatFloat(perSecond, 'f', -1, 64) + " per second"
}

func (s Signing) oldKeyField() Field {
	f := Field{Name: "signing.old_secret_until"}
	if len(s.OldKey) > 0 {
		f.Value = s.OldKeyUntil.Format(time.RFC3339)
	}
	return f
}

func (r Retry) auditText() string {
	if r.Preset != RetryCustom {
		return string(r.Preset)
	}
	delays := make([]string, len(r.Delays))
	for i, d := range r.Delays {
		delays[i] = d.String()
	}
	return fmt.Sprintf("custom: %d attempts; pauses %s; on %s", r.Attempts, strings.Join(delays, ", "), strings.Join(r.RetryOn, ", "))
}

func (s Subscriptions) auditText() string {
	if s.All {
		return "all events"
	}
	parts := make([]string, 0, len(s.Categories)+len(s.Types))
	for _, c := range s.Categories {
		parts = append(parts, "all of "+c)
	}
	return strings.Join(append(parts, s.Types...), ", ")
}

// AuditFields lists what people set on a user.
func (u User) AuditFields() []Field {
	return []Field{
		{Name: "email", Value: u.Email}, {Name: "name", Value: u.Name}, {Name: "role", Value: string(u.Role)},
		{Name: "disabled", Value: strconv.FormatBool(u.Disabled)},
		{Name: "password", Value: maskOf(u.PasswordHash), Same: u.PasswordHash},
	}
}

func maskOf(secret string) string {
	if secret == "" {
		return ""
	}
	return Mask
}

// AuditFields lists what an owner chose for an invitation.
func (i Invitation) AuditFields() []Field {
	return []Field{{Name: "email", Value: i.Email}, {Name: "role", Value: string(i.Role)}, {Name: "teams", Value: strings.Join(i.Teams, ", ")}}
}

// AuditFields lists what people set on a team: its name, and who is in it by
// their addresses.
func (t Team) AuditFields(emails map[string]string) []Field {
	members := make([]string, len(t.Members))
	for i, id := range t.Members {
		if members[i] = emails[id]; members[i] == "" {
			members[i] = id
		}
	}
	return []Field{{Name: "name", Value: t.Name}, {Name: "members", Value: strings.Join(members, ", ")}}
}

// AuditFields lists what people set on a token.
func (t Token) AuditFields() []Field {
	scopes := make([]string, len(t.Scopes))
	for i, s := range t.Scopes {
		scopes[i] = string(s)
	}
	expires := "never"
	if !t.ExpiresAt.IsZero() {
		expires = t.ExpiresAt.Format("2006-01-02T15:04:05Z07:00")
	}
	return []Field{{Name: "name", Value: t.Name}, {Name: "scopes", Value: strings.Join(scopes, ", ")}, {Name: "expires", Value: expires}}
}

// AuditFields lists what people set on an event type.
func (t EventType) AuditFields() []Field {
	return []Field{
		{Name: "name", Value: t.Name}, {Name: "category", Value: t.Category}, {Name: "title", Value: t.Title},
		{Name: "description", Value: t.Description}, {Name: "sample", Value: string(t.Sample)},
		{Name: "schema", Value: string(t.Schema)},
		{Name: "archived", Value: strconv.FormatBool(t.Archived)},
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
