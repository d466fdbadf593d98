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

