package ui

import "hookline/models"

// Tone is what a colour says; it is never said by colour alone.
type Tone string

const (
	ToneNone   Tone = ""
	ToneOK     Tone = "ok"
	ToneWarn   Tone = "warn"
	ToneBad    Tone = "bad"
	ToneAccent Tone = "accent"
)

// BadgeProps is a state in one word.
type BadgeProps struct {
	Tone Tone
	Icon string
	Text string
}

// NoteProps is a message in the page.
type NoteProps struct {
	Tone  Tone
	Icon  string
	Title string
	Text  string
}

// DeliveryState is a delivery's state as a badge. tried tells a first attempt
// that waits from a retry that waits.
func DeliveryState(s models.DeliveryState, tried bool) BadgeProps {
	switch s {
	case models.Pending:
		if tried {
			return BadgeProps{ToneWarn, "clock", "Retrying"}
		}
		return BadgeProps{ToneNone, "clock", "Pending"}
	case models.Running:
		return BadgeProps{ToneAccent, "loader-circle", "Sending"}
	case models.Succeeded:
		return BadgeProps{ToneOK, "check", "Succeeded"}
	case models.Failed:
		return BadgeProps{ToneBad, "x", "Failed"}
	case models.Blocked:
		return BadgeProps{ToneBad, "shield-alert", "Blocked"}
	case models.Cancelled:
		return BadgeProps{ToneNone, "circle-slash", "Cancelled"}
	}
	return BadgeProps{ToneNone, "info", string(s)}
}

// StateTitle is a delivery state's name in a filter.
func StateTitle(s models.DeliveryState) string { return DeliveryState(s, false).Text }

// WebhookState is whether a webhook delivers, as a badge.
func WebhookState(w models.Webhook) BadgeProps {
	switch {
	case w.State == models.DisabledFailing:
		return BadgeProps{ToneBad, "unplug", "Switched off: failing"}
	case w.State == models.Gone:
		return BadgeProps{ToneBad, "unplug", "Switched off: gone"}
	case w.State == models.PendingConfirmation:
		return BadgeProps{ToneWarn, "clock", "Not confirmed"}
	case !w.Enabled:
		return BadgeProps{ToneNone, "power", "Off"}
	}
	return BadgeProps{ToneOK, "check", "Active"}
}
