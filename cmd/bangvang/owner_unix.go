//go:build unix

package main

import (
	"os"
	accounts "os/user"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// owner names the user a file belongs to; "" where that cannot be told.
func owner(info os.FileInfo) string {
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return ""
	}
	id := strconv.FormatUint(uint64(s.Uid), 10)
	if u, err := accounts.LookupId(id); err == nil {
		return u.Username
	}
	return "number " + id
}

// writable asks whether this process may write in a folder, without writing. Root may everywhere: see
// [folder], which judges by the owner then.
func writable(folder string) bool { return unix.Access(folder, unix.W_OK) == nil }

// root tells whether this process may do everything, so that its own rights say nothing about those
// of the service's user.
func root() bool { return os.Geteuid() == 0 }
