package documents

import (
	"context"
	"fmt"
	"slices"

	"bangvang/internal/base/access"
	"bangvang/internal/base/audit"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
)

// An Issuer is a body that issues documents (cơ quan ban hành).
type Issuer struct {
	ID       IssuerID
	Slug     string // of its public list; never changes
	Code     string // its group in symbols, "UBND"
	Own      bool   // its documents are made and numbered here
	Position int
	Names    []IssuerName // oldest first, at least one
	Aliases  []string
	Version  int
}

// An IssuerName is what an issuer is called from a day on; the first holds backwards too.
type IssuerName struct{ From, Name string }

// NameOn gives the issuer's name on a day; "" asks for today's.
func (i Issuer) NameOn(day string) string {
	name := i.Names[0].Name
	for _, n := range i.Names {
		if day == "" || n.From <= day {
			name = n.Name
		}
	}
	return name
}

// A Type is a kind of document (thể loại).
type Type struct {
	ID   TypeID
	Code string // its group in symbols, "CT"; "" for those that have none
	Name string
}

// A Field is a field of work (lĩnh vực); fields are a tree.
type Field struct {
	ID     FieldID
	Parent FieldID
	Name   string
}

// A Catalog is the data that documents are described with: issuers, types, fields.
type Catalog struct {
	Issuers []Issuer // by position, the plan's four first
	Types   []Type
	Fields  []Field // each below its parent

	byName map[string]IssuerID
}

// Catalog reads issuers, types and fields. It holds nothing that is not public.
func (s *Service) Catalog(ctx context.Context) (*Catalog, error) {
	return readCatalog(ctx, s.DB.Read())
}

// Issuer gives one issuer; false when there is none.
func (c *Catalog) Issuer(id IssuerID) (Issuer, bool) {
	i := slices.IndexFunc(c.Issuers, func(x Issuer) bool { return x.ID == id })
	if i < 0 {
		return Issuer{}, false
	}
	return c.Issuers[i], true
}

// IssuerName gives an issuer's name on a day.
func (c *Catalog) IssuerName(id IssuerID, day string) string {
	i, ok := c.Issuer(id)
	if !ok {
		return string(id)
	}
	return i.NameOn(day)
}

// FindIssuer gives the issuer a person means by its name, an older name, another spelling, or its
// id. Case and marks do not count.
func (c *Catalog) FindIssuer(name string) (Issuer, bool) {
	if i, ok := c.Issuer(IssuerID(name)); ok {
		return i, true
	}
	folded := text.Fold(text.CleanInput(name))
	if id, ok := c.byName[folded]; ok {
		return c.Issuer(id)
	}
	return Issuer{}, false
}

// Type gives one type by its id.
func (c *Catalog) Type(id TypeID) (Type, bool) {
	i := slices.IndexFunc(c.Types, func(t Type) bool { return t.ID == id })
	if i < 0 {
		return Type{}, false
	}
	return c.Types[i], true
}

// TypeName gives a type's name.
func (c *Catalog) TypeName(id TypeID) string {
	t, _ := c.Type(id)
	return t.Name
}

// FindType gives the type a person means by its name or id.
func (c *Catalog) FindType(name string) (Type, bool) {
	folded := text.Fold(text.CleanInput(name))
	i := slices.IndexFunc(c.Types, func(t Type) bool { return string(t.ID) == name || text.Fold(t.Name) == folded })
	if i < 0 {
		return Type{}, false
	}
	return c.Types[i], true
}

// TypeByCode gives the type whose symbol group is code, as official spelling has it.
func (c *Catalog) TypeByCode(code string) (Type, bool) {
	if code == "" {
		return Type{}, false
	}
	i := slices.IndexFunc(c.Types, func(t Type) bool { return t.Code != "" && groupKey(t.Code) == groupKey(code) })
	if i < 0 {
		return Type{}, false
	}
	return c.Types[i], true
}

// officialLetter is the type without a code of its own (công văn).
const officialLetter TypeID = "cong-van"

// TypeBySymbol gives the type a symbol speaks of: its first group is the type's code ("CT" in
// CT-UBND), or it is the issuer's and a drafting office follows ("SGDĐT-VP"), which is how official
// letters are marked. False when it speaks of none.
//
// Source: domain.md 4.3.
func (c *Catalog) TypeBySymbol(n Number, issuer IssuerID) (Type, bool) {
	first := n.TypeCode()
	if t, ok := c.TypeByCode(first); ok {
		return t, true
	}
	if i, ok := c.Issuer(issuer); ok && first != "" && groupKey(i.Code) == groupKey(first) {
		return c.Type(officialLetter)
	}
	return Type{}, false
}

