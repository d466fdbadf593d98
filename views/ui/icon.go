package ui

import (
	"embed"
	"io/fs"
	"regexp"
	"strings"
	"sync"
)

// The drawings are Lucide's; their license lies beside them.
//
//go:embed icons/*.svg
var iconFiles embed.FS

var (
	svgComment = regexp.MustCompile(`(?s)<!--.*?-->`)
	svgSpace   = regexp.MustCompile(`>\s+<`)
)

// iconShapes has what stands inside each <svg>, by name.
var iconShapes = sync.OnceValue(func() map[string]string { return shapesIn(iconFiles, "icons") })

// shapesIn reads the drawings of a folder. Only these embedded files are put into
// pages unescaped, whatever name is asked for: an unknown one draws nothing.
func shapesIn(files embed.FS, dir string) map[string]string {
	shapes := map[string]string{}
	entries, _ := fs.ReadDir(files, dir)
	for _, e := range entries {
		raw, err := files.ReadFile(dir + "/" + e.Name())
		if err != nil {
			continue
		}
		text := svgComment.ReplaceAllString(string(raw), "")
		_, inner, _ := strings.Cut(text, ">") // after <svg …>
		inner = strings.TrimSuffix(strings.TrimSpace(inner), "</svg>")
		shapes[strings.TrimSuffix(e.Name(), ".svg")] = svgSpace.ReplaceAllString(strings.TrimSpace(inner), "><")
	}
	return shapes
}

// HasIcon reports whether Icon knows the name.
func HasIcon(name string) bool { return iconShapes()[name] != "" }
