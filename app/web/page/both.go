package page

import (
	"context"
	"io"

	"github.com/a-h/templ"
)

// both draws a fragment and the message behind it.
type both [2]templ.Component

// Render is what templ.Component wants.
func (b both) Render(ctx context.Context, w io.Writer) error {
	if err := b[0].Render(ctx, w); err != nil {
		return err
	}
	return b[1].Render(ctx, w)
}
