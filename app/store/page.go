package store

import (
	"hookline/models"
	"strings"

	"github.com/google/uuid"
	"gorm.io/gorm"
)

// Page asks for up to Limit rows whose id comes before or after the given one.
// Ids sort by time, so this is a keyset: page one thousand costs what page one
// does.
type Page struct {
	Before string // "" = from the newest
	After  string // the page nearer to now; rows still come newest first
	Limit  int
}

func (p Page) applyTo(tx *gorm.DB) *gorm.DB {
	if p.Before != "" {
		tx = tx.Where("id < ?", p.Before)
	}
	return tx.Order("id DESC").Limit(p.Limit)
}

// NewID makes a public id that sorts by time.
func NewID(prefix string) string {
	return models.FormatID(prefix, uuid.Must(uuid.NewV7()))
}

// likePattern looks for text anywhere, its own wildcards taken as text. Callers
// compare in lower case.
func likePattern(text string) string { return "%" + likeEscaped(strings.ToLower(text)) + "%" }

func likeEscaped(text string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text)
}
