package people

import (
	"context"
	"maps"
	"slices"
	"strings"

	"bangvang/internal/base/access"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/sheet"
	"bangvang/internal/base/text"
)

// unitSheet reads units; a unit is known by its code, or by its name when the code is left out.
func (s *Service) unitSheet(d *Directory, localities []Locality) ImportSheet {
	var kinds []sheet.Choice
	for _, k := range d.Kinds {
		kinds = append(kinds, sheet.Choice{Value: k.Code, Title: k.Title})
	}
	return ImportSheet{Name: "Đơn vị", Key: []string{"code", "name"}, order: parentsFirst, partial: true, Row: s.unitRow, Columns: []sheet.Column{
		{Name: "code", Title: "Mã đơn vị", Aliases: []string{"Mã"}, Max: 60, Help: "Chữ không dấu, số, gạch nối. Để trống thì lấy theo tên.", Example: "thpt-than-uyen"},
		{Name: "name", Title: "Tên đơn vị", Aliases: []string{"Tên trường", "Tên", "Đơn vị"}, Required: true, Max: 200, Example: "Trường THPT Than Uyên"},
		{Name: "short", Title: "Tên ngắn", Aliases: []string{"Tên viết tắt"}, Max: 80, Example: "THPT Than Uyên"},
		{Name: "kind", Title: "Loại đơn vị", Aliases: []string{"Loại"}, Required: true, Choices: kinds, Example: "Trường trung học phổ thông"},
		{Name: "parent", Title: "Trực thuộc", Aliases: []string{"Đơn vị cấp trên"}, Help: "Mã hoặc tên của đơn vị cấp trên, có thể nằm trong cùng tệp.", Example: "so-gddt"},
		{Name: "locality", Title: "Địa phương", Aliases: []string{"Huyện", "Huyện, thành phố"}, Help: "Tên hoặc mã địa phương đang có trong hệ thống.", Example: localityExample(localities, s.today())},
		{Name: "address", Title: "Địa chỉ", Max: 300},
		{Name: "phone", Title: "Điện thoại", Help: "Nhiều số thì cách nhau bằng dấu phẩy.", Example: "02133799569", Max: 120},
		{Name: "email", Title: "Thư điện tử", Aliases: []string{"Email", "E-mail"}, Max: 120},
		{Name: "contact", Title: "Người liên hệ", Help: "Chức danh, ví dụ Chánh Văn phòng.", Max: 120},
		{Name: "registration", Title: "Nơi đăng ký dự thi", Kind: sheet.Bool},
		{Name: "valid_from", Title: "Có từ ngày", Kind: sheet.Day},
		{Name: "valid_to", Title: "Đến hết ngày", Kind: sheet.Day},
		{Name: "aliases", Title: "Tên gọi khác", Help: "Cách nhau bằng dấu chấm phẩy.", Max: 1000},
	}}
}

// localityExample gives the name of a locality that exists on a day, of the lowest level there is: an
// example must be accepted when it is followed. "" when none is known.
func localityExample(all []Locality, day string) string {
	for _, level := range []Level{Commune, District, Province} {
		for _, l := range all {
			if l.Level == level && covers(l.ValidFrom, l.ValidTo, day) {
				return l.Name
			}
		}
	}
	return ""
}

// parentsFirst orders rows so that a parent named in the same file is read before its children. Rows
// that lead in a circle stay last and are refused when they are read.
func parentsFirst(rows []sheet.Record) []sheet.Record {
	names := map[string]int{}
	for i, r := range rows {
		for _, n := range []string{r.Get("code"), r.Get("name"), r.Get("short")} {
			if n != "" {
				names[text.Fold(n)] = i
			}
		}
	}
	var ordered []sheet.Record
	done, open := make([]bool, len(rows)), make([]bool, len(rows))
	var visit func(i int)
	visit = func(i int) {
		if done[i] || open[i] {
			return
		}
		open[i] = true
		if p, ok := names[text.Fold(rows[i].Get("parent"))]; ok && rows[i].Get("parent") != "" {
			visit(p)
		}
		done[i] = true
		ordered = append(ordered, rows[i])
	}
	for i := range rows {
		visit(i)
	}
	return ordered
}

