package portal

import (
	"context"
	"slices"

	"bangvang/internal/base/fault"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/people"
)

// UnitContacts takes owner and contact block from the units that hold these functions, so that a
// telephone number is entered once.
//
// Source: R-III.3-1; domain.md 2.6.
type UnitContacts struct{ People *people.Service }

// Owner gives the name of the body that runs the section.
func (u UnitContacts) Owner(ctx context.Context) (string, error) {
	c, err := u.People.Contact(ctx, people.FunctionOwner, "")
	if fault.Is(err, fault.NotFound) {
		return "Sở Giáo dục và Đào tạo", nil
	}
	return c.Name, err
}

// PublicContacts gives whom to ask: the unit that answers questions, and the owner when it is
// another.
func (u UnitContacts) PublicContacts(ctx context.Context) ([]ui.Contact, error) {
	var out []ui.Contact
	var seen []people.UnitID
	for _, f := range []people.Function{people.FunctionContact, people.FunctionOwner} {
		c, err := u.People.Contact(ctx, f, "")
		if fault.Is(err, fault.NotFound) || err == nil && slices.Contains(seen, c.Unit) {
			continue
		}
		if err != nil {
			return nil, err
		}
		seen = append(seen, c.Unit)
		block := ui.Contact{Name: c.Name, Role: c.Contact, Email: c.Email, Address: c.Address}
		for _, p := range c.Phones {
			block.Phones = append(block.Phones, ui.Phone{Number: p})
		}
		if len(block.Phones)+len(block.Email)+len(block.Address) > 0 {
			out = append(out, block)
		}
	}
	return out, nil
}
