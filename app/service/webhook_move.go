package service

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"

	"hookline/app/deliver"
	"hookline/app/egress"
	"hookline/app/policy"
	"hookline/models"
)

// keepSecretsWithHost keeps stored secrets with the host that they were entered for. An
// actor that may change a webhook's URL but not see its secrets could else have them sent
// to another host. So when the host changes, each of them is entered again or
// removed in the same save, unless the actor may move secrets. It looks at what
// would be stored and not at the input, so that no way of asking gets around it.
func (s *Webhooks) keepSecretsWithHost(actor models.Actor, old models.Webhook, w *models.Webhook) (faults models.FieldErrors) {
	if policy.Can(actor, policy.MoveSecrets) || s.sameHost(old.URL, w.URL) {
		return nil
	}
	for i, h := range w.Headers {
		if h.Secret && stillSealed(old.Headers, h) {
			faults.Add(fmt.Sprintf("headers.%d.value", i), "Enter the secret value of %s again, or remove the header: the URL leads to another host now, and only owners may send a stored secret there.", h.Name)
		}
	}
	// The key before it goes in any case: one could go back to it there.
	w.Signing.OldKey, w.Signing.OldKeyUntil = nil, time.Time{}
	if len(w.Signing.Key) == 0 || !bytes.Equal(w.Signing.Key, old.Signing.Key) {
		return faults
	}
	if w.Signs() {
		faults.Add("signing.secret", "Enter a new signing key, or switch signing off: the URL leads to another host now, and only owners may sign for it with the stored key.")
		return faults
	}
	w.Signing.Key = nil // or the next save would switch signing on again
	return faults
}

func stillSealed(old []models.Header, h models.Header) bool {
	for _, o := range old {
		if len(o.Sealed) > 0 && bytes.Equal(o.Sealed, h.Sealed) {
			return true
		}
	}
	return false
}

// sameHost compares scheme, host and port: another port is another server, and
// without TLS anybody on the way reads along.
func (s *Webhooks) sameHost(a, b string) bool {
	from := s.origin(a)
	return from != "" && from == s.origin(b)
}

// LeadsHome reports whether a webhook's URL leads to Hookline itself, whose address
// is home. A capture URL does not: nothing is published there.
func (s *Webhooks) LeadsHome(raw, home string) bool { return s.sameHost(raw, home) }

func (s *Webhooks) origin(raw string) string {
	if _, clear, ours := s.captureURL(raw); ours {
		return "capture:" + clear // one host, and each endpoint another reader
	}
	u, err := egress.ParseURL(deliver.ProbeURL(raw))
	if err != nil || u.Host == "" {
		return ""
	}
	scheme, port := strings.ToLower(u.Scheme), u.Port()
	if port == "" {
		port = map[string]string{"https": "443", "http": "80"}[scheme]
	}
	return scheme + "://" + strings.TrimSuffix(strings.ToLower(u.Hostname()), ".") + ":" + port
}

// withFaults adds faults to those of an error.
func withFaults(err error, faults models.FieldErrors) error {
	var e *models.Error
	switch {
	case len(faults) == 0:
		return err
	case err == nil:
		return faults.Err()
	case errors.As(err, &e) && e.Code == models.Invalid:
		return append(models.FieldErrors(e.Fields), faults...).Err()
	}
	return err
}
