package deliver

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"net/http"
	"strings"

	"hookline/app/egress"
	"hookline/models"
)

// challengeHeader follows the workspace's header prefix.
const challengeHeader = "-Confirmation"

// Challenge asks a webhook's endpoint whether it wants the requests (W4): a POST
// with {"type": "webhook.confirmation", "webhook_id", "token"}, the token in a
// header too, through the target guard and without any secret of the webhook. A
// URL that is filled in has a letter in place of each value. It
// reports whether a 2xx answer brought the token back: as the whole body, as the
// member token of a JSON object, or in the same header.
func (s *Sender) Challenge(ctx context.Context, w *models.Webhook, settings models.Settings, token string) bool {
	u, err := s.client.CheckURL(ProbeURL(w.URL))
	if err != nil {
		return false
	}
	body, err := json.Marshal(map[string]string{"type": "webhook.confirmation", "webhook_id": w.ID, "token": token})
	if err != nil {
		return false
	}
	name := settings.HeaderPrefix + challengeHeader
	res := s.client.Do(ctx, egress.Request{
		Method: http.MethodPost, URL: u, Body: body, Timeout: w.Timeout,
		Header: http.Header{contentType: {"application/json"}, name: {token}},
	})
	if res.Kind != egress.KindResponse || res.Status/100 != 2 {
		return false
	}
	return same(strings.TrimSpace(string(res.Body)), token) || same(res.Header.Get(name), token) || same(tokenMember(res.Body), token)
}

func tokenMember(body []byte) string {
	var answer struct {
		Token string `json:"token"`
	}
	if json.Unmarshal(body, &answer) != nil {
		return ""
	}
	return answer.Token
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
