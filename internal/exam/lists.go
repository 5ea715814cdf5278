package exam

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"bangvang/internal/base/access"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/sheet"
	"bangvang/internal/base/text"
	"bangvang/internal/people"
)

// SiteChoices gives the current exam's sites for which roles can be granted, as package people asks
// for them: by locality and name, sites of further rounds with their round's name.
func (s *Service) SiteChoices(ctx context.Context, q db.Queryer) ([]people.Named, error) {
	e, err := currentExam(ctx, q)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var choices []people.Named
	for i, r := range e.Rounds {
		sites, err := readSites(ctx, q, r.ID)
		if err != nil {
			return nil, err
		}
		for _, site := range sites {
			name := site.Code + " " + site.Name
			if i > 0 {
				name += " (" + r.Name + ")"
			}
			choices = append(choices, people.Named{ID: string(site.ID), Name: name})
		}
	}
	return choices, nil
}

// Sheets gives the sheets "Điểm thi", "Phòng thi" and "Số đăng ký" of the spreadsheet that fills an
// installation. Their rows are about the current exam's rounds and pass the same checks as the
// office pages.
func (s *Service) Sheets() []people.ImportSheet { return lists{Service: s, round: 1}.sheets() }

// lists reads rows about one exam.
type lists struct {
	*Service
	exam  ID  // "" is the current one
	round int // number of the round that rows are about when they do not say
}

func (s lists) sheets() []people.ImportSheet {
	round := sheet.Column{Name: "round", Title: "Đợt", Aliases: []string{"Đợt thi"}, Kind: sheet.Number, Help: "Số thứ tự của đợt thi; để trống là đợt 1.", Example: "1"}
	site := sheet.Column{Name: "site", Title: "Mã điểm thi", Aliases: []string{"Điểm thi", "Mã ĐT"}, Required: true, Max: 10, Help: "Mã đã có ở trang Điểm thi hoặc trong hệ thống.", Example: "03"}
	return []people.ImportSheet{
		{Name: "Điểm thi", Key: []string{"round", "code"}, Row: s.siteRow, Columns: []sheet.Column{
			{Name: "code", Title: "Mã điểm thi", Aliases: []string{"Mã", "Mã ĐT"}, Required: true, Max: 10, Example: "03"},
			{Name: "name", Title: "Tên điểm thi", Aliases: []string{"Tên", "Điểm thi"}, Required: true, Max: 160, Example: "Điểm thi THPT Than Uyên"},
			{Name: "locality", Title: "Huyện, thành phố", Aliases: []string{"Huyện", "Địa phương", "Xã, phường"}, Required: true, Max: 120, Example: "Huyện Than Uyên"},
			{Name: "address", Title: "Địa chỉ", Max: 300},
			{Name: "phone", Title: "Điện thoại", Aliases: []string{"Điện thoại điểm thi"}, Max: 30, Example: "0213 3784 000"},
			{Name: "head_name", Title: "Trưởng điểm thi", Max: 80, Help: "Không hiện trên trang công khai."},
			{Name: "head_phone", Title: "Điện thoại Trưởng điểm thi", Max: 30, Help: "Không hiện trên trang công khai."},
			{Name: "lat", Title: "Vĩ độ", Max: 20, Example: "21.9631"},
			{Name: "lon", Title: "Kinh độ", Max: 20, Example: "103.8932"},
			round,
		}},
		{Name: "Phòng thi", Key: []string{"round", "site", "number"}, Row: s.roomRow, Columns: []sheet.Column{
			site,
			{Name: "number", Title: "Phòng thi số", Aliases: []string{"Phòng", "Số phòng"}, Required: true, Kind: sheet.Number, Example: "1"},
			{Name: "capacity", Title: "Số thí sinh tối đa", Aliases: []string{"Sức chứa"}, Kind: sheet.Number, Help: "Nhiều nhất 24; để trống là 24.", Example: "24"},
			{Name: "note", Title: "Ghi chú", Max: 200},
			round,
		}},
		{Name: "Số đăng ký", Key: []string{"round", "site", "paper", "turn"}, Row: s.rosterRow, Columns: rosterColumns(site, round)},
	}
}

