package main

import (
	"fmt"
	"syscall"
)

// dieWithParent makes the kernel kill the child when the bench dies without having cleaned up.
func dieWithParent(attr *syscall.SysProcAttr) { attr.Pdeathsig = syscall.SIGKILL }

// fileSystem names the kind of file system that dir is on.
func fileSystem(dir string) string {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return "unknown"
	}
	names := map[uint32]string{0x01021994: "tmpfs (memory: durability costs nothing here)", 0xef53: "ext4",
		0x58465342: "xfs", 0x9123683e: "btrfs", 0x794c7630: "overlayfs", 0x2fc12fc1: "zfs", 0x6969: "nfs"}
	if name, ok := names[uint32(s.Type)]; ok {
		return name
	}
	return fmt.Sprintf("type %#x", uint32(s.Type))
}
