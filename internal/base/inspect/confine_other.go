//go:build !linux || (!amd64 && !arm64)

package inspect

import "errors"

// confine has no filter to install on this system; the child's limits and its empty surroundings
// remain.
func confine() error { return errors.ErrUnsupported }
