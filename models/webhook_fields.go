package models

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// WebhookSection is a part of the webhook's form.
type WebhookSection struct{ ID, Title string }

// Sections of the form that fields belong to.
const (
	destinationSection    = "destination"
	authenticationSection = "authentication"
	headersSection        = "headers"
	parametersSection     = "parameters"
	bodySection           = "body"
	signingSection        = "signing"
	retriesSection        = "retries"
	eventsSection         = "events"
)

// WebhookSections in the order of the form.
var WebhookSections = []WebhookSection{
	{destinationSection, "Destination"}, {authenticationSection, "Authentication"}, {headersSection, "Headers"}, {parametersSection, "Parameters"},
	{bodySection, "Body"}, {signingSection, "Signing"}, {retriesSection, "Retries"}, {eventsSection, "Events"},
}

// WebhookField is a setting of a webhook: its names, and where the form has it.
type WebhookField struct {
	// Name is the path of the member in the API's document, which errors use.
	Name string
	// Control is the name of the form's control, and of the field in the audit log.
	Control string
	// Choice is the value of the first control of a choice; "" for a single control.
	Choice  string
	Label   string
	Section string // "" for a setting that the form does not have
	// audit lists the setting as the audit log shows it; nil where another field's
	// text covers it.
	audit func(w Webhook, name string) []Field
}

// WebhookFields has every setting, in the order of the audit log.
var WebhookFields = webhookFields()

func webhookFields() []WebhookField {
	fields := slices.Concat(generalFields, signingFields, pacingFields, subscriptionFields, authFields, tableFields, bodyFields)
	for i, f := range fields {
		if f.Control == "" {
			fields[i].Control = f.Name
		}
	}
	return fields
}

var generalFields = []WebhookField{
	{Name: "name", Label: "Display name", Section: destinationSection, audit: textOf(func(w Webhook) string { return w.Name })},
	{Name: "description", Label: "Description", Section: destinationSection, audit: textOf(func(w Webhook) string { return w.Description })},
	{Name: "enabled", audit: flagOf(func(w Webhook) bool { return w.Enabled })},
	{Name: "state", audit: textOf(func(w Webhook) string { return string(w.State) })},
	{Name: "method", Label: "Method", Section: destinationSection, audit: textOf(func(w Webhook) string { return w.Method })},
	{Name: "url", Label: "URL", Section: destinationSection, audit: textOf(func(w Webhook) string { return w.URL })},
	{Name: "body", Control: "body.format", Choice: string(BodyAuto), Label: "Body", Section: bodySection},
	{Name: "body.format", Choice: string(BodyAuto), Label: "Body", Section: bodySection, audit: textOf(func(w Webhook) string { return string(w.Body.Format) })},
}

var signingFields = []WebhookField{
	{Name: "signing.jwt", Choice: "true", Label: "Signed token", Section: signingSection, audit: flagOf(func(w Webhook) bool { return w.Signing.JWT })},
	{Name: "signing.hmac", Choice: "true", Label: "Signature", Section: signingSection, audit: flagOf(func(w Webhook) bool { return w.Signing.HMAC })},
	{Name: "signing.standard", Choice: "true", Label: "Standard Webhooks", Section: signingSection, audit: flagOf(func(w Webhook) bool { return w.Signing.Standard })},
	{Name: "signing.secret", Label: "Signing key", Section: signingSection, audit: func(w Webhook, name string) []Field { return []Field{SecretField(name, w.Signing.Key)} }},
	{Name: "signing.old_secret_until", audit: textOf(func(w Webhook) string { return w.Signing.oldKeyText() })},
	{Name: "signing.overlap", Label: "The key used until now", Section: signingSection},
}

var pacingFields = []WebhookField{
	{Name: "retry", Control: "retry", audit: textOf(func(w Webhook) string { return w.Retry.auditText() })},
	{Name: "retry.preset", Choice: string(RetryQuick), Label: "Retries", Section: retriesSection},
	{Name: "retry.attempts", Label: "Attempts", Section: retriesSection},
	{Name: "retry.delays_ms", Control: "retry.delays", Label: "Pauses", Section: retriesSection},
	{Name: "retry.retry_on", Label: "Retry on", Section: retriesSection},
	{Name: "timeout_ms", Control: "timeout", Label: "Timeout", Section: retriesSection, audit: textOf(func(w Webhook) string { return w.Timeout.String() })},
	{Name: "rate_limit.per_second", Control: "rate_limit", Label: "Requests per second", Section: retriesSection, audit: textOf(func(w Webhook) string { return rateText(w.RateLimit) })},
}

var subscriptionFields = []WebhookField{
	{Name: "subscriptions", Control: "subscriptions.all", Choice: "true", Label: "Events", Section: eventsSection, audit: func(w Webhook, _ string) []Field {
		return []Field{{Name: "subscriptions", Value: w.Subscriptions.auditText()}}
	}},
	{Name: "subscriptions.filter", Label: "Filter", Section: eventsSection, audit: textOf(func(w Webhook) string { return w.Subscriptions.Filter })},
}

