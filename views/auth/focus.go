package auth

import "github.com/a-h/templ"

// focusIf puts the cursor where typing goes on.
func focusIf(here bool) templ.Attributes { return templ.Attributes{"autofocus": here} }
