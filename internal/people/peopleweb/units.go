package peopleweb

import (
	"net/url"
	"slices"
	"strings"

	"bangvang/internal/base/fault"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/people"
)

const unitsPath = "/quan-tri/don-vi"

type unitRow struct {
	people.Unit
	Indent string // a dash for each level
	Name   string
	Kind   string
	Ended  bool
}

type unitsData struct {
	Form      ui.Form // the day to look at
	Day       string
	Rows      []unitRow
	Functions []functionRow
	CanEdit   bool
}

type functionRow struct{ Title, Unit string }

type unitData struct {
	Form                     ui.Form
	Unit                     people.Unit // without ID for a new one
	Name                     string
	Kinds, Localities        []ui.Option
	Parents                  []string // names of units
	Names                    []people.UnitName
	Predecessors, Successors []string
	CanEdit                  bool
}

type renameData struct {
	Form ui.Form
	Unit people.Unit
	Name string
}

type mergeData struct {
	Form  ui.Form
	Unit  people.Unit
	Name  string
	Units []ui.Option
}

type functionsData struct {
	Form      ui.Form
	Functions []ui.Option
	Units     []ui.Option
	Rows      []functionRow
}

type localitiesData struct {
	Rows    []people.Locality
	Parents map[people.LocalityID]string
	CanEdit bool
}

type localityData struct {
	Form    ui.Form
	Name    string
	Levels  []ui.Option
	Parents []ui.Option
}

var (
	unitsPage      = ui.New[unitsData](files, "pages/don-vi.html")
	unitPage       = ui.New[unitData](files, "pages/don-vi-sua.html")
	renamePage     = ui.New[renameData](files, "pages/don-vi-doi-ten.html")
	mergePage      = ui.New[mergeData](files, "pages/don-vi-hop-nhat.html")
	functionsPage  = ui.New[functionsData](files, "pages/nhiem-vu.html")
	localitiesPage = ui.New[localitiesData](files, "pages/dia-phuong.html")
	localityPage   = ui.New[localityData](files, "pages/dia-phuong-sua.html")
)

func (p *Pages) registerUnits(o *web.Office) {
	read, manage := people.ActPeopleRead, people.ActPeopleManage
	o.GET(unitsPath, read, p.units)
	formPage[unitData]{view: unitPage, data: p.unitData, do: p.createUnit}.register(o, unitsPath+"/moi", manage)
	edit := formPage[unitData]{view: unitPage, values: p.unitValues, data: p.unitData, do: p.updateUnit}
	o.GET(unitsPath+"/{id}", read, edit.get)
	o.POST(unitsPath+"/{id}", manage, edit.post)
	formPage[renameData]{view: renamePage, data: p.renameData, do: p.renameUnit}.register(o, unitsPath+"/{id}/doi-ten", manage)
	formPage[mergeData]{view: mergePage, data: p.mergeData, do: p.mergeUnits}.register(o, unitsPath+"/{id}/hop-nhat", manage)
	formPage[functionsData]{view: functionsPage, data: p.functionsData, do: p.setFunction}.register(o, "/quan-tri/nhiem-vu", manage)
	o.GET("/quan-tri/dia-phuong", read, p.localities)
	locality := formPage[localityData]{view: localityPage, values: p.localityValues, data: p.localityData, do: p.saveLocality}
	locality.register(o, "/quan-tri/dia-phuong/moi", manage)
	locality.register(o, "/quan-tri/dia-phuong/{id}", manage)
}

func (p *Pages) units(c *web.Ctx) error {
	day := c.Day("ngay")
	form := c.NewForm(url.Values{"ngay": {c.Text("ngay")}}, 0)
	form.Wrong = fault.FieldsOf(c.Err())
	if day == "" {
		day = p.today()
	}
	d, err := p.People.Directory(c.Context())
	if err != nil {
		return err
	}
	data := unitsData{Form: form, Day: day, CanEdit: c.Can(people.ActPeopleManage, noPlace)}
	for _, n := range d.Tree(day) {
		data.Rows = append(data.Rows, unitRow{n.Unit, strings.Repeat("– ", n.Depth), n.NameAt(day).Name, d.Kind(n.Kind), false})
	}
	for _, n := range d.Tree("") {
		if n.ValidTo != "" && n.ValidTo < day {
			data.Rows = append(data.Rows, unitRow{n.Unit, "", n.NameAt(n.ValidTo).Name, d.Kind(n.Kind), true})
		}
	}
	if data.Functions, err = p.functionRows(c, d, day); err != nil {
		return err
	}
	return c.Render(unitsPage.With(data))
}

