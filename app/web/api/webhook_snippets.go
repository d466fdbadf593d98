package api

import (
	"context"
	"net/http"

	"hookline/app/policy"
	"hookline/models"
)

func (s *server) mountWebhookSnippets() {
	add(s, route{
		method: http.MethodGet, path: "/webhooks/{id}/snippets", action: policy.ReadWebhooks, tag: "Webhooks", summary: "Code that verifies a webhook's requests",
		description: "A whole receiver for each language, by language: go, node, python, php, ruby. It checks the signatures that this webhook makes, and reads " +
			"the signing key from the environment. The object is empty when the webhook does not sign.",
	}, s.snippets)
}

func (s *server) snippets(ctx context.Context, actor models.Actor, in *WebhookID) (map[string]string, error) {
	list, err := s.Service.Webhooks.Snippets(ctx, actor, in.ID)
	out := make(map[string]string, len(list))
	for _, one := range list {
		out[one.Language] = one.Code
	}
	return out, err
}
