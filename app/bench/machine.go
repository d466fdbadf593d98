package main

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// machineLine says on what the figures were measured.
func machineLine(dir string) string {
	line := fmt.Sprintf("%d cores", runtime.NumCPU())
	if name := processorName(); name != "" {
		line += " (" + name + ")"
	}
	line += fmt.Sprintf(", %s %s/%s, %s", runtime.Version(), runtime.GOOS, runtime.GOARCH, fileSystem(dir))
	if d, err := fsyncTime(dir); err == nil {
		line += fmt.Sprintf(", 4 KiB write and fsync %.2f ms", milliseconds(d))
	}
	// Other programs on the machine take from what is measured, unevenly: with a load, trust CPU per event only.
	if b, err := os.ReadFile("/proc/loadavg"); err == nil {
		if load, _, ok := strings.Cut(string(b), " "); ok {
			line += ", load " + load + " at the start"
		}
	}
	return line
}

func processorName() string {
	f, err := os.Open("/proc/cpuinfo")
	if err != nil {
		return ""
	}
	defer func() { _ = f.Close() }()
	for s := bufio.NewScanner(f); s.Scan(); {
		if name, value, ok := strings.Cut(s.Text(), ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// fsyncTime is the median time of appending 4 KiB and syncing, what one commit costs at least.
func fsyncTime(dir string) (time.Duration, error) {
	f, err := os.Create(filepath.Join(dir, "fsync"))
	if err != nil {
		return 0, err
	}
	defer func() { _ = os.Remove(f.Name()) }()
	defer func() { _ = f.Close() }()
	var took []time.Duration
	page := make([]byte, 4096)
	for range 50 {
		started := time.Now()
		if _, err := f.Write(page); err != nil {
			return 0, err
		}
		if err := f.Sync(); err != nil {
			return 0, err
		}
		took = append(took, time.Since(started))
	}
	return percentile(took, 50), nil
}