func (s *Service) unitRow(ctx context.Context, tx *db.Tx, r sheet.Record) (Outcome, error) {
	d, err := directoryIn(ctx, tx)
	if err != nil {
		return RowSame, err
	}
	f := UnitForm{Code: text.Slug(r.Get("code")), Kind: r.Get("kind"), Registration: r.Bool("registration"), Address: r.Get("address"),
		Phone: r.Get("phone"), Email: r.Get("email"), Contact: r.Get("contact"), ValidFrom: r.Get("valid_from"), ValidTo: r.Get("valid_to"),
		Name: clean(r.Get("name")), Short: clean(r.Get("short"))}
	for a := range strings.SplitSeq(r.Get("aliases"), ";") {
		if a = clean(a); a != "" {
			f.Aliases = append(f.Aliases, a)
		}
	}
	var wrong []fault.Field
	if p := r.Get("parent"); p != "" {
		f.Parent = s.namedUnit(d, p, "parent", &wrong)
	}
	if l := r.Get("locality"); l != "" {
		if f.Locality, err = namedLocality(ctx, tx, l, cmpOr(f.ValidFrom, s.today()), &wrong); err != nil {
			return RowSame, err
		}
	}
	outcome := RowCreated
	if id, known := d.byCodeOrName(f.Code, f.Name); known {
		outcome, err = s.changeUnitRow(ctx, tx, d.units[id], f)
	} else {
		_, err = s.createUnit(ctx, tx, f)
	}
	return outcome, joinFields(fault.Fields(wrong...), err)
}

// changeUnitRow brings a known unit to what its row says. An empty cell leaves what is there.
func (s *Service) changeUnitRow(ctx context.Context, tx *db.Tx, u Unit, f UnitForm) (Outcome, error) {
	keep := func(cell *string, has string) {
		if *cell == "" {
			*cell = has
		}
	}
	keep(&f.Code, u.Code)
	keep(&f.Address, u.Address)
	keep(&f.Phone, u.Phone)
	keep(&f.Email, u.Email)
	keep(&f.Contact, u.Contact)
	keep(&f.ValidFrom, u.ValidFrom)
	keep(&f.ValidTo, u.ValidTo)
	if f.Parent == "" {
		f.Parent = u.Parent
	}
	if f.Locality == "" {
		f.Locality = u.Locality
	}
	if len(f.Aliases) == 0 {
		f.Aliases = u.Aliases
	}
	f.Registration = f.Registration || u.Registration
	if name := u.NameAt(""); f.Name != name.Name {
		d, err := directoryIn(ctx, tx)
		if err != nil {
			return RowSame, err
		}
		wrong := s.checkUnit(ctx, tx, d, u.ID, &f)
		return RowSame, fault.Fields(append(wrong, fault.Field{Name: "name",
			Message: "Mã “" + u.Code + "” đang là “" + name.Name + "”. Hãy đổi tên trên trang Đơn vị (có ngày hiệu lực), hoặc dùng mã khác."})...)
	}
	next := f.unit(u)
	if next.Code == u.Code && next.Kind == u.Kind && next.Parent == u.Parent && next.Locality == u.Locality && next.Registration == u.Registration &&
		next.Address == u.Address && next.Phone == u.Phone && next.Email == u.Email && next.Contact == u.Contact &&
		next.ValidFrom == u.ValidFrom && next.ValidTo == u.ValidTo && sameAliases(next.Aliases, u.Aliases) {
		return RowSame, nil
	}
	return RowChanged, s.updateUnit(ctx, tx, u.ID, u.Version, f)
}

func sameAliases(a, b []string) bool {
	folded := func(all []string) map[string]bool {
		m := map[string]bool{}
		for _, s := range all {
			m[text.Fold(s)] = true
		}
		return m
	}
	return maps.Equal(folded(a), folded(b))
}

// byCodeOrName gives the unit a row is about: the code decides, a name only when no code is given.
func (d *Directory) byCodeOrName(code, name string) (UnitID, bool) {
	for _, u := range d.units {
		if code != "" && u.Code == code {
			return u.ID, true
		}
	}
	if code != "" {
		return "", false
	}
	for _, id := range d.byFold[text.Fold(name)] {
		if d.units[id].NameAt("").Name == name {
			return id, true
		}
	}
	return "", false
}

// namedUnit finds the unit that a cell names, or says what is wrong with the cell.
func (s *Service) namedUnit(d *Directory, name, field string, wrong *[]fault.Field) UnitID {
	found := d.Find(name, s.today())
	if bare := d.byFold[text.Fold(text.Slug(name))]; len(found) == 0 {
		found = bare
	}
	switch len(found) {
	case 1:
		return found[0]
	case 0:
		*wrong = append(*wrong, fault.Field{Name: field, Message: "Không có đơn vị “" + name + "”. Hãy ghi đúng mã hoặc tên đơn vị."})
	default:
		*wrong = append(*wrong, fault.Field{Name: field, Message: "Có nhiều đơn vị tên “" + name + "”. Hãy ghi mã đơn vị."})
	}
	return ""
}

