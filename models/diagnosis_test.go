package models_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/models"
)

// W6: what people read for each kind of failure. Samples; every status and
// outcome has words, whatever comes.
func TestW6_Diagnose(t *testing.T) {
	for _, c := range []struct {
		outcome models.Outcome
		status  int
		cause   models.Cause
		what    string
		advice  string // part of it
	}{
		{models.Network, 0, "dns_not_found", "there is no server of that name", "host name"},
		{models.Network, 0, "connection_refused", "the receiver refused the connection", "port"},
		{models.Network, 0, "", "the connection to the receiver failed", "reachable"},
		{models.TLS, 0, "tls_expired", "the receiver's certificate has expired or is not valid yet", "certificate"},
		{models.TLS, 0, "tls_wrong_name", "the receiver's certificate is for another name", "name"},
		{models.TLS, 0, "tls_untrusted", "the receiver's certificate is not trusted", "chain"},
		{models.Timeout, 0, "timeout_connect", "no connection to the receiver could be made in time", "firewall"},
		{models.Timeout, 0, "timeout_answer", "the receiver did not answer in time", "answer 2xx first"},
		{models.Timeout, 0, "timeout_body", "the receiver did not finish its answer in time", "repeat"},
		{models.Timeout, 0, "from a newer version", "the receiver did not answer in time", "timeout"},
		{models.HTTPError, 302, "", "the receiver answered 302, a redirect", "Location"},
		{models.HTTPError, 401, "", "the receiver answered 401", "credentials"},
		{models.HTTPError, 403, "", "the receiver answered 403", "allow-list"},
		{models.HTTPError, 404, "", "the receiver answered 404", "URL"},
		{models.HTTPError, 410, "", "the receiver answered 410", "no longer exists"},
		{models.HTTPError, 413, "", "the receiver answered 413", "larger"},
		{models.HTTPError, 418, "", "the receiver answered 418", "did not accept"},
		{models.HTTPError, 429, "", "the receiver answered 429", "too often"},
		{models.HTTPError, 500, "body_broken", "the receiver answered 500", "its own log"},
		{models.HTTPError, 503, "", "the receiver answered 503", "overloaded"},
		{models.HTTPError, 599, "", "the receiver answered 599", "receiver's side"},
		{models.HTTPError, 199, "", "the receiver answered 199", "200 to 299"},
		{models.BlockedURL, 0, "", "the target guard refused the address", "--allow-targets"},
		{models.RenderError, 0, models.CauseNotBuilt, "the request could not be built", "filled in"},
		{models.RenderError, 0, models.CauseTemplate, "a template of the webhook could not be filled in", "names it"},
		{models.RenderError, 0, models.CauseTooLong, "a template of the webhook came to more than 1 MiB", "less"},
		{models.RenderError, 0, models.CauseHeader, "a header of the webhook came to hold what no header can", "urlEncode"},
		{models.BlockedURL, 0, models.CauseURLFilled, "the URL was refused once its values were filled in", "into the body"},
		{models.AuthError, 0, models.CauseSealed, "a secret of the webhook could not be opened", "master key"},
		{models.AuthError, 0, models.CauseNoKey, "the webhook signs its requests but has no signing key", "set a key"},
		{models.AuthError, 0, models.CauseTokenNetwork, "the token server could not be reached", "token URL"},
		{models.AuthError, 0, models.CauseTokenTimeout, "the token server did not answer in time", "share the webhook's timeout"},
		{models.AuthError, 0, models.CauseOAuth("invalid_client"), "the token server does not accept the client", "client secret"},
		{models.AuthError, 0, models.CauseTokenNotJSON, "the token server's answer is not JSON", "sign-in form"},
		{models.AuthError, 0, "", "no credentials could be had for it", "credentials"},
		{models.BlockedURL, 0, models.CauseTokenBlocked, "the target guard refused the token URL", "--allow-targets"},
		{models.HTTPError, 401, models.CauseRenewed, "the receiver refused the access token", "again at once"},
		{models.HTTPError, 401, models.CauseRefused, "the receiver refuses the access tokens", "scope"},
		{"new", 0, "", "it did not succeed", "Retrigger"},
	} {
		d := models.Diagnose(c.outcome, c.status, c.cause)
		require.Equal(t, c.what, d.What)
		require.Contains(t, strings.ToLower(d.Advice), strings.ToLower(c.advice), c.what)
	}
}

func TestW6_EveryDiagnosisReadsWell(t *testing.T) {
	sentence := regexp.MustCompile(`^[A-Z].*\.$`)
	check := func(d models.Diagnosis, where string) {
		t.Helper()
		require.Regexp(t, sentence, d.Title(), where)
		require.Regexp(t, sentence, d.Advice, where)
		require.NotContains(t, d.Title()+d.Advice, "!")
	}
	for status := 100; status < 600; status++ {
		check(models.Diagnose(models.HTTPError, status, ""), fmt.Sprint(status))
	}
	for _, o := range []models.Outcome{models.Timeout, models.Network, models.TLS, models.BlockedURL, models.RenderError, models.AuthError} {
		check(models.Diagnose(o, 0, ""), string(o))
	}
}

func TestTimingRoundTrips(t *testing.T) {
	for _, want := range []models.Timing{
		{},
		{DNS: time.Millisecond, Connect: 2 * time.Millisecond, TLS: 3 * time.Millisecond, Wait: 4 * time.Second, Body: 5 * time.Microsecond},
		{Wait: time.Second, Reused: true},
	} {
		require.Equal(t, want, models.ParseTiming(want.String()))
	}
	for _, odd := range []string{"x", "1 2 3 4", "1 2 3 4 five", "1 2 3 4 99999999999999999999"} {
		require.Zero(t, models.ParseTiming(odd), odd)
	}
}
