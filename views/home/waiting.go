package home

// example is a request that can be sent as it stands, but for the token.
func (s Steps) example() string {
	return "curl " + s.BaseURL + "/api/v1/events \\\n" +
		"  -H 'Authorization: Bearer hl_YOUR_TOKEN' \\\n" +
		"  -H 'Content-Type: application/json' \\\n" +
		"  -d '{\"type\": \"" + s.EventType + "\", \"data\": {\"hello\": \"world\"}}'"
}
