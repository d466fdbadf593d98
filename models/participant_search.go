package models

import (
	"slices"
	"strings"
	"unicode"
)

// Bounds of what a participant is found by.
const (
	maxTerms     = 80
	maxTermBytes = 128
)

// SearchTerms are what a participant is found by, beside the id: the beginning of
// any of them will do. They are the address and its domain, the name and each word
// of it, and the values of the identifiers.
func (p Participant) SearchTerms() []string {
	texts := []string{p.Email}
	if _, domain, ok := strings.Cut(p.Email, "@"); ok {
		texts = append(texts, domain)
	}
	name := p.FullName()
	texts = append(texts, name)
	texts = append(texts, firstWords(name)...)
	for _, i := range p.IdentifierList() {
		texts = append(texts, i.Value)
	}
	var terms []string
	for _, text := range texts {
		if term := SearchTerm(text); term != "" && !slices.Contains(terms, term) && len(terms) < maxTerms {
			terms = append(terms, term)
		}
	}
	return terms
}

// firstWords are the words of a name; a long one has enough in its first.
func firstWords(name string) []string {
	words := strings.FieldsFunc(name, func(r rune) bool { return unicode.IsSpace(r) || r == '-' })
	return words[:min(len(words), 8)]
}

// SearchTerm is a text as terms are compared: lower case, single spaces, and not
// longer than a term gets.
func SearchTerm(text string) string {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, ""), "\x00", "")
	return clipped(strings.ToLower(strings.Join(strings.Fields(text), " ")), maxTermBytes)
}