func namedLocality(ctx context.Context, tx *db.Tx, name, day string, wrong *[]fault.Field) (LocalityID, error) {
	all, err := readLocalities(ctx, tx)
	if err != nil {
		return "", err
	}
	var found []LocalityID
	var other Locality // of this name, at another time
	for _, l := range all {
		switch {
		case l.Code != name && text.Fold(l.Name) != text.Fold(name):
		case covers(l.ValidFrom, l.ValidTo, day):
			found = append(found, l.ID)
		default:
			other = l
		}
	}
	if len(found) == 1 {
		return found[0], nil
	}
	message := "Không có địa phương “" + name + "”. Hãy thêm địa phương trước, hoặc ghi đúng tên."
	switch {
	case len(found) == 0 && other.ValidTo != "" && other.ValidTo < day:
		message = "“" + other.Name + "” đã kết thúc ngày " + text.FormatDay(other.ValidTo) + ". Hãy ghi địa phương hiện nay; nếu đơn vị có từ trước ngày ấy thì ghi cột “Có từ ngày”."
	case len(found) == 0 && other.ValidFrom > day:
		message = "“" + other.Name + "” chỉ có từ ngày " + text.FormatDay(other.ValidFrom) + ". Hãy ghi địa phương có vào ngày đơn vị bắt đầu, hoặc sửa cột “Có từ ngày”."
	case len(found) > 1:
		message = "Có nhiều địa phương tên “" + name + "”. Hãy ghi mã địa phương."
	}
	*wrong = append(*wrong, fault.Field{Name: "locality", Message: message})
	return "", nil
}

// accountSheet reads accounts; an account is known by its username.
func (s *Service) accountSheet() ImportSheet {
	return ImportSheet{Name: "Tài khoản", Key: []string{"username"}, partial: true, Row: s.accountRow, Columns: []sheet.Column{
		{Name: "username", Title: "Tên đăng nhập", Aliases: []string{"Tài khoản", "User", "Username"}, Required: true, Max: 60, Example: "nguyen.thi.hoa"},
		{Name: "name", Title: "Họ và tên", Aliases: []string{"Họ tên"}, Required: true, Max: 120, Example: "Nguyễn Thị Hoa"},
		{Name: "unit", Title: "Đơn vị công tác", Aliases: []string{"Đơn vị", "Cơ quan"}, Help: "Mã hoặc tên đơn vị.", Example: "thpt-than-uyen"},
		{Name: "email", Title: "Thư điện tử", Aliases: []string{"Email", "E-mail"}, Max: 120},
		{Name: "phone", Title: "Điện thoại", Aliases: []string{"Số điện thoại"}, Max: 40},
	}}
}

func (s *Service) accountRow(ctx context.Context, tx *db.Tx, r sheet.Record) (Outcome, error) {
	f := AccountForm{Username: r.Get("username"), Name: clean(r.Get("name")), Email: strings.ToLower(clean(r.Get("email"))), Phone: clean(r.Get("phone"))}
	var wrong []fault.Field
	if name := r.Get("unit"); name != "" {
		d, err := directoryIn(ctx, tx)
		if err != nil {
			return RowSame, err
		}
		f.Unit = s.namedUnit(d, name, "unit", &wrong)
	}
	a, err := accountByUsername(ctx, tx, cleanUsername(f.Username))
	if fault.Is(err, fault.NotFound) {
		_, err := s.createAccount(ctx, tx, f)
		return RowCreated, joinFields(fault.Fields(wrong...), err)
	}
	if err != nil {
		return RowSame, err
	}
	f.Unit, f.Email, f.Phone = UnitID(cmpOr(string(f.Unit), string(a.Unit))), cmpOr(f.Email, a.Email), cmpOr(f.Phone, a.Phone)
	if f.Name == a.Name && f.Unit == a.Unit && f.Email == a.Email && f.Phone == a.Phone {
		return RowSame, fault.Fields(wrong...)
	}
	return RowChanged, joinFields(fault.Fields(wrong...), s.updateAccount(ctx, tx, a.ID, a.Version, f))
}

// roleSheet reads grants. A grant that stands already is left; none is revoked by a spreadsheet.
func (s *Service) roleSheet() ImportSheet {
	var choices []sheet.Choice
	for _, r := range roles {
		choices = append(choices, sheet.Choice{Value: string(r.Role), Title: r.Title, Aliases: []string{r.Short}})
	}
	return ImportSheet{Name: "Vai trò", Key: []string{"username", "role", "place", "first_day", "last_day"}, partial: true, Row: s.roleRow, Columns: []sheet.Column{
		{Name: "username", Title: "Tên đăng nhập", Aliases: []string{"Tài khoản", "User", "Username"}, Required: true, Max: 60, Example: "nguyen.thi.hoa"},
		{Name: "role", Title: "Vai trò", Required: true, Choices: choices, Example: "Thư ký Điểm thi"},
		{Name: "place", Title: "Phạm vi", Aliases: []string{"Đơn vị hoặc Điểm thi"}, Help: "Tên đơn vị hoặc Điểm thi. Vai trò của Sở, Hội đồng thi để trống.", Example: "THPT Than Uyên"},
		{Name: "first_day", Title: "Từ ngày", Kind: sheet.Day},
		{Name: "last_day", Title: "Đến hết ngày", Aliases: []string{"Đến ngày"}, Kind: sheet.Day},
		{Name: "note", Title: "Căn cứ", Aliases: []string{"Ghi chú"}, Help: "Quyết định, nếu có.", Max: 300},
	}}
}

