package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// A Use is one row's reference to a blob: what is lost with it.
type Use struct {
	Hash  string
	Owner string // what the file belongs to, as people call it: "08/CT-UBND Chỉ thị về kỳ thi"; may be empty
	Name  string // the file's own name
}

// A Loss is a blob that is wanted and not there, or there and not what it was.
type Loss struct {
	Use
	Damaged bool // the content differs from its hash; otherwise it is missing
}

// String names what is lost in one line.
func (l Loss) String() string {
	what := "is missing"
	if l.Damaged {
		what = "is damaged"
	}
	if l.Name == "" {
		return fmt.Sprintf("file %s %s", l.Hash, what)
	}
	return fmt.Sprintf("%s: file %q %s (%s)", l.Owner, l.Name, what, l.Hash)
}

// Missing compares what rows refer to with what the store lists, without reading it: quick, and
// blind to damage.
func Missing(ctx context.Context, s Store, uses []Use) ([]Loss, error) {
	there := map[string]bool{}
	err := s.Each(ctx, func(i Info) error {
		there[i.Hash] = true
		return nil
	})
	return notIn(there, uses), err
}

func notIn(there map[string]bool, uses []Use) (losses []Loss) {
	for _, u := range uses {
		if !there[u.Hash] {
			losses = append(losses, Loss{Use: u})
		}
	}
	return losses
}

// Prove reads every blob to its end and calls whole for each that is what its name promises. It
// gives those that are damaged, and those that uses name and the store does not have.
func Prove(ctx context.Context, s Store, uses []Use, whole func(Info) error) ([]Loss, error) {
	owners := map[string][]Use{}
	for _, u := range uses {
		owners[u.Hash] = append(owners[u.Hash], u)
	}
	var losses []Loss
	there := map[string]bool{}
	err := s.Each(ctx, func(i Info) error {
		there[i.Hash] = true
		err := prove(ctx, s, i.Hash)
		switch {
		case err == nil:
			return whole(i)
		case !errors.Is(err, ErrCorrupt):
			return err
		}
		for _, u := range owners[i.Hash] {
			losses = append(losses, Loss{u, true})
		}
		if owners[i.Hash] == nil {
			losses = append(losses, Loss{Use{Hash: i.Hash}, true})
		}
		return nil
	})
	return append(losses, notIn(there, uses)...), err
}

func prove(ctx context.Context, s Store, hash string) error {
	content, err := s.Open(ctx, hash)
	if err != nil {
		return err
	}
	defer content.Close()
	_, err = io.Copy(io.Discard, content)
	return err
}
