package api

import (
	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json/jsontext"

	"hookline/models"
)

// A later version adds these parts of a webhook. What stands in them is not
// looked at beyond telling the default, so that the answer to everything else is
// "not available" instead of "unknown".
type laterObject struct{ rawValue }

// rawValue is any JSON value.
type rawValue []byte

// UnmarshalJSONFrom keeps the bytes.
func (v *rawValue) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	raw, err := d.ReadValue()
	*v = rawValue(raw.Clone())
	return err
}

// Schema of what is null in this version.
func (laterObject) Schema(huma.Registry) *huma.Schema { return &huma.Schema{Enum: []any{nil}} }

func (in webhookInput) checkLater(errs *models.FieldErrors) {
	if in.RateLimit.given && !in.RateLimit.null {
		errs.Add("rate_limit", "Rate limits are not available in this version. Send null, or leave it out.")
	}
}
