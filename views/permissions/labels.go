package permissions

import (
	"fmt"
	"slices"
	"strings"

	"hookline/models"
	"hookline/views/ui"
)

// levelTitle and levelText say what a level allows, in plain words.
func levelTitle(l models.Level) string {
	if l == models.EditGrant {
		return "Can edit"
	}
	return "Can view"
}

func levelText(l models.Level) string {
	if l == models.EditGrant {
		return "Also change, test, switch on and off, and retrigger. Secrets read *** here too."
	}
	return "Details and logs, no secrets."
}

func levelOptions() []ui.Option {
	options := make([]ui.Option, len(models.Levels))
	for i, l := range models.Levels {
		options[i] = ui.Option{Value: string(l), Text: levelTitle(l)}
	}
	return options
}

// Why answers: why can this person do this? The strongest reason comes first.
func Why(reasons []models.Reason) string {
	sorted := slices.Clone(reasons)
	slices.SortStableFunc(sorted, func(a, b models.Reason) int { return weight(b) - weight(a) })
	parts := make([]string, len(sorted))
	for i, r := range sorted {
		parts[i] = reasonText(r, i == 0)
	}
	return strings.Join(parts, ", ")
}

func weight(r models.Reason) int {
	switch {
	case r.Kind == models.ByRole:
		return 2
	case r.Level == models.EditGrant:
		return 1
	}
	return 0
}

func reasonText(r models.Reason, first bool) string {
	if r.Kind == models.ByRole {
		return "Owner of the workspace"
	}
	level := string(r.Level)
	if first {
		level = strings.ToUpper(level[:1]) + level[1:]
	}
	if r.Kind == models.ByTeam {
		return level + " by the team " + r.Team
	}
	return level + " by an own grant"
}

// can is what a person can do in all, as a badge.
func can(e models.Entitled) ui.BadgeProps {
	switch {
	case e.User.Role == models.Owner:
		return ui.BadgeProps{Tone: ui.ToneAccent, Icon: "shield-check", Text: "Everything"}
	case e.Level == models.EditGrant:
		return ui.BadgeProps{Tone: ui.ToneOK, Icon: "pencil", Text: "Edit"}
	}
	return ui.BadgeProps{Icon: "eye", Text: "View"}
}

func holderIcon(h models.Holder) string {
	if h.Team {
		return "users"
	}
	return "user"
}

// holderSub tells a holder from others of that name.
func holderSub(h models.Holder) string {
	switch {
	case h.Team && h.Members == 1:
		return "Team, 1 member"
	case h.Team:
		return fmt.Sprintf("Team, %d members", h.Members)
	case h.Disabled:
		return h.Email + ", disabled: cannot sign in"
	}
	return h.Email
}

// note is what a candidate has already; "" for nothing.
func (c Candidate) note() string {
	switch {
	case len(c.Reasons) > 0:
		return Why(c.Reasons)
	case c.Level != models.NoGrant:
		return "Has " + string(c.Level)
	}
	return ""
}

// Options are the candidates as a type-ahead offers them.
func Options(candidates []Candidate) []ui.ComboboxOption {
	options := make([]ui.ComboboxOption, len(candidates))
	for i, c := range candidates {
		options[i] = ui.ComboboxOption{
			ID: "option-" + c.Holder.ID, Value: c.Holder.ID, Text: c.Holder.Name, Sub: holderSub(c.Holder), Note: c.note(), Icon: holderIcon(c.Holder),
		}
	}
	return options
}

// nobody is the text where no grant of this level is.
func nobody(l models.Level) string {
	if l == models.EditGrant {
		return "Owners only"
	}
	return "Nobody else"
}

// shownChips is how many holders the overview names in a cell.
const shownChips = 6

// having are the holders with this level, the first few, and how many more
// there are.
func (s Shared) having(l models.Level) (shown []models.Holder, more int) {
	for _, g := range s.Grants {
		switch {
		case g.Level != l:
		case len(shown) < shownChips:
			shown = append(shown, g.Holder)
		default:
			more++
		}
	}
	return shown, more
}

func (c Candidate) hint() string {
	if note := c.note(); note != "" {
		return holderSub(c.Holder) + ". " + note + "."
	}
	return holderSub(c.Holder)
}
