package web_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"hookline/models"
)

// objects is one of each thing that a route can name, all around one webhook.
type objects struct {
	webhook, delivery, event, token, holder string
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
	{"/tokens/", ":id", func(o objects) string { return o.token }},
}

// ofWebhook are the objects that belong to a webhook, and so open with a grant.
// What stands under another address is the workspace's.
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
	return objects{webhook: w.ID, delivery: d.ID, event: d.EventID, token: token.ID, holder: holder}
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
		if other != id {
			ids = append(ids, other)
		}
	}
	for _, prefix := range []string{"wh", "evt", "dlv", "usr", "tok", "team", "grt", "aud", "job", "cap", "ses"} {
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
