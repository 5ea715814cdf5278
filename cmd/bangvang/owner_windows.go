package main

import "os"

// owner names the user a file belongs to; "" where that cannot be told.
func owner(os.FileInfo) string { return "" }

// writable asks whether this process may write in a folder. Its access list is not the whole answer
// on this system, so a file is made and removed.
func writable(folder string) bool {
	probe, err := os.CreateTemp(folder, ".doctor-*")
	if err != nil {
		return false
	}
	probe.Close()
	return os.Remove(probe.Name()) == nil
}

// root tells whether this process's own rights say nothing about those of the service's user.
func root() bool { return false }