// rosterColumns has one row a paper, so that a combined paper's counts can be checked together.
func rosterColumns(site, round sheet.Column) []sheet.Column {
	columns := []sheet.Column{
		site,
		{Name: "paper", Title: "Bài thi", Aliases: []string{"Môn", "Mã bài thi"}, Required: true, Max: 80, Help: "Tên hoặc mã bài thi của kỳ thi hiện hành.", Example: "Khoa học xã hội"},
		{Name: "turn", Title: "Ca", Kind: sheet.Number, Help: "Chỉ dùng cho môn tự chọn thi theo ca.", Example: "1"},
		{Name: "scheme", Title: "Chương trình", Max: 10, Help: "2006 hoặc 2018; chỉ cần khi hai chương trình có bài thi cùng tên."},
		{Name: "registered", Title: "Số đăng ký", Aliases: []string{"Đăng ký", "Số thí sinh"}, Required: true, Kind: sheet.Number, Example: "241"},
		{Name: "continuing", Title: "Trong đó GDTX", Aliases: []string{"GDTX"}, Kind: sheet.Number, Example: "20"},
	}
	for i := 1; i <= 3; i++ {
		columns = append(columns,
			sheet.Column{Name: fmt.Sprintf("part%d", i), Title: fmt.Sprintf("Môn thành phần %d", i), Kind: sheet.Number, Help: "Chỉ dùng cho bài thi tổ hợp, theo thứ tự môn trong bài."},
			sheet.Column{Name: fmt.Sprintf("part%d_continuing", i), Title: fmt.Sprintf("GDTX môn thành phần %d", i), Kind: sheet.Number})
	}
	return append(columns, round)
}

// whichRound finds the exam's round that a row is about.
func (s lists) whichRound(ctx context.Context, tx *db.Tx, r sheet.Record) (e Exam, round Round, err error) {
	if s.exam == "" {
		e, err = currentExam(ctx, tx)
	} else {
		e, err = readExam(ctx, tx, s.exam)
	}
	if fault.Is(err, fault.NotFound) {
		err = fault.New(fault.Invalid, "Chưa có kỳ thi hiện hành. Hãy nạp hoặc tạo kỳ thi trước khi nhập dòng này.")
	}
	if err != nil {
		return e, round, err
	}
	number := s.round
	if r.Get("round") != "" {
		number = int(r.Int("round"))
	}
	i := slices.IndexFunc(e.Rounds, func(r Round) bool { return r.Number == number })
	if i < 0 {
		return e, Round{}, fault.Fields(fault.Field{Name: "round", Message: fmt.Sprintf("%s không có đợt %d.", e.FullName(), number)})
	}
	return e, e.Rounds[i], nil
}

func (s lists) siteRow(ctx context.Context, tx *db.Tx, r sheet.Record) (people.Outcome, error) {
	ctx, err := s.Policy.Enter(ctx, ActImport, access.Place{})
	if err != nil {
		return people.RowSame, err
	}
	e, round, err := s.whichRound(ctx, tx, r)
	if err != nil {
		return people.RowSame, err
	}
	in := SiteInput{Code: r.Get("code"), Name: r.Get("name"), LocalityName: r.Get("locality"), Address: r.Get("address"), Phone: r.Get("phone"),
		HeadName: r.Get("head_name"), HeadPhone: r.Get("head_phone"), Lat: r.Get("lat"), Lon: r.Get("lon")}
	old, found, err := siteByCode(ctx, tx, round.ID, in.Code)
	if err != nil {
		return people.RowSame, err
	}
	if !found {
		_, err := s.saveSite(ctx, tx, e, round.ID, "", 0, in)
		return people.RowCreated, err
	}
	in.Locality, in.Unit, in.Note = old.Locality, old.Unit, old.Note
	fresh, err := makeSite(old, in)
	if err == nil && same(old, fresh) {
		return people.RowSame, nil
	}
	_, err = s.saveSite(ctx, tx, e, round.ID, old.ID, old.Version, in)
	return people.RowChanged, err
}

func same(a, b Site) bool {
	if (a.Place == nil) != (b.Place == nil) || a.Place != nil && *a.Place != *b.Place {
		return false
	}
	a.Place, b.Place = nil, nil
	return a == b
}

func siteByCode(ctx context.Context, q db.Queryer, round RoundID, code string) (Site, bool, error) {
	site, err := db.One(ctx, q, scanSite, "SELECT "+siteColumns+" FROM exam_site WHERE round = $1 AND code = $2", round, code)
	if fault.Is(err, fault.NotFound) {
		return site, false, nil
	}
	return site, err == nil, err
}

