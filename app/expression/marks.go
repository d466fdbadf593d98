package expression

import (
	"slices"
	"strconv"
)

// Marks are what a preview renders where an expression found nothing: tokens of
// letters and digits, which no place escapes. What is sent never has any.
type Marks struct {
	Prefix string   // of each token; nothing else that is rendered may hold it
	Names  []string // the expressions that found nothing
}

// Token is the one of Names[i].
func (m *Marks) Token(i int) string { return m.Prefix + strconv.Itoa(i) + "z" }

// Mark makes whatever is rendered with these values mark what is missing.
func (e *Env) Mark(m *Marks) { e.marks = m }

// TokenFor is what stands for an expression that gave v; "" for one that found
// something, and where nothing is marked.
func (e *Env) TokenFor(p *Program, v Value) string {
	if e.marks == nil || !v.Missing() {
		return ""
	}
	i := slices.Index(e.marks.Names, p.source)
	if i < 0 && len(e.marks.Names) == maxMissing {
		return ""
	}
	if i < 0 {
		i = len(e.marks.Names)
		e.marks.Names = append(e.marks.Names, p.source)
	}
	return e.marks.Token(i)
}
