package auth

import "hookline/views/ui"

var setupLabels = map[string]string{
	"site_name": "Name", "site_domain": "Site domain", "name": "Your name", "email": "E-mail", "password": "Password",
}

func setupField(field string) (label, target string) {
	if label = setupLabels[field]; label == "" {
		return "", ""
	}
	return label, ui.FieldID(field)
}
