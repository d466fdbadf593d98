package models

import "strings"

// Causes of a request that failed for its access token (I6). Those that begin
// with tokenFetch arise at the token server, before the receiver is asked.
const (
	tokenFetch = "token_"

	CauseTokenBlocked  Cause = tokenFetch + "blocked"
	CauseTokenNetwork  Cause = tokenFetch + "network"
	CauseTokenTimeout  Cause = tokenFetch + "timeout"
	CauseTokenTLS      Cause = tokenFetch + "tls"
	CauseTokenRedirect Cause = tokenFetch + "redirect"
	CauseTokenHTTP     Cause = tokenFetch + "http_error"
	CauseTokenNotJSON  Cause = tokenFetch + "not_json"
	CauseTokenTooLong  Cause = tokenFetch + "too_long"
	CauseTokenMissing  Cause = tokenFetch + "missing"
	CauseTokenUnusable Cause = tokenFetch + "unusable"

	// CauseRenewed is of a 401 after which the request was sent again with a new
	// token, CauseRefused of one that new tokens did not mend.
	CauseRenewed Cause = "access_token_renewed"
	CauseRefused Cause = "access_token_refused"
	// CauseNoConnection is of a webhook whose OAuth connection is not there.
	CauseNoConnection Cause = "no_connection"
)

// OAuthErrors are the error codes that a token server may name (RFC 6749, 5.2).
// No other text of its answer is ever shown.
var OAuthErrors = []string{
	"invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type", "invalid_scope",
}

// CauseOAuth is of a token request that was refused with one of OAuthErrors.
func CauseOAuth(code string) Cause { return Cause(tokenFetch + code) }

// OfTokenFetch reports whether it was the token that could not be had. Under a
// policy that retries everything that is worth another try: the fault is often
// the token server's, and passes.
func (c Cause) OfTokenFetch() bool { return strings.HasPrefix(string(c), tokenFetch) }

const (
	checkTokenURL = "Check the token URL in the webhook's authentication, or in the OAuth connection that it uses."
	theirServer   = "Whoever runs it can mend that. Retrigger the delivery once tokens can be fetched again."
)

var byTokenCause = map[Cause]Diagnosis{
	CauseTokenBlocked:  {"the target guard refused the token URL", "Tokens are fetched from public addresses only. " + checkTokenURL + " If the address is meant, the operator can let it through by starting the server with --allow-targets or, for plain http, --allow-http."},
	CauseTokenNetwork:  {"the token server could not be reached", checkTokenURL + " If it is right, the token server is down. Retrigger the delivery once it is up."},
	CauseTokenTimeout:  {"the token server did not answer in time", "Fetching a token and sending the request share the webhook's timeout. Raise it (30 s at most), or ask whoever runs the token server why it is slow."},
	CauseTokenTLS:      {"no secure connection to the token server could be made", "Its certificate is not acceptable; the error says why. " + theirServer},
	CauseTokenRedirect: {"the token server answered with a redirect", "Redirects are not followed: the client secret would go along. Enter the address it points to as the token URL."},
	CauseTokenHTTP:     {"the token server refused the request for a token", checkTokenURL + " If it is right, the fault is the token server's: its own log says more."},
	CauseTokenNotJSON:  {"the token server's answer is not JSON", "A web page or a sign-in form answers at this address. " + checkTokenURL},
	CauseTokenTooLong:  {"the token server's answer is too long", "An answer with a token is small. " + checkTokenURL},
	CauseTokenMissing:  {"the token server's answer has no access token", "It must be a JSON object with the member access_token (RFC 6749, 5.1). " + checkTokenURL},
	CauseTokenUnusable: {"the token server gave a token that cannot be sent as Bearer", "It names another token_type than Bearer, or the token has characters that a header cannot carry. " + theirServer},

	CauseOAuth("invalid_request"):        {"the token server did not understand the request", "It may want another form than client credentials with id and secret in the body, or a scope. See the provider's documentation."},
	CauseOAuth("invalid_client"):         {"the token server does not accept the client", "Check client id and client secret; the secret may have expired or been rotated. Enter the new one: it counts for retries too."},
	CauseOAuth("invalid_grant"):          {"the token server does not accept the grant", "Check at the provider that this client may use client credentials."},
	CauseOAuth("unauthorized_client"):    {"this client may not fetch tokens this way", "Allow the client credentials grant for it at the provider."},
	CauseOAuth("unsupported_grant_type"): {"the token server does not offer client credentials", "Hookline speaks this grant alone. Ask the provider for another way, such as a fixed token, and choose Bearer."},
	CauseOAuth("invalid_scope"):          {"the token server does not accept the scope", "Check the scope: its words are the provider's, and the client must be allowed to ask for them."},

	CauseRenewed:      {"the receiver refused the access token", "Nothing needs to be done for this one: Hookline took a new token and sent the request again at once. See the attempt after it."},
	CauseRefused:      {"the receiver refuses the access tokens", "New tokens were refused too, so it is not their age. Check that client and scope are meant for this receiver, and what the receiver's answer says."},
	CauseNoConnection: {"the OAuth connection of the webhook is not there", "Choose another connection in the webhook's authentication."},
}
