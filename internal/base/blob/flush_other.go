//go:build !linux

package blob

import (
	"errors"
	"os"
)

// flushable is false where only single files can be made durable.
const flushable = false

func flush(*os.Root) error { return errors.ErrUnsupported }
