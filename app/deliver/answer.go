package deliver

import (
	"net/http"

	"hookline/app/egress"
)

// MaxAnswer is how much of an answer's body can be asked for.
const MaxAnswer = 64 << 10

// loggedAnswer is how much of it the log keeps (promise 7).
const loggedAnswer = 16 << 10

// Answer is what the receiver answered, byte for byte. It may hold secrets in clear:
// values are read from it, and nothing of it is shown or kept as it is.
type Answer struct {
	Status    int
	Header    http.Header
	Body      []byte
	Truncated bool // the body was longer, or broke off
}

// keepOf is how much of the body the client is to keep, for the log and for the
// answer; 0 means as much as the log keeps.
func keepOf(answer int) int {
	if answer <= loggedAnswer {
		return 0
	}
	return min(answer, MaxAnswer)
}

// answerOf is the answer with so much of its body, or nil when there was none.
func answerOf(res egress.Result, keep int) *Answer {
	if res.Status == 0 || keep <= 0 {
		return nil
	}
	body := res.Body[:min(keep, len(res.Body))]
	return &Answer{
		Status: res.Status, Header: res.Header, Body: body, Truncated: res.Truncated || res.Reason != "" || len(body) < len(res.Body),
	}
}

// logged is the answer with as much of its body as the log keeps.
func logged(res egress.Result) egress.Result {
	if len(res.Body) > loggedAnswer {
		res.Body, res.Truncated = res.Body[:loggedAnswer], true
	}
	return res
}