// FindField gives the field a person means by its name or id.
func (c *Catalog) FindField(name string) (Field, bool) {
	folded := text.Fold(text.CleanInput(name))
	i := slices.IndexFunc(c.Fields, func(f Field) bool { return string(f.ID) == name || text.Fold(f.Name) == folded })
	if i < 0 {
		return Field{}, false
	}
	return c.Fields[i], true
}

// FieldName gives a field's name, "" for none.
func (c *Catalog) FieldName(id FieldID) string {
	f, _ := c.FindField(string(id))
	return f.Name
}

// Within gives a field and all below it.
func (c *Catalog) Within(id FieldID) []FieldID {
	all := []FieldID{id}
	for _, f := range c.Fields { // parents come before their children
		if slices.Contains(all, f.Parent) && f.Parent != "" {
			all = append(all, f.ID)
		}
	}
	return all
}

// IssuerForm is what can be said of an issuer.
type IssuerForm struct {
	Name     string
	From     string // the day from which the name holds; "" = since ever
	Code     string
	Own      bool
	Position int      // 0 = behind the others
	Aliases  []string // other spellings
}

// AddIssuer puts a body into the list of issuers.
//
// It returns fault.Invalid, and fault.Conflict when the name is another's.
//
// Source: R-II.1-c (issuers are data, four at least).
func (s *Service) AddIssuer(ctx context.Context, f IssuerForm) (IssuerID, error) {
	ctx, err := s.Policy.Enter(ctx, ActCatalog, access.Place{})
	if err != nil {
		return "", err
	}
	var id IssuerID
	err = s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		id, err = s.addIssuer(ctx, tx, f)
		return err
	})
	return id, err
}

func (s *Service) addIssuer(ctx context.Context, tx *db.Tx, f IssuerForm) (IssuerID, error) {
	f.Name = text.CleanInput(f.Name)
	if err := f.check(); err != nil {
		return "", err
	}
	c, err := readCatalog(ctx, tx)
	if err != nil {
		return "", err
	}
	if twin, ok := c.FindIssuer(f.Name); ok {
		return "", fault.New(fault.Conflict, "“%s” đã có trong danh mục với tên “%s”.", f.Name, twin.NameOn(""))
	}
	slug := text.Slug(f.Name)
	for n := 2; ; n++ {
		if _, taken := c.Issuer(IssuerID(slug)); !taken {
			break
		}
		slug = fmt.Sprintf("%s-%d", text.Slug(f.Name), n)
	}
	i := Issuer{ID: IssuerID(slug), Slug: slug, Code: f.Code, Own: f.Own, Position: f.Position, Version: 1}
	if i.Position <= 0 {
		i.Position = 1000
	}
	if err := insertIssuer(ctx, tx, i, f); err != nil {
		return "", err
	}
	return i.ID, audit.Write(ctx, tx, audit.Entry{Action: "document.issuer", Kind: "document_issuer", ID: slug, Label: f.Name})
}

// EditIssuer changes an issuer. A new name holds from its day on: documents issued before keep the
// old one.
func (s *Service) EditIssuer(ctx context.Context, id IssuerID, version int, f IssuerForm) error {
	ctx, err := s.Policy.Enter(ctx, ActCatalog, access.Place{})
	if err != nil {
		return err
	}
	f.Name = text.CleanInput(f.Name)
	if err := f.check(); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		c, err := readCatalog(ctx, tx)
		if err != nil {
			return err
		}
		if twin, ok := c.FindIssuer(f.Name); ok && twin.ID != id {
			return fault.Fields(fault.Field{Name: "name", Message: "Tên này đang là của một cơ quan khác trong danh mục."})
		}
		if i, ok := c.Issuer(id); ok { // who writes the name that is corrected here still means this issuer
			for _, n := range i.Names {
				f.Aliases = append(f.Aliases, n.Name)
			}
		}
		if err := updateIssuer(ctx, tx, id, version, f); err != nil {
			return err
		}
		keys, err := readKeys(ctx, tx) // every page names its issuer
		if err != nil {
			return err
		}
		if err := s.Publisher.Touch(ctx, tx, SourceName, keys...); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{Action: "document.issuer", Kind: "document_issuer", ID: string(id), Label: f.Name, Data: map[string]string{"from": f.From}})
	})
}

func (f IssuerForm) check() error {
	var wrong []fault.Field
	if f.Name == "" || len([]rune(f.Name)) > 200 {
		wrong = append(wrong, fault.Field{Name: "name", Message: "Hãy nhập tên cơ quan, không quá 200 ký tự."})
	}
	if text.Slug(f.Name) == "" && f.Name != "" {
		wrong = append(wrong, fault.Field{Name: "name", Message: "Tên cơ quan cần có chữ hoặc số."})
	}
	if len([]rune(f.Code)) > 13 {
		wrong = append(wrong, fault.Field{Name: "code", Message: "Chữ viết tắt trong ký hiệu không quá 13 ký tự."})
	}
	return fault.Fields(wrong...)
}