// whichSite finds the site a row of rooms or counts is about.
func (s lists) whichSite(ctx context.Context, tx *db.Tx, r sheet.Record) (Exam, Round, Site, error) {
	e, round, err := s.whichRound(ctx, tx, r)
	if err != nil {
		return e, round, Site{}, err
	}
	site, found, err := siteByCode(ctx, tx, round.ID, r.Get("site"))
	if err == nil && !found {
		err = fault.Fields(fault.Field{Name: "site", Message: "Chưa có điểm thi mang mã này trong " + round.Name + "."})
	}
	return e, round, site, err
}

func (s lists) roomRow(ctx context.Context, tx *db.Tx, r sheet.Record) (people.Outcome, error) {
	ctx, err := s.Policy.Enter(ctx, ActImport, access.Place{})
	if err != nil {
		return people.RowSame, err
	}
	e, _, site, err := s.whichSite(ctx, tx, r)
	if err != nil {
		return people.RowSame, err
	}
	rooms, err := readRooms(ctx, tx, site.ID)
	if err != nil {
		return people.RowSame, err
	}
	room := Room{Number: int(r.Int("number")), Capacity: int(r.Int("capacity")), Note: r.Get("note")}
	if r.Get("capacity") == "" {
		room.Capacity = RoomLimit
	}
	outcome := people.RowCreated
	i := slices.IndexFunc(rooms, func(o Room) bool { return o.Number == room.Number })
	switch {
	case i < 0:
		i, rooms = len(rooms), append(rooms, room)
	case rooms[i] == room:
		return people.RowSame, nil
	default:
		outcome, rooms[i] = people.RowChanged, room
	}
	return outcome, columnsOf(s.setRooms(ctx, tx, e, site, site.Version, rooms), fmt.Sprintf("room.%d.", i))
}

// columnsOf renames the fields of a fault that begin with prefix to what follows it: the columns of
// the row that is read.
func columnsOf(err error, prefix string) error {
	fields := fault.FieldsOf(err)
	if len(fields) == 0 {
		return err
	}
	var own []fault.Field
	for _, f := range fields {
		own = append(own, fault.Field{Name: strings.TrimPrefix(f.Name, prefix), Message: f.Message})
	}
	return fault.Fields(own...)
}

func (s lists) rosterRow(ctx context.Context, tx *db.Tx, r sheet.Record) (people.Outcome, error) {
	ctx, err := s.Policy.Enter(ctx, ActImport, access.Place{})
	if err != nil {
		return people.RowSame, err
	}
	e, round, site, err := s.whichSite(ctx, tx, r)
	if err != nil {
		return people.RowSame, err
	}
	paper, err := e.paperNamed(r)
	if err != nil {
		return people.RowSame, err
	}
	all, err := readRosters(ctx, tx, "site = $1", site.ID)
	if err != nil {
		return people.RowSame, err
	}
	before, counts := all[site.ID], Roster{}
	for k, n := range before {
		counts[k] = n
	}
	columns := map[string]string{} // by line, for what is refused
	put := func(k LineKey, column string) {
		counts[k] = Count{int(r.Int(column)), int(r.Int(continuingOf(column)))}
		columns[string(site.ID)+"."+k.String()] = column
	}
	put(LineKey{Paper: paper.ID, Turn: int(r.Int("turn"))}, "registered")
	if paper.Kind == Combined {
		for i, c := range paper.Components {
			put(LineKey{Paper: paper.ID, Component: c.ID}, fmt.Sprintf("part%d", i+1))
		}
	}
	outcome := people.RowChanged
	if counts = counts.counted(); equal(before, counts) {
		outcome = people.RowSame
	} else if _, known := before[LineKey{Paper: paper.ID, Turn: int(r.Int("turn"))}]; !known {
		outcome = people.RowCreated
	}
	err = s.setRosters(ctx, tx, e, round.ID, []SiteRoster{{site.ID, site.Version, counts}})
	var own []fault.Field
	for _, f := range fault.FieldsOf(err) {
		own = append(own, fault.Field{Name: columns[f.Name], Message: f.Message})
	}
	if len(own) > 0 {
		err = fault.Fields(own...)
	}
	return outcome, err
}

// continuingOf names the column beside column that counts the continuing-education candidates.
func continuingOf(column string) string {
	if column == "registered" {
		return "continuing"
	}
	return column + "_continuing"
}