func (p *Pages) functionRows(c *web.Ctx, d *people.Directory, day string) ([]functionRow, error) {
	var rows []functionRow
	for _, f := range people.Functions() {
		id, err := p.People.FunctionUnit(c.Context(), people.Function(f.ID), day)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return nil, err
		}
		rows = append(rows, functionRow{f.Name, d.Name(id, day)})
	}
	return rows, nil
}

func (p *Pages) unit(c *web.Ctx) (*people.Directory, people.Unit, error) {
	d, err := p.People.Directory(c.Context())
	if err != nil {
		return nil, people.Unit{}, err
	}
	u, ok := d.Unit(people.UnitID(c.Path("id")))
	if !ok && c.Path("id") != "" {
		return nil, u, &fault.Error{Kind: fault.NotFound}
	}
	return d, u, nil
}

func (p *Pages) unitValues(c *web.Ctx) (url.Values, int, error) {
	d, u, err := p.unit(c)
	if err != nil {
		return nil, 0, err
	}
	values := url.Values{"code": {u.Code}, "kind": {u.Kind}, "parent": {p.unitText(d, u.Parent)}, "locality": {string(u.Locality)}, "address": {u.Address},
		"phone": {u.Phone}, "email": {u.Email}, "contact": {u.Contact}, "valid_from": {u.ValidFrom}, "valid_to": {u.ValidTo}, "aliases": {strings.Join(u.Aliases, "\n")}}
	if u.Registration {
		values.Set("registration", "1")
	}
	return values, u.Version, nil
}

func (p *Pages) unitData(c *web.Ctx, form ui.Form) (unitData, error) {
	d, u, err := p.unit(c)
	if err != nil {
		return unitData{}, err
	}
	data := unitData{Form: form, Unit: u, CanEdit: c.Can(people.ActPeopleManage, noPlace), Kinds: []ui.Option{{Value: "", Label: "– chọn –"}},
		Parents: p.unitNames(d, u.ID)}
	for _, k := range d.Kinds {
		group := "Trong ngành"
		if k.External {
			group = "Ngoài ngành"
		}
		data.Kinds = append(data.Kinds, ui.Option{Value: k.Code, Label: k.Title, Group: group})
	}
	localities, err := p.People.Localities(c.Context(), "", "")
	if err != nil {
		return unitData{}, err
	}
	data.Localities = localityOptions(localities)
	if u.ID != "" {
		data.Name, data.Names = u.NameAt("").Name, u.Names
		for _, before := range u.Predecessors {
			data.Predecessors = append(data.Predecessors, d.Name(before.Unit, before.Day))
		}
		for _, after := range d.Successors(u.ID) {
			data.Successors = append(data.Successors, d.Name(after, ""))
		}
	}
	return data, nil
}

// unitOptions offers the units of all times but one, in the order of the tree.
func (p *Pages) unitOptions(d *people.Directory, but people.UnitID, none string) []ui.Option {
	out := []ui.Option{{Value: "", Label: none}}
	for _, n := range d.Tree(p.today()) {
		if n.ID != but {
			out = append(out, ui.Option{Value: string(n.ID), Label: strings.Repeat("– ", n.Depth) + n.NameAt(p.today()).Name})
		}
	}
	return out
}

// unitNames are what a field that names a unit is completed to: the units of today.
func (p *Pages) unitNames(d *people.Directory, but people.UnitID) (names []string) {
	for _, n := range d.Tree(p.today()) {
		if n.ID != but {
			names = append(names, p.unitText(d, n.ID))
		}
	}
	return names
}

// unitText names a unit in a field: its name of today, or its code where two have that name.
func (p *Pages) unitText(d *people.Directory, id people.UnitID) string {
	name := d.Name(id, p.today())
	if u, _ := d.Unit(id); u.Code != "" && len(p.meant(d, name)) > 1 {
		return u.Code
	}
	return name
}

