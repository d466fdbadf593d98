package ui

import (
	"embed"
	"sync"
)

// The drawings are our own: plain signs for what each service does, and not the
// marks that belong to their owners.
//
//go:embed logos/*.svg
var logoFiles embed.FS

var logoShapes = sync.OnceValue(func() map[string]string { return shapesIn(logoFiles, "logos") })

// HasServiceLogo reports whether ServiceLogo knows the name.
func HasServiceLogo(name string) bool { return logoShapes()[name] != "" }
