package output

import (
	"fmt"
	"os"
	"syscall"
)

// crashSafe returns a file that writes to where the given one does. If that is a
// pipe, the descriptor itself becomes non-blocking: the runtime writes the text
// of a crash to it directly, and would wait for ever for a reader that stalls
// instead of ending the process. The pipe is opened anew for that, since other
// processes share the open one; where this is not permitted, all stays as it was.
func crashSafe(file *os.File) *os.File {
	info, err := file.Stat()
	if err != nil || info.Mode()&os.ModeNamedPipe == 0 {
		return file
	}
	fd := int(file.Fd())
	crash, err := syscall.Open(fmt.Sprintf("/proc/self/fd/%d", fd), syscall.O_WRONLY|syscall.O_NONBLOCK|syscall.O_CLOEXEC, 0)
	if err != nil {
		return file
	}
	defer func() { _ = syscall.Close(crash) }()
	keep, err := syscall.Dup(fd)
	if err != nil {
		return file
	}
	syscall.CloseOnExec(keep)
	if err := syscall.Dup3(crash, fd, 0); err != nil {
		_ = syscall.Close(keep)
		return file
	}
	return os.NewFile(uintptr(keep), file.Name())
}