// paperNamed finds the paper a row is about, by its code or name and, when two schemes share it,
// the scheme's code.
func (e Exam) paperNamed(r sheet.Record) (Paper, error) {
	var found []Paper
	for _, scheme := range e.Schemes {
		if want := r.Get("scheme"); want != "" && want != scheme.Code {
			continue
		}
		for _, p := range scheme.Papers {
			if typed := text.Fold(r.Get("paper")); typed == text.Fold(p.Name) || typed == text.Fold(p.Code) {
				found = append(found, p)
			}
		}
	}
	switch len(found) {
	case 0:
		return Paper{}, fault.Fields(fault.Field{Name: "paper", Message: e.FullName() + " không có bài thi này."})
	case 1:
		return found[0], nil
	}
	return Paper{}, fault.Fields(fault.Field{Name: "scheme", Message: "Hai chương trình có bài thi cùng tên. Hãy ghi 2006 hoặc 2018."})
}

// ListKind names one of the lists that can be read from a table.
type ListKind string

// The lists, as their sheets are called.
const (
	SiteList   ListKind = "Điểm thi"
	RoomList   ListKind = "Phòng thi"
	RosterList ListKind = "Số đăng ký"
)

// A ListPreview is what a table would do, or did.
type ListPreview struct {
	Created, Changed, Same int
	Refusals               []sheet.Refusal
	Unknown                []string // headers nothing was read from
}

// errPreview rolls the run of a preview back.
var errPreview = errors.New("preview only")

// ReadList reads a list of a round's sites, rooms or counts from a table. With accept it writes all
// rows or, when one is refused, none; without it tells what would happen and writes nothing.
//
// It returns fault.NotFound for an unknown kind and fault.Conflict when accept meets a refusal.
func (s *Service) ReadList(ctx context.Context, round RoundID, kind ListKind, t sheet.Table, accept bool) (ListPreview, error) {
	ctx, err := s.Policy.Enter(ctx, ActImport, access.Place{})
	if err != nil {
		return ListPreview{}, err
	}
	var p ListPreview
	err = s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		e, err := examOfRound(ctx, tx, round)
		if err != nil {
			return err
		}
		r, _ := e.Round(round)
		all := lists{s, e.ID, r.Number}.sheets()
		i := slices.IndexFunc(all, func(is people.ImportSheet) bool { return is.Name == string(kind) })
		if i < 0 {
			return fault.New(fault.NotFound, "Không có danh sách loại này.")
		}
		if p, err = runList(ctx, tx, all[i], t); err != nil {
			return err
		}
		if !accept {
			return errPreview
		}
		if len(p.Refusals) > 0 {
			return fault.New(fault.Conflict, "Còn ô chưa nhận được. Hãy sửa rồi xem trước lại.")
		}
		return nil
	})
	if errors.Is(err, errPreview) {
		err = nil
	}
	return p, err
}

// runList does what every row says in tx and counts it.
func runList(ctx context.Context, tx *db.Tx, is people.ImportSheet, t sheet.Table) (ListPreview, error) {
	m := sheet.Map(t, is.Columns)
	p := ListPreview{Refusals: m.Refusals, Unknown: m.Unknown}
	first := map[string]int{}
	for _, r := range m.Records {
		if row, twice := first[is.TwinKey(r)]; twice {
			i := slices.IndexFunc(is.Columns, func(c sheet.Column) bool { return slices.Contains(is.Key, c.Name) && r.Get(c.Name) != "" })
			p.Refusals = append(p.Refusals, m.Refuse(r, is.Columns[max(i, 0)], "Trùng với dòng %d. Hãy bỏ một dòng.", row))
			continue
		}
		first[is.TwinKey(r)] = r.Row
		outcome, err := is.Row(ctx, tx, r)
		switch {
		case err == nil && outcome == people.RowCreated:
			p.Created++
		case err == nil && outcome == people.RowChanged:
			p.Changed++
		case err == nil:
			p.Same++
		case fault.KindOf(err) == fault.Internal || fault.Is(err, fault.Busy):
			return p, err
		case len(fault.FieldsOf(err)) == 0:
			p.Refusals = append(p.Refusals, m.Refuse(r, sheet.Column{}, "%s", fault.Message(err)))
		}
		for _, f := range fault.FieldsOf(err) {
			i := slices.IndexFunc(is.Columns, func(c sheet.Column) bool { return c.Name == f.Name })
			p.Refusals = append(p.Refusals, m.Refuse(r, is.Columns[max(i, 0)], "%s", f.Message))
		}
	}
	return p, nil
}
