package service

import (
	"context"

	"hookline/app/capture"
	"hookline/models"
)

// What the public door of capture URLs is made of, so that the web layer need
// not know the bin.

// CapturePath is where capture URLs begin.
const CapturePath = capture.Path

// CaptureReply is an answer to a sender.
type CaptureReply = capture.Reply

// CaptureSecret is the secret in a path below CapturePath.
func CaptureSecret(path string) (clear string, ok bool) { return capture.Secret(path) }

// CaptureWait takes an endpoint's delay and returns its answer.
func CaptureWait(ctx context.Context, a models.CaptureAnswer) (CaptureReply, error) {
	return capture.Wait(ctx, a)
}

// CaptureBodied reports whether such an answer may have a body.
func CaptureBodied(method string, status int) bool { return capture.Bodied(method, status) }

// NewCapturedID makes the id of a captured request.
func NewCapturedID() string { return capture.NewID() }
