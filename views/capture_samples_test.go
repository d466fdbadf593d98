package views_test

import (
	"time"

	"github.com/a-h/templ"

	"hookline/models"
	"hookline/views/capture"
	"hookline/views/ui"
)

const captureID, captureURL = "cap_01kf2j8x5vd0qz3m7c9r4t6y8b", "https://desk.example.com/capture/in/7f3kq9r8GKYqrTwjUPD8ILPZIo2LaLaSw0123456789"

func captureProps() capture.ShowProps {
	c := models.Capture{ID: captureID, Name: "My requests", URL: captureURL, Answer: models.NewCaptureAnswer()}
	return capture.ShowProps{
		Page: page("/capture/" + c.ID), Endpoints: []capture.Choice{{ID: c.ID, Name: c.Name}}, Capture: c, Live: true,
		Targets: []capture.Choice{{ID: "wh_1", Name: "Orders to the warehouse"}}, CanCreate: true, Values: capture.ValuesOf(c),
	}
}

func capturedSample(id, method, target string, ago time.Duration, size int64) models.Captured {
	return models.Captured{
		ID: "creq_" + id, CaptureID: captureID, At: before(ago), Method: method, Target: "/capture/in/7f3kq9" + target, Remote: "203.0.113.7", Size: size,
		Headers: []models.HeaderLine{
			{Name: "Host", Value: "desk.example.com"}, {Name: "Content-Type", Value: "application/json"}, {Name: "X-Evil", Value: script},
			{Name: "X-Long", Value: longOne + longOne + longOne},
		},
		Body: []byte(`{"order":{"id":4711,"total":"129.90"},"note":"` + `\u003c` + rtl + `"}`),
	}
}

func capturePages() map[string]templ.Component {
	first, busy, detail, wrong := captureProps(), captureProps(), captureProps(), captureProps()
	busy.Requests = []models.Captured{
		capturedSample("5", "POST", "/orders?source=shop&attempt=2", 4*time.Second, 412), capturedSample("4", "POST", "/orders", time.Minute, 398),
		capturedSample("3", "PROPFIND", "/"+script, 5*time.Minute, 0), capturedSample("2", "GET", "?"+longOne+longOne, time.Hour, 0),
		capturedSample("1", "PUT", "", 26*time.Hour, 1<<20),
	}
	busy.Capture.Dropped = 12
	busy.Endpoints = append(busy.Endpoints, capture.Choice{ID: "cap_2", Name: script}, capture.Choice{ID: "cap_3", Name: "Staging shop"})
	busy.Pager = ui.PagerProps{Older: "/capture/x?cursor=y"}
	detail.Requests = busy.Requests
	d := capture.Detail{
		Request: busy.Requests[0], Query: []models.HeaderLine{{Name: "source", Value: "shop"}, {Name: script, Value: ""}}, Webhooks: detail.Targets,
		Origin: &models.CaptureOrigin{DeliveryID: "dlv_1", WebhookID: "wh_1", WebhookName: "Orders to the warehouse", HMAC: "valid", Token: "wrong"},
		Result: &models.Replay{URL: "https://hooks.example.com/", Status: 404, Duration: 34 * time.Millisecond, Headers: []models.HeaderLine{{Name: "Server", Value: script}}, Body: []byte("<h1>" + script)},
	}
	detail.Detail = &d
	binary := captureProps()
	binary.Requests = busy.Requests
	b := capture.Detail{Request: busy.Requests[4], Errors: ui.Errors{"url": "The URL is empty. Write it like https://hooks.example.com/path."}, ReplayURL: script}
	b.Request.Body, b.Request.Truncated = []byte("\x00\xff\xfe<script>\x1b[31m"), true
	binary.Detail = &b
	wrong.Values = capture.FormValues{Name: script, Status: "99", Delay: "x", Type: "text/plain", Body: script}
	wrong.Errors = ui.Errors{"answer.status": "Give a status from 200 to 599.", "answer.delay": "Give a delay from 0 to 30 seconds."}
	return map[string]templ.Component{
		"capture-first": capture.Show(first), "capture": capture.Show(busy), "capture-request": capture.Show(detail),
		"capture-binary": capture.Show(binary), "capture-wrong": capture.Show(wrong),
	}
}
