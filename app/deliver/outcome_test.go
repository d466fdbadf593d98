package deliver

import (
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/egress"
	"hookline/models"
)

func TestOutcomeD8(t *testing.T) {
	const late = "The receiver did not finish its response body within 10 s."
	for _, tc := range []struct {
		res      egress.Result
		outcome  models.Outcome
		sentence string
	}{
		{egress.Result{Kind: egress.KindResponse, Status: 200}, models.Success, ""},
		{egress.Result{Kind: egress.KindResponse, Status: 299}, models.Success, ""},
		{egress.Result{Kind: egress.KindResponse, Status: 204, Truncated: true}, models.Success, ""},
		{egress.Result{Kind: egress.KindResponse, Status: 101}, models.HTTPError, "The receiver answered 101 Switching Protocols."},
		{egress.Result{Kind: egress.KindResponse, Status: 300}, models.HTTPError, "The receiver answered 300 Multiple Choices."},
		{egress.Result{Kind: egress.KindResponse, Status: 301}, models.HTTPError, "The receiver answered with a redirect (301), which Hookline does not follow."},
		{egress.Result{Kind: egress.KindResponse, Status: 302}, models.HTTPError, "The receiver answered with a redirect (302), which Hookline does not follow."},
		{egress.Result{Kind: egress.KindResponse, Status: 303}, models.HTTPError, "The receiver answered with a redirect (303), which Hookline does not follow."},
		{egress.Result{Kind: egress.KindResponse, Status: 304}, models.HTTPError, "The receiver answered 304 Not Modified."},
		{egress.Result{Kind: egress.KindResponse, Status: 307}, models.HTTPError, "The receiver answered with a redirect (307), which Hookline does not follow."},
		{egress.Result{Kind: egress.KindResponse, Status: 308}, models.HTTPError, "The receiver answered with a redirect (308), which Hookline does not follow."},
		{egress.Result{Kind: egress.KindResponse, Status: 404}, models.HTTPError, "The receiver answered 404 Not Found."},
		{egress.Result{Kind: egress.KindResponse, Status: 410}, models.HTTPError, "The receiver answered 410 Gone."},
		{egress.Result{Kind: egress.KindResponse, Status: 500}, models.HTTPError, "The receiver answered 500 Internal Server Error."},
		{egress.Result{Kind: egress.KindResponse, Status: 599}, models.HTTPError, "The receiver answered 599."},
		{egress.Result{Kind: egress.KindResponse, Status: 502, Reason: late}, models.HTTPError, "The receiver answered 502 Bad Gateway. " + late},
		{egress.Result{Kind: egress.KindTimeout, Status: 200, Reason: late}, models.Timeout, late},
		{egress.Result{Kind: egress.KindNetwork, Reason: "N."}, models.Network, "N."},
		{egress.Result{Kind: egress.KindTLS, Reason: "T."}, models.TLS, "T."},
		{egress.Result{Kind: egress.KindBlocked, Reason: "B."}, models.BlockedURL, "B."},
	} {
		outcome, sentence := outcome(tc.res)
		require.Equal(t, tc.outcome, outcome, "%+v", tc.res)
		require.Equal(t, tc.sentence, sentence)
	}
}
