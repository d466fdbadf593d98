package deliver

// siteFormat makes the site envelope (Z6). The data is copied byte for byte:
// decoding and encoding it again would change key order, number spelling and
// escapes, and with them what receivers compare and verify (promise 4).
func siteFormat(r *rendering) ([]byte, string, *fault) {
	const frame = len(`{"title":"","description":"","siteName":"","siteDomain":"","data":{}}`)
	in := r.in
	t, s := &in.Type, &in.Settings
	// A quarter more than the text leaves room for some escapes.
	text := len(t.Title) + len(t.Description) + len(s.SiteName) + len(s.SiteDomain)
	body := make([]byte, 0, frame+text+text/4+len(in.Event.Data))

	body = appendJSONString(append(body, `{"title":`...), t.Title)
	body = appendJSONString(append(body, `,"description":`...), t.Description)
	body = appendJSONString(append(body, `,"siteName":`...), s.SiteName)
	body = appendJSONString(append(body, `,"siteDomain":`...), s.SiteDomain)
	body = append(body, `,"data":`...)
	if len(in.Event.Data) == 0 {
		body = append(body, `{}`...)
	}
	body = append(body, in.Event.Data...)
	return append(body, '}'), jsonType, nil
}
