package people

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"bangvang/internal/base/access"
	"bangvang/internal/base/audit"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
)

// A UnitForm is what can be written about a unit, with the form fields' names where they differ:
// code, kind, parent, locality, registration, address, phone, email, contact, valid_from, valid_to,
// aliases; for a new unit also name and short.
type UnitForm struct {
	Code               string // made from the name when empty
	Kind               string
	Parent             UnitID
	Locality           LocalityID
	Registration       bool
	Address            string
	Phone              string
	Email              string
	Contact            string
	ValidFrom, ValidTo string
	Aliases            []string
	Name, Short        string // only read by CreateUnit; afterwards see RenameUnit
}

// CreateUnit adds a unit and returns its id.
//
// It returns fault.Invalid with the form's fields, or what the policy says without the right.
func (s *Service) CreateUnit(ctx context.Context, f UnitForm) (UnitID, error) {
	ctx, err := s.policy.Enter(ctx, ActPeopleManage, access.Place{})
	if err != nil {
		return "", err
	}
	var id UnitID
	err = s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		id, err = s.createUnit(ctx, tx, f)
		return err
	})
	return id, err
}

func (s *Service) createUnit(ctx context.Context, tx *db.Tx, f UnitForm) (UnitID, error) {
	d, err := directoryIn(ctx, tx)
	if err != nil {
		return "", err
	}
	name := UnitName{From: f.ValidFrom, Name: clean(f.Name), Short: clean(f.Short)}
	if name.Short == "" {
		name.Short = name.Name
	}
	if f.Code == "" {
		f.Code = freeCode(d, text.Slug(name.Short))
	}
	id := UnitID(db.NewID())
	wrong := s.checkUnit(ctx, tx, d, id, &f)
	if name.Name == "" {
		wrong = append(wrong, fault.Field{Name: "name", Message: "Hãy nhập tên đầy đủ của đơn vị."})
	}
	if err := fault.Fields(wrong...); err != nil {
		return "", err
	}
	name.From = f.ValidFrom
	u := f.unit(Unit{ID: id})
	if err := insertUnit(ctx, tx, u); err != nil {
		return "", err
	}
	if err := putUnitName(ctx, tx, id, name); err != nil {
		return "", err
	}
	if err := replaceAliases(ctx, tx, id, f.Aliases); err != nil {
		return "", err
	}
	u.Version, u.Names = 1, []UnitName{name}
	d.put(u)
	if err := UnitChanged.Emit(ctx, tx, UnitFact{id}); err != nil {
		return "", err
	}
	return id, audit.Write(ctx, tx, audit.Entry{Action: "people.unit.create", Kind: "unit", ID: string(id), Label: name.Name,
		Data: map[string]string{"code": u.Code, "kind": d.Kind(u.Kind), "parent": d.Name(u.Parent, "")}})
}

// UpdateUnit changes everything about a unit but its names.
//
// It returns fault.Conflict when the unit moved on since version, and otherwise as CreateUnit.
func (s *Service) UpdateUnit(ctx context.Context, id UnitID, version int, f UnitForm) error {
	ctx, err := s.policy.Enter(ctx, ActPeopleManage, access.Place{})
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error { return s.updateUnit(ctx, tx, id, version, f) })
}

func (s *Service) updateUnit(ctx context.Context, tx *db.Tx, id UnitID, version int, f UnitForm) error {
	d, old, err := unitIn(ctx, tx, id)
	if err != nil {
		return err
	}
	if f.Code == "" {
		f.Code = old.Code
	}
	if err := fault.Fields(s.checkUnit(ctx, tx, d, id, &f)...); err != nil {
		return err
	}
	u := f.unit(old)
	u.Version = version
	if err := updateUnit(ctx, tx, u); err != nil {
		return err
	}
	if err := replaceAliases(ctx, tx, id, f.Aliases); err != nil {
		return err
	}
	forgetDirectory(tx)
	if err := UnitChanged.Emit(ctx, tx, UnitFact{id}); err != nil {
		return err
	}
	return audit.Write(ctx, tx, audit.Entry{Action: "people.unit.update", Kind: "unit", ID: string(id), Label: old.NameAt("").Name, Data: unitChanges(d, old, u)})
}

