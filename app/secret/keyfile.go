package secret

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// maxKeyFile is far above any key ring, and keeps a wrong path (a disk image)
// out of memory.
const maxKeyFile = 64 << 10

// readKeyFile returns the file's text, or an error wrapping ErrNoKey when there
// is no such file.
func readKeyFile(path string) (string, error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("%w: %s does not exist", ErrNoKey, path)
	}
	if err != nil {
		return "", fmt.Errorf("cannot read the master key: %w", err)
	}
	defer func() { _ = file.Close() }()
	// The open file is asked, not the path, which could change in between.
	info, err := file.Stat()
	if err != nil {
		return "", fmt.Errorf("cannot read the master key: %w", err)
	}
	if !info.Mode().IsRegular() {
		return "", fmt.Errorf("the master key %s is not a file", path)
	}
	text, err := io.ReadAll(io.LimitReader(file, maxKeyFile))
	if err != nil {
		return "", fmt.Errorf("cannot read the master key: %w", err)
	}
	return string(text), nil
}

// Exposed returns a sentence for the operator when other users of the machine
// could read the key file that ref names (see Load) and a chmod ends that; else
// "". Secrets that Docker and Kubernetes mount are readable by all or by a group,
// and read-only: with them nothing can be done, and nothing is wrong.
func Exposed(ref, dataDir string) string {
	path, isFile := strings.CutPrefix(strings.TrimSpace(ref), "file:")
	switch {
	case isFile:
	case ref == "":
		path = filepath.Join(dataDir, KeyFile)
	default:
		return ""
	}
	file, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	// Windows has no such bits; Go makes them up there.
	if err != nil || runtime.GOOS == "windows" || info.Mode().Perm()&0o077 == 0 {
		return ""
	}
	// Setting the mode it has tells whether another could be set: the file may be
	// somebody else's, and its file system read-only.
	if file.Chmod(info.Mode()) != nil {
		return ""
	}
	return fmt.Sprintf("the master key file can be read by other users of this machine: run chmod 600 %s", path)
}

// writeOnce puts text into a file that did not exist, whole or not at all, and
// leaves one that exists as it is. The text is complete on disk before the name
// appears, and a link, unlike a rename, cannot overwrite: so neither a crash
// nor a second process at the same moment can leave half a key or two keys.
func writeOnce(path, text string) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	temp, err := writeTemp(dir, text)
	if temp != "" {
		defer func() { _ = os.Remove(temp) }()
	}
	if err != nil {
		return err
	}
	if err := os.Link(temp, path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return syncDir(dir)
}

// writeTemp returns the name of a synced file that holds text; os.CreateTemp
// makes it 0600.
func writeTemp(dir, text string) (string, error) {
	file, err := os.CreateTemp(dir, KeyFile+".*")
	if err != nil {
		return "", err
	}
	err = file.Chmod(0o600) // a strict umask may have left us less
	if err == nil {
		_, err = file.WriteString(text + "\n")
	}
	if err == nil {
		err = file.Sync()
	}
	return file.Name(), errors.Join(err, file.Close())
}

// syncDir makes a new name in the folder survive a power cut.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil // folders cannot be synced there
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
