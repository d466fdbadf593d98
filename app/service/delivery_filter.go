package service

import (
	"slices"
	"strconv"
	"strings"

	"hookline/models"
)

// shortestEventID is how many characters of an event's id narrow the log to some
// minutes: ids begin with their time.
const shortestEventID = len(models.EventPrefix) + 1 + 8

// checkFilter refuses what can find nothing or would read everything. The fields
// have the names they have in a URL.
func checkFilter(f DeliveryFilter) error {
	var errs models.FieldErrors
	if f.WebhookID != "" {
		if _, err := models.ParseID(models.WebhookPrefix, f.WebhookID); err != nil {
			errs.Add("webhook_id", "This is not a webhook's id. One looks like wh_01kf2j….")
		}
	}
	if f.State != "" && !slices.Contains(models.DeliveryStates, f.State) {
		errs.Add("state", "Choose one of problem, %s.", joinStates())
	}
	if f.Status != 0 && (f.Status < 100 || f.Status > 599) || f.StatusClass != 0 && (f.StatusClass < 1 || f.StatusClass > 5) {
		errs.Add("status", "Give an HTTP status, 100 to 599, or a class of them such as 5xx.")
	}
	if !f.Since.IsZero() && !f.Until.IsZero() && !f.Since.Before(f.Until) {
		errs.Add("until", "The end must lie after the beginning.")
	}
	if strings.ContainsAny(f.Host, " /\\@") {
		errs.Add("host", "Give a host name alone, for example hooks.example.com.")
	}
	if strings.HasPrefix(f.Search, models.EventPrefix+"_") && len(f.Search) < shortestEventID {
		errs.Add("q", "Give at least the first %d characters of an event's id.", shortestEventID)
	}
	return errs.Err()
}

func joinStates() string {
	words := make([]string, len(models.DeliveryStates))
	for i, s := range models.DeliveryStates {
		words[i] = string(s)
	}
	return strings.Join(words, ", ")
}

// ParseStatus reads a status filter: 503, or 5xx for all that begin with 5. What
// is neither gives a status that no filter accepts.
func ParseStatus(text string) (status, class int) {
	if text == "" {
		return 0, 0
	}
	if digit, ok := strings.CutSuffix(strings.ToLower(text), "xx"); ok {
		if n, err := strconv.Atoi(digit); err == nil && n != 0 {
			return 0, n
		}
		return -1, 0
	}
	n, err := strconv.Atoi(text)
	if err != nil || n == 0 {
		n = -1
	}
	return n, 0
}

// Problem is a state to filter by that stands for two: failed and blocked.
const Problem = "problem"

// SetState filters by a state's name, or by Problem.
func SetState(f *DeliveryFilter, name string) {
	if name == Problem {
		f.Problem = true
		return
	}
	f.State = models.DeliveryState(name)
}

// StateOf is what SetState was given.
func StateOf(f DeliveryFilter) string {
	if f.Problem {
		return Problem
	}
	return string(f.State)
}

// StatusOf is what ParseStatus was given; "" for no filter.
func StatusOf(f DeliveryFilter) string {
	switch {
	case f.StatusClass != 0:
		return strconv.Itoa(f.StatusClass) + "xx"
	case f.Status != 0:
		return strconv.Itoa(f.Status)
	}
	return ""
}