// unit gives the unit as the form has it, keeping what the form does not say.
func (f UnitForm) unit(u Unit) Unit {
	u.Code, u.Kind, u.Parent, u.Locality, u.Registration = f.Code, f.Kind, f.Parent, f.Locality, f.Registration
	u.Address, u.Phone, u.Email, u.Contact = f.Address, f.Phone, f.Email, f.Contact
	u.ValidFrom, u.ValidTo, u.Aliases = f.ValidFrom, f.ValidTo, f.Aliases
	return u
}

// unitChanges names what changed, for the audit line; telephone numbers are not copied there.
func unitChanges(d *Directory, old, u Unit) map[string]string {
	changes := map[string]string{}
	note := func(field, from, to string) {
		if from != to {
			changes[field] = from + " → " + to
		}
	}
	note("code", old.Code, u.Code)
	note("kind", d.Kind(old.Kind), d.Kind(u.Kind))
	note("parent", d.Name(old.Parent, ""), d.Name(u.Parent, ""))
	note("valid_from", old.ValidFrom, u.ValidFrom)
	note("valid_to", old.ValidTo, u.ValidTo)
	if old.Phone != u.Phone || old.Email != u.Email || old.Address != u.Address || old.Contact != u.Contact {
		changes["contact"] = "đã đổi"
	}
	return changes
}

// RenameUnit gives a unit another name from a day on; earlier days keep the earlier names. A second
// name for the same day replaces the first: a slip of the pen is mended so. day "" mends the first
// name. basis is the decision that gave the name and may be empty.
//
// It returns fault.Invalid with fields "name", "day".
//
// Source: domain.md 2.6.
func (s *Service) RenameUnit(ctx context.Context, id UnitID, day, name, short, basis string) error {
	ctx, err := s.policy.Enter(ctx, ActPeopleManage, access.Place{})
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, u, err := unitIn(ctx, tx, id)
		if err != nil {
			return err
		}
		n := UnitName{From: day, Name: clean(name), Short: clean(short), Basis: clean(basis)}
		if n.Short == "" {
			n.Short = n.Name
		}
		var wrong []fault.Field
		if n.Name == "" {
			wrong = append(wrong, fault.Field{Name: "name", Message: "Hãy nhập tên mới của đơn vị."})
		}
		if n.From != "" && !isDay(n.From) {
			wrong = append(wrong, fault.Field{Name: "day", Message: "Ngày chưa đúng. Ví dụ: 01/7/2025."})
		}
		if err := fault.Fields(wrong...); err != nil {
			return err
		}
		if n.From == "" || n.From < u.Names[0].From {
			n.From = u.Names[0].From
		}
		if err := putUnitName(ctx, tx, id, n); err != nil {
			return err
		}
		if err := UnitChanged.Emit(ctx, tx, UnitFact{id}); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{Action: "people.unit.rename", Kind: "unit", ID: string(id), Label: n.Name, Note: n.Basis,
			Data: map[string]string{"from": u.NameAt(n.From).Name, "day": n.From}})
	})
}

