package blob

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
)

// verified compares a blob with its name while it is read.
type verified struct {
	io.ReadSeekCloser
	name string
	sum  hash.Hash // nil once a Seek made the check impossible
}

func verify(r io.ReadSeekCloser, name string) *verified {
	return &verified{ReadSeekCloser: r, name: name, sum: sha256.New()}
}

func (v *verified) Read(p []byte) (int, error) {
	n, err := v.ReadSeekCloser.Read(p)
	if v.sum == nil {
		return n, err
	}
	v.sum.Write(p[:n])
	if errors.Is(err, io.EOF) && hex.EncodeToString(v.sum.Sum(nil)) != v.name {
		return n, fmt.Errorf("blob %s: %w", v.name, ErrCorrupt)
	}
	return n, err
}

func (v *verified) Seek(offset int64, whence int) (int64, error) {
	v.sum = nil
	return v.ReadSeekCloser.Seek(offset, whence)
}
