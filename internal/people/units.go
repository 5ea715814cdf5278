package people

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"bangvang/internal/base/access"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
)

// A Unit (đơn vị) is an office, a school, a centre or a body outside the Department. It keeps its id
// for ever; what it is called depends on the day.
type Unit struct {
	ID           UnitID
	Code         string // short name in spreadsheets, unique, "thpt-than-uyen"
	Kind         string // a [UnitKind]'s code
	Parent       UnitID // "" at the top
	Locality     LocalityID
	Registration bool   // takes registrations and appeals (nơi ĐKDT)
	Address      string // class public, as are Phone and Email: the office's own, never a person's
	Phone        string // one or more numbers as printed, "02133799569, 02133876961"
	Email        string
	Contact      string // who answers there, by function, "Văn phòng Sở"; may be empty
	ValidFrom    string // first day; "" = since ever
	ValidTo      string // last day; "" = still
	Version      int
	Names        []UnitName // oldest first, at least one
	Aliases      []string   // other spellings, for finding
	Predecessors []Predecessor
}

// A UnitName is what a unit is called from a day on, until the next name's day.
type UnitName struct {
	From  string // "" for a first name whose beginning nobody knows
	Name  string // in full
	Short string // as in lists and tables; never empty, the full name when there is no shorter one
	Basis string // the decision that gave the name; may be empty
}

// A Predecessor is a unit that another continues from a day on.
type Predecessor struct {
	Unit UnitID
	Day  string
	Note string
}

// A UnitKind is a sort of unit. Kinds are rows, not code.
type UnitKind struct {
	Code, Title string
	External    bool // not part of the Department
}

// NameAt gives the name that held on a day. A day before the first name has the first name, "" means
// the newest.
func (u Unit) NameAt(day string) UnitName {
	name := u.Names[0]
	for _, n := range u.Names[1:] {
		if day == "" || n.From <= day {
			name = n
		}
	}
	return name
}

// On tells whether the unit exists on a day.
func (u Unit) On(day string) bool { return covers(u.ValidFrom, u.ValidTo, day) }

func covers(from, to, day string) bool {
	return (from == "" || from <= day) && (to == "" || day <= to)
}

// A Directory is all units at one moment, in memory: some hundred rows that many pages ask about
// many times. It does not change; ask [Service.Directory] for a newer one.
type Directory struct {
	units    map[UnitID]Unit
	children map[UnitID][]UnitID
	byFold   map[string][]UnitID // folded names of all times, short names, aliases and codes
	Kinds    []UnitKind          // in the order they are offered
}

// Unit gives one unit; false when there is none of that id.
func (d *Directory) Unit(id UnitID) (Unit, bool) {
	u, ok := d.units[id]
	return u, ok
}

// Name gives a unit's full name on a day, "" for an unknown unit. Day "" is the newest name.
func (d *Directory) Name(id UnitID, day string) string {
	if u, ok := d.units[id]; ok {
		return u.NameAt(day).Name
	}
	return ""
}

// Short gives a unit's short name on a day, "" for an unknown unit.
func (d *Directory) Short(id UnitID, day string) string {
	if u, ok := d.units[id]; ok {
		return u.NameAt(day).Short
	}
	return ""
}

// Path gives the unit and its ancestors, nearest first: what [access.Place] wants.
func (d *Directory) Path(id UnitID) []string {
	var path []string
	for len(path) < maxDepth {
		u, ok := d.units[id]
		if !ok {
			break
		}
		path = append(path, string(id))
		id = u.Parent
	}
	return path
}

// maxDepth is how deep the tree may grow; a bound, so that a wrong parent can never hang a page.
const maxDepth = 12

// Place gives where something of this unit belongs.
func (d *Directory) Place(id UnitID) access.Place { return access.Place{Units: d.Path(id)} }

// A Node is a unit in the tree, Depth 0 at the top.
type Node struct {
	Unit
	Depth int
}

// Tree gives the units that exist on a day, parents before children, in Vietnamese order. Day "" is
// every unit of all times.
func (d *Directory) Tree(day string) []Node {
	var nodes []Node
	var walk func(parent UnitID, depth int)
	walk = func(parent UnitID, depth int) {
		ids := slices.Clone(d.children[parent])
		slices.SortFunc(ids, func(a, b UnitID) int { return d.compare(a, b, day) })
		for _, id := range ids {
			next := depth
			if u := d.units[id]; day == "" || u.On(day) {
				nodes = append(nodes, Node{u, depth})
				next++
			}
			if depth < maxDepth { // children of a closed unit move up a level
				walk(id, next)
			}
		}
	}
	walk("", 0)
	return nodes
}

func (d *Directory) compare(a, b UnitID, day string) int {
	ua, ub := d.units[a], d.units[b]
	return cmp.Or(
		cmp.Compare(d.kindOrder(ua.Kind), d.kindOrder(ub.Kind)),
		cmp.Compare(text.SortKey(ua.NameAt(day).Name), text.SortKey(ub.NameAt(day).Name)),
		cmp.Compare(a, b))
}

