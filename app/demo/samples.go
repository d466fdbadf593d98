package demo

import (
	"time"

	"hookline/app/service"
	"hookline/models"
)

// sample is one sample webhook and how its receiver behaves.
type sample struct {
	path        string
	name        string
	description string
	manner      manner
	subs        models.Subscriptions
	retry       models.RetryPreset
	timeout     time.Duration
	secret      string // value of a secret header; "" for none
	off         bool   // switched off, with a backlog
}

var samples = []sample{
	{
		path: "/warehouse/orders", name: "Orders to the warehouse", description: "Tells the warehouse what to pick and pack.", manner: healthy,
		subs: models.Subscriptions{Categories: []string{"payments", "work_orders"}}, retry: models.RetryQuick, secret: "warehouse-sample-key",
	},
	{
		path: "/chat/releases", name: "Release notes to chat", description: "Posts what was published. The chat is overloaded at times; retries get it through.", manner: flaky,
		subs: models.Subscriptions{Categories: []string{"releases", "tracks"}}, retry: models.RetryQuick,
	},
	{
		path: "/erp/approvals", name: "Approvals to the ERP", description: "A slow system with a timeout of 2 seconds: some attempts do not make it.", manner: slow,
		subs: models.Subscriptions{Categories: []string{"approvals"}}, retry: models.RetryQuick, timeout: 2 * time.Second,
	},
	{
		path: "/crm/contacts", name: "Contacts to the CRM", description: "Its access token has expired: every delivery is refused with 401.", manner: lockedOut,
		subs: models.Subscriptions{Categories: []string{"contacts"}}, retry: models.RetryQuick, secret: "crm-sample-token",
	},
	{
		path: "/accounting/invoices", name: "Invoices to accounting", description: "Restarts every twenty minutes. The preset Durable bridges that.", manner: restarts,
		subs: models.Subscriptions{Types: []string{"payment.received", "opportunity.stage_changed"}}, retry: models.RetryDurable,
	},
	{
		path: "/survey/hook", name: "Old survey tool", description: "Retired by its makers: it answered 410 Gone, and Hookline switched it off.", manner: gone,
		subs: models.Subscriptions{Categories: []string{"forms"}}, retry: models.RetryDurable,
	},
	{
		path: "/courses/reminders", name: "Course reminders", description: "Switched off while its owner is away. What was pending waits.", manner: healthy,
		subs: models.Subscriptions{Categories: []string{"courses"}}, retry: models.RetryPatient, off: true,
	},
	{
		path: "/lake/events", name: "Everything to the data lake", description: "All events, also of types added later.", manner: healthy,
		subs: models.Subscriptions{All: true}, retry: models.RetryPatient,
	},
}

// draft is the sample as the form would give it.
func (h sample) draft(receiverURL string) service.WebhookDraft {
	in := models.NewWebhook().Settings()
	in.Name, in.Description, in.URL = h.name, h.description, receiverURL+h.path
	in.Retry, in.Subscriptions = models.Retry{Preset: h.retry}, h.subs
	if h.timeout > 0 {
		in.TimeoutMS = h.timeout.Milliseconds()
	}
	if h.secret != "" {
		in.Headers = []models.HeaderSettings{{Name: "X-Api-Key", Value: h.secret, Secret: true}, {Name: "X-Source", Value: "hookline-demo"}}
	}
	return service.WebhookDraft{Settings: in}
}

// person is one sample user. They are named by what they may do.
type person struct {
	email, name string
	role        models.Role
	inTeam      bool
	grants      map[string]models.Level // by the path of the webhook's receiver
}

var people = []person{
	{email: "owner@demo.example", name: "Demo Owner", role: models.Owner},
	{
		email: "manager@demo.example", name: "Demo Manager", role: models.Manager, inTeam: true,
		grants: map[string]models.Level{"/chat/releases": models.EditGrant, "/crm/contacts": models.EditGrant},
	},
	{
		email: "member@demo.example", name: "Demo Member", role: models.Member, inTeam: true,
		grants: map[string]models.Level{"/warehouse/orders": models.ViewGrant},
	},
}
