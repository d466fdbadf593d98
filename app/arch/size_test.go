package arch

import "testing"

// Limits of what a newcomer reads in one go. Generated files do not count.
const (
	maxFileLines    = 330
	maxPackageFiles = 60
)

// longFiles may be longer than maxFileLines, each for its reason.
var longFiles = map[string]string{}

// largePackages may have more files than maxPackageFiles, up to their own limit.
var largePackages = map[string]struct {
	files int
	why   string
}{
	"app/web/api": {90, "a file for each resource of the API, and a test beside it"},
	"app/store":   {75, "a file for each table and statement, all on one connection and one writer"},
	"app/service": {75, "the use cases, until each noun has a room of its own"},
	"models":      {70, "a file for each noun, which all rooms share"},
	"app/deliver": {65, "a file for each part of a request"},
}

func TestFilesAndPackagesAreSmall(t *testing.T) {
	files, long := map[string]int{}, map[string]bool{}
	for _, f := range sources(t) {
		if f.generated {
			continue
		}
		files[f.dir]++
		long[f.name] = f.lines > maxFileLines
		if long[f.name] && longFiles[f.name] == "" {
			t.Errorf("%s has %d lines, and a file has %d at most: split it by subject", f.name, f.lines, maxFileLines)
		}
	}
	for name := range longFiles {
		if !long[name] {
			t.Errorf("%s is not long any more: take it off the list", name)
		}
	}
	for dir, n := range files {
		limit := maxPackageFiles
		if large, ok := largePackages[dir]; ok {
			limit = large.files
		}
		if n > limit {
			t.Errorf("%s has %d files, and a package has %d at most: make a room of a part of it", dir, n, limit)
		}
	}
	for dir := range largePackages {
		if files[dir] <= maxPackageFiles {
			t.Errorf("%s is not large any more: take it off the list", dir)
		}
	}
}
