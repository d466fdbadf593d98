package capture

import (
	"strings"

	"hookline/models"
	"hookline/views/ui"
)

// curl is a command for a shell that sends the request again.
func curl(url string, r models.Captured) string {
	sent := models.LoggedRequest{Method: r.Method, URL: url, Body: r.Body}
	for _, h := range r.Headers {
		if !strings.EqualFold(h.Name, "Accept-Encoding") { // curl would not unpack the answer
			sent.Headers = append(sent.Headers, h)
		}
	}
	return ui.CurlAsIs(sent).Command
}
