package service

import (
	"bytes"
	"slices"
	"strings"

	"hookline/app/policy"
	"hookline/app/secret"
	"hookline/models"
)

// sealAuth turns settings into authentication. A secret that comes masked is the one
// there is, if the kind is the same: else it would go out in a way that nobody
// entered it for.
func (s *Webhooks) sealAuth(w models.Webhook, in models.AuthSettings, errs *models.FieldErrors) (models.Auth, error) {
	a := in.Auth()
	if !slices.Contains(models.AuthKinds, a.Kind) {
		return a, nil // which Validate refuses
	}
	if a.Connection != "" {
		if a.Shared = s.store.Config().Connection(a.Connection); a.Shared == nil {
			errs.Add("auth.connection", "There is no such OAuth connection. Choose another.")
		}
	}
	if a.OwnClient() {
		s.checkTokenURL("auth.token_url", a.TokenURL, errs)
	}
	if problem := models.PasteProblem(a.Username); problem != "" && a.Username != w.Auth.Username {
		errs.Add("auth.username", "%s", problem)
	}
	if !a.HasSecret() {
		return a, nil
	}
	var err error
	a.Secret, err = s.sealCredential(w, in, errs)
	return a, err
}

// sealCredential is the secret of a kind that has one; nil for a basic password
// that was left empty on purpose.
func (s *Webhooks) sealCredential(w models.Webhook, in models.AuthSettings, errs *models.FieldErrors) (models.Sealed, error) {
	field, words := "auth."+in.Kind.SecretMember(), in.Kind.SecretWords()
	stored := w.Auth.Kind == in.Kind && len(w.Auth.Secret) > 0
	clear, given := in.Secret()
	switch {
	case clear == models.Mask && stored:
		return w.Auth.Secret, nil
	case clear == models.Mask && w.Auth.Kind != in.Kind:
		errs.Add(field, "Enter %s: a stored secret does not pass over to another kind of authentication.", words)
		return nil, nil
	case clear == "" && given:
		return nil, nil
	case clear == "" || clear == models.Mask:
		errs.Add(field, "Enter %s.", words)
		return nil, nil
	}
	if problem := in.Kind.SecretProblem(clear); problem != "" {
		errs.Add(field, "%s", problem)
		return nil, nil
	}
	return s.box.Seal(clear, secret.WebhookAuth(w.ID, in.Kind))
}

// checkTokenURL holds a token URL against the target guard. "" is Validate's.
func (d deps) checkTokenURL(field, raw string, errs *models.FieldErrors) {
	_, _, ours := d.capture.Match(raw)
	switch {
	case raw == "":
	case len(raw) > models.MaxURL:
		errs.Add(field, "Keep the token URL under %d characters.", models.MaxURL)
	case models.PasteProblem(raw) != "":
		errs.Add(field, "%s", models.PasteProblem(raw))
	case strings.Contains(raw, "{{"):
		errs.Add(field, "A token URL is the same for every request: it cannot have {{…}}.")
	case ours:
		errs.Add(field, "A token URL cannot be a capture URL: the client secret would be kept there for all to read who see the capture.")
	default:
		if _, err := d.targets.CheckURL(raw); err != nil {
			errs.Add(field, "%s", err.Error())
		}
	}
}

// keepAuthWithHost is keepSecretsWithHost for authentication: its stored secret, and the tokens of the
// workspace's connections, go where those who know them want them. An own OAuth
// client's secret goes to the token URL, so that counts as well as the URL.
func (s *Webhooks) keepAuthWithHost(actor models.Actor, old, w models.Webhook) (faults models.FieldErrors) {
	s.checkAgreed(actor, old, w, &faults)
	if policy.Can(actor, policy.MoveSecrets) {
		return nil
	}
	a, moved := w.Auth, !s.sameHost(old.URL, w.URL)
	if a.Connection != "" && (moved || a.Connection != old.Auth.Connection) {
		faults.Add("auth.connection", "Only owners may have the tokens of a workspace's connection sent to a host. Ask one, or choose another authentication.")
	}
	if len(a.Secret) == 0 || !bytes.Equal(a.Secret, old.Auth.Secret) {
		return faults
	}
	field, words := "auth."+a.Kind.SecretMember(), a.Kind.SecretWords()
	switch {
	case moved:
		faults.Add(field, "Enter %s again, or choose no authentication: the URL leads to another host now, and only owners may send a stored secret there.", words)
	case a.OwnClient() && !s.sameHost(old.Auth.TokenURL, a.TokenURL):
		faults.Add(field, "Enter %s again: the token URL leads to another host now, and only owners may send a stored secret there.", words)
	}
	return faults
}

// checkAgreed keeps a token that may only look after its own webhooks from having
// requests sent to a token server that nobody asked (W4). The host of the URL has
// to confirm; who runs another one has no say, so people decide about that.
func (s *Webhooks) checkAgreed(actor models.Actor, old, w models.Webhook, faults *models.FieldErrors) {
	to := w.Auth.TokenURL
	if policy.OwnOnly(actor) == "" || !w.Auth.OwnClient() || to == "" || s.sameHost(to, w.URL) || s.sameHost(to, old.Auth.TokenURL) {
		return
	}
	faults.Add("auth.token_url", "This token may have access tokens fetched only from the host of the webhook's URL, which has to confirm. Ask an owner to set another token URL in the browser.")
}
