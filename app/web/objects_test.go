package web_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"hookline/app/service"
	"hookline/models"
)

// objects is one of each thing that a route can name, all around one webhook.
type objects struct {
	webhook, delivery, event, token, holder, job, capture, captured string
	user, invitation, team, invite, reset, participant, connection  string
}

// nouns says which object a parameter of a path names: the first row that fits
// counts. A route with a parameter that no row fits fails the tests, so a new
// one needs a line here.
var nouns = []struct {
	under, param string
	id           func(objects) string
}{
	{"/webhooks/", ":id", func(o objects) string { return o.webhook }},
	{"/webhooks/", ":holder", func(o objects) string { return o.holder }},
	{"/deliveries/", ":id", func(o objects) string { return o.delivery }},
	{"/events/", ":id", func(o objects) string { return o.event }},
	{"/event-types/", ":name", func(objects) string { return "contact.deleted" }},
	{"/event-categories/", ":name", func(objects) string { return "contacts" }},
	{"/webhooks/destinations/", ":preset", func(objects) string { return "slack" }},
	{"/participants/", ":id", func(o objects) string { return o.participant }},
	{"/tokens/", ":id", func(o objects) string { return o.token }},
	{"/jobs/", ":id", func(o objects) string { return o.job }},
	{"/team/users/", ":id", func(o objects) string { return o.user }},
	{"/team/invitations/", ":id", func(o objects) string { return o.invitation }},
	{"/team/teams/", ":id", func(o objects) string { return o.team }},
	{"/invite/", ":token", func(o objects) string { return o.invite }},
	{"/reset/", ":token", func(o objects) string { return o.reset }},
	{"/oauth-connections/", ":id", func(o objects) string { return o.connection }},
	{"/capture/", ":id", func(o objects) string { return o.capture }},
	{"/capture/", ":request", func(o objects) string { return o.captured }},
}

// ofWebhook are the objects that belong to a webhook, and so open with a grant.
// Objects under other addresses are the workspace's.
var ofWebhook = []string{"/webhooks/:", "/deliveries/:"}

// objects makes a set; holder, a user or a team, gets a view grant on its webhook.
func (s *site) objects(target, holder string) objects {
	s.t.Helper()
	ctx := context.Background()
	w := s.webhook("Orders", target)
	d := s.delivery(w)
	_, token, err := s.svc.Tokens.Create(ctx, system, "t", []models.Scope{models.Admin}, time.Time{})
	require.NoError(s.t, err)
	_, err = s.svc.Grants.Give(ctx, system, w.ID, holder, models.ViewGrant)
	require.NoError(s.t, err)
	job, err := s.svc.Bulk.Start(ctx, system, service.BulkInput{Kind: models.BulkCancel, Filter: models.DeliveryFilter{WebhookID: w.ID}})
	require.NoError(s.t, err)
	name := "Bin"
	bin, err := s.svc.Captures.Create(ctx, models.Actor{Token: &token}, service.CaptureInput{Name: &name})
	require.NoError(s.t, err)
	request := models.Captured{ID: models.FormatID(models.CapturedPrefix, uuid.Must(uuid.NewV7())), CaptureID: bin.ID, At: s.clock.Now()}
	require.NoError(s.t, s.store.KeepCaptured(ctx, []models.Captured{request}, nil))
	connection := s.connection(uuid.NewString(), "https://auth.example.com/token")
	user, invited := s.personal("/team/users/"), s.invite(uuid.NewString()+"@example.com", models.Member)
	reset, _, err := s.svc.People.ResetLink(ctx, system, user)
	require.NoError(s.t, err)
	who, err := s.svc.Participants.Create(ctx, system, service.ParticipantInput{})
	require.NoError(s.t, err)
	return objects{
		participant: who.ID, user: user, invitation: invited.Invitation.ID, team: s.personal("/team/teams/"),
		invite: strings.TrimPrefix(s.path(invited.Link), "/invite/"), reset: strings.TrimPrefix(s.path(reset), "/reset/"),
		webhook: w.ID, delivery: d.ID, event: d.EventID, token: token.ID, holder: holder, job: job.ID, capture: bin.ID, captured: request.ID, connection: connection.ID,
	}
}

// params are the parameters of a path with the ids of these objects.
func (o objects) params(t *testing.T, path string) map[string]string {
	t.Helper()
	params := map[string]string{}
	for part := range strings.SplitSeq(path, "/") {
		if !strings.HasPrefix(part, ":") {
			continue
		}
		for _, n := range nouns {
			if n.param == part && strings.HasPrefix(path, n.under) && params[part] == "" {
				params[part] = n.id(o)
			}
		}
		require.NotEmpty(t, params[part], "%s of %s names no object: add a row to nouns", part, path)
	}
	return params
}

// others are the ids of all objects but this one, and of objects that are not
// there; given where this one belongs, they must not be found.
func (o objects) others(id string) []string {
	var ids []string
	for _, other := range []string{o.webhook, o.delivery, o.event, o.token, o.holder} {
		if kind, _, _ := strings.Cut(id, "_"); !strings.HasPrefix(other, kind+"_") { // another of its kind is there
			ids = append(ids, other)
		}
	}
	for _, prefix := range []string{"wh", "evt", "dlv", "usr", "tok", "team", "grt", "aud", "job", "cap", "ses", "inv", "par", "oac"} {
		ids = append(ids, models.FormatID(prefix, uuid.Must(uuid.NewV7())))
	}
	return ids
}

func filled(path string, params map[string]string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if id, is := params[part]; is {
			parts[i] = url.PathEscape(id)
		}
	}
	return strings.Join(parts, "/")
}
