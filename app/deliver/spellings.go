package deliver

import (
	"encoding/base64"
	"encoding/json"
	"html"
	"net/url"
	"strings"

	"hookline/app/egress"
)

// spellings are the forms in which a receiver that sends a secret back is
// likely to write it: as it is, and as JSON, URLs and HTML spell it. Most
// secrets are letters and digits, and then all forms are one.
func spellings(secret string) []string {
	var forms []string
	for _, s := range parts(secret) {
		forms = append(forms, s, url.QueryEscape(s), url.PathEscape(s), egress.EncodeIllegal(s), html.EscapeString(s))
		inJSON := string(appendJSONString(nil, s))
		forms = append(forms, unquote(inJSON), unquote(strings.ReplaceAll(inJSON, "/", `\/`))) // PHP writes \/
		if escaped, err := json.Marshal(s); err == nil {
			forms = append(forms, unquote(string(escaped))) // Go writes \u003c
		}
	}
	return forms
}

func unquote(s string) string { return s[1 : len(s)-1] }

// parts are what is secret in a header value. Of "Bearer abc" that is abc: a
// receiver that complains about a token leaves the word before it out. Of Basic
// credentials the password is one more secret.
func parts(value string) []string {
	scheme, credentials, two := strings.Cut(value, " ")
	if !two || !isScheme(scheme) || len(credentials) < minMasked || strings.Contains(credentials, " ") {
		return []string{value}
	}
	found := []string{credentials}
	if strings.EqualFold(scheme, "Basic") {
		if pair, err := base64.StdEncoding.DecodeString(credentials); err == nil {
			if _, password, ok := strings.Cut(string(pair), ":"); ok {
				found = append(found, password)
			}
		}
	}
	return found
}

// isScheme: the first word of a value is the name of an authentication scheme
// and no secret itself.
func isScheme(word string) bool {
	switch strings.ToLower(word) {
	case "bearer", "basic", "token", "apikey", "api-key", "key", "digest":
		return true
	}
	return false
}
