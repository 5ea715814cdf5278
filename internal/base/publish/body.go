package publish

import (
	"context"
	"fmt"
)

// Body gives the bytes of a page as it was rendered, for a dynamic function that puts its answer
// into a published frame. The bytes are shared and must not be changed. A path without a page is
// an error.
func (s *Site) Body(ctx context.Context, snap *Snapshot, path string) ([]byte, error) {
	p := snap.page(path)
	if p == nil || p.IsFile {
		return nil, fmt.Errorf("page %s is not published", path)
	}
	l, err := p.load(ctx, s)
	if err != nil {
		return nil, err
	}
	return l.forms[identity].body, nil
}
