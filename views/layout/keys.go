package layout

import "strings"

func keyCaps(keys string) []string { return strings.Fields(keys) }
