//go:build unix

package main

import "syscall"

// freeBytes tells how much room the disk of a folder has for ordinary users.
func freeBytes(folder string) (int64, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(folder, &s); err != nil {
		return 0, err
	}
	return int64(s.Bavail) * int64(s.Bsize), nil //nolint:unconvert // Bsize is 32 bits wide elsewhere
}
