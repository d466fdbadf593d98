package team

import (
	"strings"

	"hookline/models"
)

// known are the words that tell browsers and systems apart in a User-Agent
// header, the more particular ones first: Edge also calls itself Chrome, and
// Chrome Safari.
var (
	browsers = [][2]string{
		{"Edg/", "Edge"}, {"EdgA/", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser/", "Samsung Internet"}, {"Vivaldi/", "Vivaldi"},
		{"Firefox/", "Firefox"}, {"FxiOS/", "Firefox"}, {"CriOS/", "Chrome"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"}, {"curl/", "curl"},
	}
	systems = [][2]string{
		{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"CrOS", "ChromeOS"}, {"Windows", "Windows"},
		{"Mac OS X", "macOS"}, {"Linux", "Linux"},
	}
)

// device is a User-Agent header in a few plain words. What it says is the
// browser's own claim.
func device(agent string) string {
	browser, system := firstOf(browsers, agent), firstOf(systems, agent)
	switch {
	case browser != "" && system != "":
		return browser + " on " + system
	case browser+system != "":
		return browser + system
	case agent == "":
		return "Unknown device"
	}
	name, _, _ := strings.Cut(agent, " ")
	if len(name) > 40 {
		name = strings.ToValidUTF8(name[:40], "") + "…"
	}
	return name
}

func firstOf(words [][2]string, agent string) string {
	for _, w := range words {
		if strings.Contains(agent, w[0]) {
			return w[1]
		}
	}
	return ""
}

func deviceIcon(s models.Session) string {
	if strings.Contains(s.Agent, "iPhone") || strings.Contains(s.Agent, "Android") {
		return "smartphone"
	}
	return "monitor"
}

func deviceAddress(s models.Session) string {
	if s.Address == "" {
		return "not used yet"
	}
	return s.Address
}
