package webhooks

import (
	"fmt"
	"strings"
	"time"

	"hookline/models"
	"hookline/views/ui"
)

var presetTitles = map[models.RetryPreset]string{
	models.RetryQuick: "Quick", models.RetryPatient: "Patient", models.RetryDurable: "Durable",
	models.RetryNone: "None", models.RetryCustom: "Custom",
}

func presetTitle(p models.RetryPreset) string {
	if title := presetTitles[p]; title != "" {
		return title
	}
	return string(p)
}

// presetText says what a preset does; Custom has no schedule of its own.
func presetText(p models.RetryPreset) string {
	if p == models.RetryCustom {
		return "Your own number of attempts, pauses and reasons to retry."
	}
	return scheduleText(models.Retry{Preset: p}.Schedule())
}

// scheduleText is made of the policy itself, so that it cannot say anything else.
func scheduleText(s models.Schedule) string {
	if s.Attempts <= 1 {
		return "One attempt. What fails stays failed until someone retriggers it."
	}
	text := fmt.Sprintf("Up to %d attempts, %s. Retries %s.", s.Attempts, pausesText(s), reasonsText(s.RetryOn))
	if s.GoneDisable {
		text += " 410 Gone is final and switches the webhook off."
	}
	return text
}

func pausesText(s models.Schedule) string {
	delays := s.Delays[:min(len(s.Delays), s.Attempts-1)]
	about := ""
	if s.Jitter > 0 {
		about = "about "
	}
	switch {
	case len(delays) == 0:
		return "without pauses"
	case len(delays) == 1 && s.Attempts > 2:
		return about + ui.Wait(delays[0]) + " apart"
	case len(delays) > 4:
		var total time.Duration
		for _, d := range delays {
			total += d
		}
		return fmt.Sprintf("with growing pauses (%s to %s) over %s%d hours",
			ui.Wait(delays[0]), ui.Wait(delays[len(delays)-1]), about, int(total.Round(time.Hour).Hours()))
	}
	words := make([]string, len(delays))
	for i, d := range delays {
		words[i] = ui.Wait(d)
	}
	return "after " + about + strings.Join(words, ", then ")
}

var reasonWords = map[string]string{
	models.On3xx: "redirects", models.On4xx: "4xx answers", models.On5xx: "5xx answers",
	models.OnTimeout: "timeouts", models.OnNetwork: "network errors", models.OnTLS: "TLS errors",
	models.OnAuth: "access tokens that cannot be fetched",
}

func reasonsText(reasons []string) string {
	var codes, words []string
	for _, r := range reasons {
		if w := reasonWords[r]; w != "" {
			words = append(words, w)
		} else {
			codes = append(codes, r)
		}
	}
	if len(codes) > 0 {
		words = append([]string{"status " + strings.Join(codes, ", ")}, words...)
	}
	switch n := len(words); n {
	case 0:
		return "nothing"
	case 1:
		return words[0]
	default:
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
}
