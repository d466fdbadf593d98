package deliver

import (
	"fmt"
	"net/http"

	"hookline/app/egress"
	"hookline/models"
)

// outcome sorts a result and says what happened in a sentence, which is empty
// on success. The result is not one of kind cancelled: that is no outcome.
func outcome(res egress.Result) (models.Outcome, string) {
	switch res.Kind {
	case egress.KindResponse:
		return answered(res)
	case egress.KindTimeout:
		return models.Timeout, res.Reason
	case egress.KindTLS:
		return models.TLS, res.Reason
	case egress.KindBlocked:
		return models.BlockedURL, res.Reason
	}
	return models.Network, res.Reason
}

// answered judges by the status alone (D8). The reason is there when the
// response broke off; the status still counts, and both are told.
func answered(res egress.Result) (models.Outcome, string) {
	if res.Status >= 200 && res.Status <= 299 {
		return models.Success, ""
	}
	sentence := statusSentence(res.Status)
	if res.Reason != "" {
		sentence += " " + res.Reason
	}
	return models.HTTPError, sentence
}

func statusSentence(status int) string {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return fmt.Sprintf("The receiver answered with a redirect (%d), which Hookline does not follow.", status)
	}
	// Our own words for the status, never those of the receiver.
	if text := http.StatusText(status); text != "" {
		return fmt.Sprintf("The receiver answered %d %s.", status, text)
	}
	return fmt.Sprintf("The receiver answered %d.", status)
}
