package deliver

import "hookline/app/template"

// Values is what the templates of a webhook can name for this input, for lists of
// it.
func Values(in Input) template.Values { return newRendering(&in).known() }
