package form

import (
	"time"

	"hookline/models"
	"hookline/views/webhooks"
)

// key reads what to do with the signing key. A field that the choice hides does
// not count.
func (f Webhook) key(in *webhookInput) {
	v := f.values
	switch v.KeyAction {
	case webhooks.KeepKey:
		return
	case webhooks.MakeKey:
		in.GenerateKey = true
	case webhooks.EnterKey:
		entered := v.SigningKey
		if entered == "" || entered == models.Mask {
			entered = "-" // which is too short, and the service says so
		}
		in.SigningKey = &entered
	default:
		if f.has.Has("signing.secret") {
			in.SigningKey = &v.SigningKey
		}
	}
	if v.KeyOverlap == "" || v.KeyOverlap == "0" {
		return
	}
	var err error
	if in.KeyOverlap, err = time.ParseDuration(v.KeyOverlap); err != nil {
		in.KeyOverlap = -1 // which the service refuses
	}
}