// meant gives the units a name may mean: those of today, when there are any.
func (p *Pages) meant(d *people.Directory, name string) []people.UnitID {
	found, today := d.Find(name, p.today()), p.today()
	standing := slices.DeleteFunc(slices.Clone(found), func(id people.UnitID) bool {
		u, _ := d.Unit(id)
		return !u.On(today)
	})
	if len(standing) > 0 {
		return standing
	}
	return found
}

// unitNamed reads a field that names a unit by its name, another name of it or its code; "" when it
// is empty. What names none, or more than one, is noted as wrong.
func (p *Pages) unitNamed(c *web.Ctx, field string) people.UnitID {
	name := c.Text(field)
	if name == "" {
		return ""
	}
	d, err := p.People.Directory(c.Context())
	if err != nil {
		c.Fail(field, "Chưa đọc được danh sách đơn vị. Hãy gửi lại.")
		return ""
	}
	found := p.meant(d, name)
	if len(found) == 1 {
		return found[0]
	}
	if len(found) == 0 {
		c.Fail(field, "Không có đơn vị “%s”. Hãy chọn một tên trong danh sách gợi ý, hoặc ghi mã đơn vị.", name)
		return ""
	}
	var codes []string
	for _, id := range found {
		u, _ := d.Unit(id)
		codes = append(codes, u.Code)
	}
	c.Fail(field, "Có %d đơn vị tên “%s”. Hãy ghi mã của đơn vị muốn chọn: %s.", len(found), name, strings.Join(codes, ", "))
	return ""
}

func localityOptions(all []people.Locality) []ui.Option {
	out := []ui.Option{{Value: "", Label: "– không chọn –"}}
	for _, l := range all {
		out = append(out, ui.Option{Value: string(l.ID), Label: l.Name, Group: l.Level.Title()})
	}
	return out
}

func (p *Pages) unitForm(c *web.Ctx) people.UnitForm {
	return people.UnitForm{Code: c.Text("code"), Kind: c.Text("kind"), Parent: p.unitNamed(c, "parent"), Locality: people.LocalityID(c.Text("locality")),
		Registration: c.Bool("registration"), Address: c.Text("address"), Phone: c.Text("phone"), Email: c.Text("email"), Contact: c.Text("contact"),
		ValidFrom: c.Day("valid_from"), ValidTo: c.Day("valid_to"), Aliases: strings.Split(c.Lines("aliases"), "\n"), Name: c.Text("name"), Short: c.Text("short")}
}

func (p *Pages) createUnit(c *web.Ctx) (next, flash string, err error) {
	f := p.unitForm(c)
	if err := c.Err(); err != nil {
		return "", "", err
	}
	id, err := p.People.CreateUnit(c.Context(), f)
	return unitsPath + "/" + string(id), "Đã thêm đơn vị " + f.Name + ".", err
}

func (p *Pages) updateUnit(c *web.Ctx) (next, flash string, err error) {
	f := p.unitForm(c)
	if err := c.Err(); err != nil {
		return "", "", err
	}
	err = p.People.UpdateUnit(c.Context(), people.UnitID(c.Path("id")), c.Version(), f)
	return unitsPath + "/" + c.Path("id"), "Đã lưu đơn vị.", err
}

func (p *Pages) renameData(c *web.Ctx, form ui.Form) (renameData, error) {
	_, u, err := p.unit(c)
	if err != nil {
		return renameData{}, err
	}
	return renameData{form, u, u.NameAt("").Name}, nil
}

func (p *Pages) renameUnit(c *web.Ctx) (next, flash string, err error) {
	day := c.Day("day")
	if c.Text("day") == "" {
		c.Fail("day", "Hãy nhập ngày tên mới có hiệu lực. Ví dụ: 01/7/2025.")
	}
	if err := c.Err(); err != nil {
		return "", "", err
	}
	id := c.Path("id")
	err = p.People.RenameUnit(c.Context(), people.UnitID(id), day, c.Text("name"), c.Text("short"), c.Text("basis"))
	return unitsPath + "/" + id, "Đã ghi tên mới. Văn bản trước ngày này vẫn hiện tên cũ.", err
}

