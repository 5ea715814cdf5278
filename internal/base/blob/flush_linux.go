package blob

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// flushable tells whether this system can make everything durable in one call.
const flushable = true

// flush returns when everything that was written to the file system of root survives a power cut.
// Linux tells what it could not write since 5.8 (2020).
func flush(root *os.Root) error {
	dir, err := root.Open(".")
	if err != nil {
		return err
	}
	return errors.Join(unix.Syncfs(int(dir.Fd())), dir.Close())
}
