package link

import "net/url"

// Capture is an endpoint with what it received; a POST to it saves its answer.
func Capture(id string) string { return Captures + "/" + url.PathEscape(id) }

// CapturePage is a page of its requests, older than its start.
func CapturePage(id, cursor string) string { return query(Capture(id), "cursor", cursor) }

// CaptureLive is the stream of new requests; selected is the one shown beside.
func CaptureLive(id, selected string) string {
	return query(Capture(id)+"/live", "selected", selected)
}

// CaptureRotate takes a POST, as do the next three.
func CaptureRotate(id string) string { return Capture(id) + "/rotate" }

// CaptureClear deletes all requests.
func CaptureClear(id string) string { return Capture(id) + "/clear" }

// CaptureDelete deletes the endpoint.
func CaptureDelete(id string) string { return Capture(id) + "/delete" }

// CaptureUse takes webhook_id: the webhook to point at the endpoint.
func CaptureUse(id string) string { return Capture(id) + "/use" }

// CaptureRequest is one request in full.
func CaptureRequest(id, request string) string {
	return Capture(id) + "/requests/" + url.PathEscape(request)
}

// CaptureRequestDelete takes a POST.
func CaptureRequestDelete(id, request string) string { return CaptureRequest(id, request) + "/delete" }

// CaptureReplay takes a POST with webhook_id or url.
func CaptureReplay(id, request string) string { return CaptureRequest(id, request) + "/replay" }

// WebhookNewTo is the form for a new webhook with a capture endpoint's URL in it.
func WebhookNewTo(captureID string) string { return query(WebhookNew(), "capture", captureID) }