func (p *Pages) mergeData(c *web.Ctx, form ui.Form) (mergeData, error) {
	d, u, err := p.unit(c)
	if err != nil {
		return mergeData{}, err
	}
	return mergeData{form, u, u.NameAt("").Name, p.unitOptions(d, u.ID, "– chọn –")}, nil
}

func (p *Pages) mergeUnits(c *web.Ctx) (next, flash string, err error) {
	day := c.Day("day")
	if err := c.Err(); err != nil {
		return "", "", err
	}
	id := c.Path("id")
	var from []people.UnitID
	for _, f := range c.All("from") {
		from = append(from, people.UnitID(f))
	}
	err = p.People.MergeUnits(c.Context(), people.UnitID(id), day, c.Text("note"), from...)
	return unitsPath + "/" + id, "Đã ghi việc hợp nhất.", err
}

func (p *Pages) functionsData(c *web.Ctx, form ui.Form) (functionsData, error) {
	d, err := p.People.Directory(c.Context())
	if err != nil {
		return functionsData{}, err
	}
	rows, err := p.functionRows(c, d, p.today())
	return functionsData{form, options(people.Functions()), p.unitOptions(d, "", "– chọn –"), rows}, err
}

func (p *Pages) setFunction(c *web.Ctx) (next, flash string, err error) {
	day := c.Day("day")
	if err := c.Err(); err != nil {
		return "", "", err
	}
	err = p.People.SetFunction(c.Context(), people.Function(c.Text("function")), people.UnitID(c.Text("unit")), day)
	return "/quan-tri/nhiem-vu", "Đã lưu.", err
}

func (p *Pages) localities(c *web.Ctx) error {
	all, err := p.People.Localities(c.Context(), "", "")
	if err != nil {
		return err
	}
	data := localitiesData{Rows: all, Parents: map[people.LocalityID]string{}, CanEdit: c.Can(people.ActPeopleManage, noPlace)}
	for _, l := range all {
		data.Parents[l.ID] = l.Name
	}
	return c.Render(localitiesPage.With(data))
}

// locality gives the locality of the path; without id in the path, a new one.
func (p *Pages) locality(c *web.Ctx) (people.Locality, []people.Locality, error) {
	all, err := p.People.Localities(c.Context(), "", "")
	if err != nil || c.Path("id") == "" {
		return people.Locality{}, all, err
	}
	i := slices.IndexFunc(all, func(l people.Locality) bool { return string(l.ID) == c.Path("id") })
	if i < 0 {
		return people.Locality{}, nil, &fault.Error{Kind: fault.NotFound}
	}
	return all[i], all, nil
}

func (p *Pages) localityValues(c *web.Ctx) (url.Values, int, error) {
	l, _, err := p.locality(c)
	return url.Values{"level": {string(l.Level)}, "code": {l.Code}, "parent": {string(l.Parent)}, "name": {l.Name},
		"valid_from": {l.ValidFrom}, "valid_to": {l.ValidTo}}, l.Version, err
}

func (p *Pages) localityData(c *web.Ctx, form ui.Form) (localityData, error) {
	l, all, err := p.locality(c)
	if err != nil {
		return localityData{}, err
	}
	data := localityData{Form: form, Name: l.Name, Parents: localityOptions(slices.DeleteFunc(all, func(o people.Locality) bool { return o.ID == l.ID }))}
	for _, level := range []people.Level{people.Province, people.District, people.Commune} {
		data.Levels = append(data.Levels, ui.Option{Value: string(level), Label: level.Title()})
	}
	return data, nil
}

func (p *Pages) saveLocality(c *web.Ctx) (next, flash string, err error) {
	l := people.Locality{ID: people.LocalityID(c.Path("id")), Version: c.Version(), Level: people.Level(c.Text("level")), Code: c.Text("code"),
		Parent: people.LocalityID(c.Text("parent")), Name: c.Text("name"), ValidFrom: c.Day("valid_from"), ValidTo: c.Day("valid_to")}
	if err := c.Err(); err != nil {
		return "", "", err
	}
	_, err = p.People.SaveLocality(c.Context(), l)
	return "/quan-tri/dia-phuong", "Đã lưu địa phương " + l.Name + ".", err
}