// MergeUnits ends units on the day before day; into continues them. Their names, documents and
// grants stay what they were; grants in them end by their own period or by hand.
//
// It returns fault.Invalid with fields "from", "day", fault.Conflict when one has ended already.
func (s *Service) MergeUnits(ctx context.Context, into UnitID, day, note string, from ...UnitID) error {
	ctx, err := s.policy.Enter(ctx, ActPeopleManage, access.Place{})
	if err != nil {
		return err
	}
	if !isDay(day) {
		return fault.Fields(fault.Field{Name: "day", Message: "Hãy nhập ngày hợp nhất. Ví dụ: 01/7/2025."})
	}
	if len(from) == 0 || slices.Contains(from, into) {
		return fault.Fields(fault.Field{Name: "from", Message: "Hãy chọn đơn vị được hợp nhất, khác với đơn vị tiếp nhận."})
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		d, target, err := unitIn(ctx, tx, into)
		if err != nil {
			return err
		}
		for _, id := range from {
			u, ok := d.Unit(id)
			if !ok {
				return fault.Fields(fault.Field{Name: "from", Message: "Không có đơn vị này."})
			}
			if slices.Contains(d.Path(into), string(id)) {
				return fault.Fields(fault.Field{Name: "from", Message: "“" + u.NameAt(day).Name + "” là cấp trên của đơn vị tiếp nhận. Hãy chuyển cấp trên trước."})
			}
			if u.ValidTo != "" {
				return fault.New(fault.Conflict, "“%s” đã kết thúc ngày %s.", u.NameAt("").Name, text.FormatDay(u.ValidTo))
			}
			u.ValidTo = dayBefore(day)
			if err := updateUnit(ctx, tx, u); err != nil {
				return err
			}
			if err := UnitChanged.Emit(ctx, tx, UnitFact{id}); err != nil {
				return err
			}
			if err := insertPredecessor(ctx, tx, into, Predecessor{Unit: id, Day: day, Note: clean(note)}); err != nil {
				return err
			}
			err := audit.Write(ctx, tx, audit.Entry{Action: "people.unit.merge", Kind: "unit", ID: string(id), Label: u.NameAt(day).Name, Note: clean(note),
				Data: map[string]string{"into": target.NameAt(day).Name, "day": day}})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// SetFunction says which unit has a function from a day on ("" is since ever).
//
// It returns fault.Invalid with fields "function", "unit", "day".
func (s *Service) SetFunction(ctx context.Context, f Function, id UnitID, day string) error {
	ctx, err := s.policy.Enter(ctx, ActPeopleManage, access.Place{})
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(Functions(), func(n Named) bool { return n.ID == string(f) }) {
		return fault.Fields(fault.Field{Name: "function", Message: "Không có nhiệm vụ này."})
	}
	if day != "" && !isDay(day) {
		return fault.Fields(fault.Field{Name: "day", Message: "Ngày chưa đúng. Ví dụ: 01/7/2025."})
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, u, err := unitIn(ctx, tx, id)
		if err != nil {
			return fault.Fields(fault.Field{Name: "unit", Message: "Hãy chọn đơn vị phụ trách."})
		}
		if err := putFunction(ctx, tx, f, id, day); err != nil {
			return err
		}
		if err := UnitChanged.Emit(ctx, tx, UnitFact{id}); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{Action: "people.function", Kind: "unit", ID: string(id), Label: u.NameAt("").Name,
			Data: map[string]string{"function": string(f), "day": day}})
	})
}

func unitIn(ctx context.Context, tx *db.Tx, id UnitID) (*Directory, Unit, error) {
	d, err := directoryIn(ctx, tx)
	if err != nil {
		return nil, Unit{}, err
	}
	u, ok := d.Unit(id)
	if !ok {
		return nil, Unit{}, fault.New(fault.NotFound, "Không có đơn vị này.")
	}
	return d, u, nil
}

// checkUnit cleans the form of unit id and gives its wrong fields.
func (s *Service) checkUnit(ctx context.Context, tx *db.Tx, d *Directory, id UnitID, f *UnitForm) []fault.Field {
	var wrong []fault.Field
	bad := func(name, message string) { wrong = append(wrong, fault.Field{Name: name, Message: message}) }
	for _, p := range []*string{&f.Kind, &f.Address, &f.Phone, &f.Email, &f.Contact} {
		*p = clean(*p)
	}
	f.Code = text.Slug(f.Code)
	if f.Code == "" {
		bad("code", "Mã đơn vị gồm chữ không dấu, số và gạch nối. Ví dụ: thpt-than-uyen.")
	}
	for _, u := range d.units {
		if u.Code == f.Code && u.ID != id {
			bad("code", "Mã “"+f.Code+"” đã dùng cho “"+u.NameAt("").Name+"”.")
		}
	}
	if d.Kind(f.Kind) == "" {
		bad("kind", "Hãy chọn loại đơn vị.")
	}
	if f.Parent != "" {
		if _, ok := d.Unit(f.Parent); !ok {
			bad("parent", "Không có đơn vị cấp trên này.")
		} else if path := d.Path(f.Parent); slices.Contains(path, string(id)) || len(path) >= maxDepth-1 {
			bad("parent", "Đơn vị không thể trực thuộc chính nó hoặc đơn vị cấp dưới của nó.")
		}
	}
	if f.Locality != "" {
		var one int
		if err := tx.QueryRowContext(ctx, `SELECT 1 FROM people_locality WHERE id = $1`, f.Locality).Scan(&one); err != nil {
			bad("locality", "Không có địa phương này.")
		}
	}
	if f.Email != "" && !mailLike(f.Email) {
		bad("email", "Địa chỉ thư điện tử chưa đúng. Ví dụ: vanphong@laichau.edu.vn.")
	}
	if !phoneLike(f.Phone) {
		bad(wrongPhone.Name, wrongPhone.Message)
	}
	f.Aliases = slices.DeleteFunc(slices.Clone(f.Aliases), func(a string) bool { return clean(a) == "" })
	for i := range f.Aliases {
		f.Aliases[i] = clean(f.Aliases[i])
	}
	return append(wrong, checkPeriod(&f.ValidFrom, &f.ValidTo)...)
}

// freeCode gives a code that no unit has yet, "thpt-than-uyen" or "thpt-than-uyen-2".
func freeCode(d *Directory, code string) string {
	taken := map[string]bool{}
	for _, u := range d.units {
		taken[u.Code] = true
	}
	free := code
	for n := 2; taken[free]; n++ {
		free = code + "-" + strconv.Itoa(n)
	}
	return free
}

// checkPeriod gives the wrong fields of a period of days, called valid_from and valid_to.
func checkPeriod(from, to *string) []fault.Field {
	var wrong []fault.Field
	if *from != "" && !isDay(*from) {
		wrong = append(wrong, fault.Field{Name: "valid_from", Message: "Ngày bắt đầu chưa đúng. Ví dụ: 01/7/2021."})
	}
	if *to != "" && !isDay(*to) {
		wrong = append(wrong, fault.Field{Name: "valid_to", Message: "Ngày kết thúc chưa đúng. Ví dụ: 30/6/2025."})
	}
	if len(wrong) == 0 && *from != "" && *to != "" && *to < *from {
		wrong = append(wrong, fault.Field{Name: "valid_to", Message: "Ngày kết thúc phải từ ngày bắt đầu trở đi."})
	}
	return wrong
}

func isDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

func dayBefore(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return ""
	}
	return t.AddDate(0, 0, -1).Format(time.DateOnly)
}

// dayStart and dayEnd give the first millisecond of a Vietnamese day and the first after it.
func dayStart(day string) int64 {
	t, err := time.ParseInLocation(time.DateOnly, day, clock.Zone)
	if err != nil {
		return 0
	}
	return clock.Millis(t)
}

func dayEnd(day string) int64 {
	t, err := time.ParseInLocation(time.DateOnly, day, clock.Zone)
	if err != nil {
		return 0
	}
	return clock.Millis(t.AddDate(0, 0, 1))
}

// clean gives what was typed in one line: NFC, without control characters and doubled spaces.
func clean(s string) string { return text.CleanInput(strings.TrimSpace(s)) }

func mailLike(s string) bool {
	local, host, ok := strings.Cut(s, "@")
	return ok && local != "" && strings.Contains(host, ".") && !strings.ContainsAny(s, " <>\"'")
}
