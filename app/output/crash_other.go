//go:build !linux

package output

import "os"

// crashSafe leaves the file as it is: only Linux opens a pipe anew by its
// descriptor.
func crashSafe(file *os.File) *os.File { return file }
