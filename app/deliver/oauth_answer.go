package deliver

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"hookline/app/egress"
	"hookline/models"
)

// Sentences of what is wrong with a token server's answer. They quote nothing of
// it but a code of models.OAuthErrors: an answer can hold the secret it was sent.
const (
	tokenNotJSON  = "The token server did not answer with JSON."
	tokenWebPage  = "The token server answered with a web page instead of JSON."
	tokenTooLong  = "The token server's answer is longer than 16 KiB."
	tokenMissing  = "The token server's answer has no access_token."
	tokenNoBearer = "The token server gave a token of another type than Bearer."
	tokenNotASCII = "The token server gave a token that a header cannot carry."
)

func answerFault(cause models.Cause, sentence string) *fault {
	return &fault{outcome: models.AuthError, cause: cause, sentence: sentence}
}

// readToken reads the answer of RFC 6749, 5.1, asked for at this time.
func readToken(res egress.Result, asked time.Time) (*accessToken, *fault) {
	if res.Status < 200 || res.Status > 299 {
		return nil, refusal(res)
	}
	if res.Truncated {
		return nil, answerFault(models.CauseTokenTooLong, tokenTooLong)
	}
	members := object(res.Body)
	if members == nil {
		return nil, notJSON(res)
	}
	value := text(members["access_token"])
	switch {
	case value == "":
		return nil, answerFault(models.CauseTokenMissing, tokenMissing)
	case !bearer(members["token_type"]):
		return nil, answerFault(models.CauseTokenUnusable, tokenNoBearer)
	case !models.ValidHeaderValue("Bearer "+value) || strings.ContainsAny(value, " \t"):
		return nil, answerFault(models.CauseTokenUnusable, tokenNotASCII)
	}
	return newAccessToken(value, asked.Add(tokenLife(members["expires_in"]))), nil
}

// object is the answer's members, by their exact names; nil for no JSON object.
func object(body []byte) (members map[string]json.RawMessage) {
	if json.Unmarshal(body, &members) != nil {
		return nil
	}
	return members
}

func text(raw json.RawMessage) (s string) {
	if len(raw) == 0 || json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}

// bearer: the type may be left out; its case does not count (RFC 6749, 5.1).
func bearer(tokenType json.RawMessage) bool {
	return absent(tokenType) || strings.EqualFold(text(tokenType), "Bearer")
}

func absent(raw json.RawMessage) bool {
	return len(raw) == 0 || bytes.Equal(bytes.TrimSpace(raw), []byte("null"))
}

// A token is used until it expires less a margin: it must still be valid when the
// receiver looks at it.
const (
	marginShare = 10 // of a short life
	longMargin  = time.Minute
)

// tokenLife is how long the token counts. Without expires_in, or with one that
// cannot be read, it is as long as tokens are kept: a 401 ends it sooner.
func tokenLife(expiresIn json.RawMessage) time.Duration {
	if absent(expiresIn) {
		return models.MaxTokenLife
	}
	digits := string(bytes.Trim(bytes.TrimSpace(expiresIn), `"`)) // some servers send a string
	seconds, err := strconv.ParseFloat(strings.TrimSpace(digits), 64)
	if (err != nil && !math.IsInf(seconds, 0)) || math.IsNaN(seconds) {
		return models.MaxTokenLife
	}
	seconds = max(0, min(seconds, models.MaxTokenLife.Seconds()+longMargin.Seconds()))
	life := time.Duration(seconds * float64(time.Second))
	return min(life-min(life/marginShare, longMargin), models.MaxTokenLife)
}

// refusal is the fault of an answer that is no success. The code in it is used
// only if it is one of the standard's.
func refusal(res egress.Result) *fault {
	if res.Status >= 300 && res.Status < 400 {
		return answerFault(models.CauseTokenRedirect, fmt.Sprintf("The token server answered with a redirect (%d), which Hookline does not follow.", res.Status))
	}
	answered := fmt.Sprintf("The token server answered %d", res.Status)
	if words := http.StatusText(res.Status); words != "" {
		answered += " " + words
	}
	code := text(object(res.Body)["error"])
	if !slices.Contains(models.OAuthErrors, code) {
		return answerFault(models.CauseTokenHTTP, answered+".")
	}
	return answerFault(models.CauseOAuth(code), answered+" ("+code+").")
}

func notJSON(res egress.Result) *fault {
	start := bytes.TrimSpace(res.Body)
	if bytes.HasPrefix(start, []byte("<")) || strings.HasPrefix(res.Header.Get(contentType), "text/html") {
		return answerFault(models.CauseTokenNotJSON, tokenWebPage)
	}
	return answerFault(models.CauseTokenNotJSON, tokenNotJSON)
}