func (s *Service) roleRow(ctx context.Context, tx *db.Tx, r sheet.Record) (Outcome, error) {
	var wrong []fault.Field
	a, err := accountByUsername(ctx, tx, cleanUsername(r.Get("username")))
	if fault.Is(err, fault.NotFound) {
		wrong = append(wrong, fault.Field{Name: "username", Message: "Không có tài khoản “" + r.Get("username") + "”. Hãy thêm ở trang “Tài khoản”."})
	} else if err != nil {
		return RowSame, err
	}
	f := GrantForm{Account: a.ID, FirstDay: r.Get("first_day"), LastDay: r.Get("last_day"), Note: r.Get("note")}
	if info, ok := RoleOf(access.Role(r.Get("role"))); !ok { // refused by its column, which takes only roles, or missing
		wrong = append(wrong, fault.Field{Name: "role", Message: "Hãy chọn vai trò."})
	} else {
		f.Role, f.Scope.Kind = info.Role, info.Scopes[0]
		f.Scope.ID, err = s.namedPlace(ctx, tx, f.Scope.Kind, r.Get("place"))
		if err != nil && len(fault.FieldsOf(err)) == 0 {
			return RowSame, err
		}
		wrong = append(wrong, fault.FieldsOf(err)...)
	}
	if len(wrong) > 0 {
		return RowSame, fault.Fields(append(wrong, f.checkPeriod()...)...)
	}
	grants, err := grantsOf(ctx, tx, a.ID)
	if err != nil {
		return RowSame, err
	}
	var from, until int64
	if f.FirstDay != "" {
		from = dayStart(f.FirstDay)
	}
	if f.LastDay != "" {
		until = dayEnd(f.LastDay)
	}
	if slices.ContainsFunc(grants, func(g Grant) bool {
		return g.RevokedAt == 0 && g.Role == f.Role && g.Scope == f.Scope && g.From == from && g.Until == until
	}) {
		return RowSame, nil
	}
	_, err = s.grantRole(ctx, tx, f)
	if fields := fault.FieldsOf(err); len(fields) > 0 {
		for i := range fields {
			if fields[i].Name == "scope" {
				fields[i].Name = "place"
			}
		}
	}
	return RowCreated, err
}

// namedPlace finds the place that a cell names among those a grant of the kind can be for.
func (s *Service) namedPlace(ctx context.Context, tx *db.Tx, kind access.ScopeKind, name string) (string, error) {
	wrong := func(message string) (string, error) {
		return "", fault.Fields(fault.Field{Name: "place", Message: message})
	}
	switch kind {
	case access.Department, access.Council:
		if name != "" && text.Fold(name) != text.Fold(scopeTitle(kind)) {
			return wrong("Vai trò này được giao theo " + scopeTitle(kind) + ". Hãy để trống ô này.")
		}
		return "", nil
	case access.Unit:
		d, err := directoryIn(ctx, tx)
		if err != nil {
			return "", err
		}
		var fields []fault.Field
		id := s.namedUnit(d, name, "place", &fields)
		return string(id), fault.Fields(fields...)
	}
	choices, err := s.scopeChoices(ctx, tx, kind)
	if err != nil {
		return "", err
	}
	switch found := placesNamed(choices, name); len(found) {
	case 1:
		return found[0], nil
	case 0:
		return wrong("Không có " + scopeTitle(kind) + " “" + name + "”. Hãy ghi đúng mã hoặc tên đang dùng trong hệ thống.")
	}
	return wrong("Có nhiều " + scopeTitle(kind) + " hợp với “" + name + "”. Hãy ghi cả mã và tên.")
}

// placesNamed gives the places a cell may mean: the one called exactly so; else those whose name, which
// begins with a code, begins or ends with the words of the cell ("03", "THPT Than Uyên").
func placesNamed(choices []Named, name string) (found []string) {
	want := text.Fold(strings.TrimSpace(name))
	if want == "" {
		return nil
	}
	for _, c := range choices {
		switch has := text.Fold(c.Name); {
		case c.ID == name || has == want:
			return []string{c.ID}
		case strings.HasPrefix(has, want+" ") || strings.HasSuffix(has, " "+want):
			found = append(found, c.ID)
		}
	}
	return found
}