func (d *Directory) kindOrder(code string) int {
	return slices.IndexFunc(d.Kinds, func(k UnitKind) bool { return k.Code == code })
}

// Kind gives the Vietnamese title of a kind, "" when unknown.
func (d *Directory) Kind(code string) string {
	if i := d.kindOrder(code); i >= 0 {
		return d.Kinds[i].Title
	}
	return ""
}

// Find gives the units that a name, alias or code may mean, whatever its accents and capitals, those
// that exist on the day first. A name that two units share gives both: the caller must ask.
func (d *Directory) Find(name, day string) []UnitID {
	found := slices.Clone(d.byFold[text.Fold(strings.TrimSpace(name))])
	slices.SortStableFunc(found, func(a, b UnitID) int {
		return cmp.Compare(btoi(!d.units[a].On(day)), btoi(!d.units[b].On(day)))
	})
	return found
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Successors gives the units that continue this one, oldest first.
func (d *Directory) Successors(id UnitID) []UnitID {
	var next []UnitID
	for _, u := range d.units {
		if slices.ContainsFunc(u.Predecessors, func(p Predecessor) bool { return p.Unit == id }) {
			next = append(next, u.ID)
		}
	}
	slices.Sort(next)
	return next
}

// Directory reads all units. Names of offices are public, so it asks for no right.
func (s *Service) Directory(ctx context.Context) (*Directory, error) {
	return readDirectory(ctx, s.db.Read())
}

// DirectoryIn is [Service.Directory] inside a transaction.
func (s *Service) DirectoryIn(ctx context.Context, tx *db.Tx) (*Directory, error) {
	return directoryIn(ctx, tx)
}

// UnitName gives a unit's full name on a day ("" is today): how a document of that day names it. It
// returns fault.NotFound for an unknown unit. For many names ask [Service.Directory] once.
func (s *Service) UnitName(ctx context.Context, id UnitID, day string) (string, error) {
	if day == "" {
		day = s.today()
	}
	d, err := s.Directory(ctx)
	if err != nil {
		return "", err
	}
	u, ok := d.Unit(id)
	if !ok {
		return "", fault.New(fault.NotFound, "Không có đơn vị này.")
	}
	return u.NameAt(day).Name, nil
}

func (s *Service) today() string { return clock.Day(s.db.Clock().Now()) }

// A Function is a duty that some unit has at a time; rules and pages ask for the function, so that
// an office's end does not end them (domain.md 2.6).
type Function string

// The functions. The contact block of every page is the FunctionContact unit's (R-III.3-1).
const (
	FunctionOwner      Function = "owner"      // the body that owns the portal, the Department
	FunctionContact    Function = "contact"    // answers questions about the section
	FunctionHotline    Function = "hotline"    // owns the hotline
	FunctionExam       Function = "exam"       // runs the exam
	FunctionPublishing Function = "publishing" // posts on the portal
	FunctionRegistry   Function = "registry"   // registers documents
)

// Functions gives the functions with their Vietnamese titles, in the order of the settings page.
func Functions() []Named {
	return []Named{
		{string(FunctionOwner), "Cơ quan chủ quản cổng thông tin"},
		{string(FunctionContact), "Đầu mối liên hệ, giải đáp vướng mắc"},
		{string(FunctionHotline), "Phụ trách đường dây nóng"},
		{string(FunctionExam), "Phụ trách tổ chức kỳ thi"},
		{string(FunctionPublishing), "Phụ trách đăng tải"},
		{string(FunctionRegistry), "Văn thư, đăng ký văn bản"},
	}
}

// FunctionUnit gives the unit that has a function on a day ("" is today), fault.NotFound when none was
// named. It is public.
func (s *Service) FunctionUnit(ctx context.Context, f Function, day string) (UnitID, error) {
	if day == "" {
		day = s.today()
	}
	return functionUnit(ctx, s.db.Read(), f, day)
}

// A Contact is the block that stands on every page: whom to ask, with every number.
type Contact struct {
	Unit    UnitID
	Name    string   // the unit's name on the day asked for
	Contact string   // who answers there; may be empty
	Phones  []string // each callable, as printed
	Email   string
	Address string
}

// Contact gives whom to ask about a function on a day ("" is today). It returns fault.NotFound when
// nobody was named for it.
//
// Source: R-III.3-1.
func (s *Service) Contact(ctx context.Context, f Function, day string) (Contact, error) {
	if day == "" {
		day = s.today()
	}
	id, err := s.FunctionUnit(ctx, f, day)
	if err != nil {
		return Contact{}, err
	}
	d, err := s.Directory(ctx)
	if err != nil {
		return Contact{}, err
	}
	u := d.units[id]
	c := Contact{Unit: id, Name: u.NameAt(day).Name, Contact: u.Contact, Email: u.Email, Address: u.Address}
	for p := range strings.FieldsFuncSeq(u.Phone, func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
		if p = strings.TrimSpace(p); p != "" {
			c.Phones = append(c.Phones, p)
		}
	}
	return c, nil
}