var authFields = []WebhookField{
	{Name: "auth", Control: "auth.kind", Choice: string(AuthNone), Label: "Authentication", Section: authenticationSection, audit: func(w Webhook, _ string) []Field {
		return []Field{{Name: "auth", Value: string(w.Auth.Kind)}}
	}},
	{Name: "auth.kind", Choice: string(AuthNone), Label: "Authentication", Section: authenticationSection},
	{Name: "auth.header", Label: "API key, header", Section: authenticationSection, audit: textOf(func(w Webhook) string { return w.Auth.Header })},
	{Name: "auth.username", Label: "User name", Section: authenticationSection, audit: textOf(func(w Webhook) string { return w.Auth.Username })},
	{Name: "auth.connection", Label: "OAuth connection", Section: authenticationSection, audit: textOf(func(w Webhook) string { return w.Auth.Connection })},
	{Name: "auth.client_id", Label: "Client ID", Section: authenticationSection, audit: textOf(func(w Webhook) string { return w.Auth.ClientID })},
	{Name: "auth.token_url", Label: "Token URL", Section: authenticationSection, audit: textOf(func(w Webhook) string { return w.Auth.TokenURL })},
	{Name: "auth.scope", Label: "Scope", Section: authenticationSection, audit: textOf(func(w Webhook) string { return w.Auth.Scope })},
	credential("token"), credential("value"), credential("password"), credential("client_secret"),
}

var tableFields = []WebhookField{
	{Name: "headers", Label: "Headers", Section: headersSection, audit: func(w Webhook, _ string) []Field { return headerFields(w.Headers) }},
	{Name: "params", Label: "Parameters", Section: parametersSection, audit: func(w Webhook, _ string) []Field { return paramFields("parameter", w.Params) }},
}

var bodyFields = []WebhookField{
	{Name: "body.template", Label: "Body template", Section: bodySection, audit: textOf(func(w Webhook) string { return w.Body.Template })},
	{Name: "body.content_type", Label: "Content type", Section: bodySection, audit: textOf(func(w Webhook) string { return w.Body.ContentType })},
	{Name: "body.fields", Label: "Form fields", Section: bodySection, audit: func(w Webhook, _ string) []Field { return paramFields("body field", w.Body.Fields) }},
	{Name: "body.encoding", Label: "Sent as", Section: bodySection, audit: textOf(func(w Webhook) string { return w.Body.Encoding })},
	{Name: "body.include_identity", Choice: "true", Label: "Include email and workflowId", Section: bodySection, audit: textOf(func(w Webhook) string { return w.Body.identityText() })},
	{Name: "body.user_fields", Label: "Profile fields", Section: bodySection, audit: textOf(func(w Webhook) string { return strings.Join(w.Body.UserFields, ", ") })},
	{Name: "body.custom", Label: "Members of your own", Section: bodySection, audit: textOf(func(w Webhook) string { return w.Body.Custom })},
}

// WebhookFieldOf finds the setting that an error names: the field itself, or the one
// that the named member belongs to.
func WebhookFieldOf(name string) (WebhookField, bool) {
	for name != "" {
		for _, f := range WebhookFields {
			if f.Name == name || f.Control == name {
				return f, true
			}
		}
		name = name[:max(0, strings.LastIndexByte(name, '.'))]
	}
	return WebhookField{}, false
}

// AuditFields lists what people set on a webhook, secrets masked.
func (w Webhook) AuditFields() (fields []Field) {
	for _, f := range WebhookFields {
		if f.audit != nil {
			fields = append(fields, f.audit(w, f.Control)...)
		}
	}
	return fields
}

func textOf(value func(Webhook) string) func(Webhook, string) []Field {
	return func(w Webhook, name string) []Field { return []Field{{Name: name, Value: value(w)}} }
}

func flagOf(value func(Webhook) bool) func(Webhook, string) []Field {
	return textOf(func(w Webhook) string { return strconv.FormatBool(value(w)) })
}

// credential is the secret of the kinds of authentication that call it member; the
// form has one control for all of them.
func credential(member string) WebhookField {
	name := "auth." + member
	return WebhookField{Name: name, Control: "auth.secret", Label: "Credentials", Section: authenticationSection, audit: func(w Webhook, _ string) []Field {
		if w.Auth.Kind.SecretMember() != member {
			return nil
		}
		return []Field{SecretField(name, w.Auth.Secret)}
	}}
}

func headerFields(list []Header) []Field {
	fields := make([]Field, len(list))
	for i, h := range list {
		fields[i] = Field{Name: "header " + h.Name, Value: h.Value}
		if h.Secret {
			fields[i] = SecretField("header "+h.Name, h.Sealed)
		}
	}
	return fields
}

// paramFields numbers the names that are there more than once.
func paramFields(noun string, list []Param) []Field {
	fields, seen := make([]Field, len(list)), map[string]int{}
	for i, p := range list {
		name := noun + " " + p.Name
		if seen[p.Name]++; seen[p.Name] > 1 {
			name += fmt.Sprintf(" (%d)", seen[p.Name])
		}
		fields[i] = Field{Name: name, Value: p.Value}
	}
	return fields
}

func (b Body) identityText() string {
	if b.Format != BodyMerged {
		return ""
	}
	return strconv.FormatBool(b.IncludeIdentity)
}

func rateText(perSecond float64) string {
	if perSecond == 0 {
		return ""
	}
	return strconv.FormatFloat(perSecond, 'f', -1, 64) + " per second"
}

func (s Signing) oldKeyText() string {
	if len(s.OldKey) == 0 {
		return ""
	}
	return s.OldKeyUntil.Format(time.RFC3339)
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
