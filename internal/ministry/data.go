package ministry

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"bangvang/internal/base/text"
	"bangvang/internal/exam"
	"bangvang/internal/reports"
)

// Texts are what the Office writes in a paper beside the figures.
type Texts struct {
	General    string `json:"general,omitempty"`    // further words on the general situation
	Weather    string `json:"weather,omitempty"`    //
	Incidents  string `json:"incidents,omitempty"`  // how incidents were dealt with
	Assessment string `json:"assessment,omitempty"` //
	Proposals  string `json:"proposals,omitempty"`  //

	Posts         string `json:"posts,omitempty"` // a line each: "KT. Giám đốc", "Phó Giám đốc"
	Signer        string `json:"signer,omitempty"`
	Delegation    string `json:"delegation,omitempty"`
	DelegatedTill string `json:"delegatedTill,omitempty"` // "2021-12-31"
}

// An origin is the paper that another one replaces, as that one quotes it.
type origin struct {
	Reference string
	IssuedOn  string
	Changed   []string
}

// A FieldDoc explains one field that a template may use.
type FieldDoc struct {
	Name    string // "môn.dự_thi" is a field of the rows of "môn"
	Kind    string // "chữ", "số", "có/không", "bảng", "nhóm"
	Meaning string
	Example string
}

// fieldDocs explain the fields, in the order of a paper. That nothing is missing and nothing is
// promised that is not there, a test holds against [data].
var fieldDocs = []FieldDoc{
	{"tỉnh", "chữ", "Tên tỉnh", ""},
	{"kỳ_thi", "chữ", "Tên kỳ thi, có năm", ""},
	{"năm", "số", "Năm thi; ghi {năm:trơn}", "2021"},
	{"đợt", "chữ", "Đợt thi; trống khi kỳ thi có một đợt", ""},
	{"buổi", "chữ", "Buổi thi, hoặc các ngày thi của đợt", ""},
	{"bản_số", "số", "Bản số liệu được duyệt mà báo cáo này dẫn", ""},
	{"số_liệu_đến", "chữ", "Thời điểm của số liệu", ""},
	{"duyệt_lúc", "chữ", "Khi số liệu được duyệt", ""},
	{"tạm_thời", "có/không", "Còn thiếu số liệu của điểm thi", ""},
	{"điểm_thi", "nhóm", "Số điểm thi", ""},
	{"điểm_thi.phải_báo_cáo", "số", "Điểm thi phải báo cáo", ""},
	{"điểm_thi.đã_có", "số", "Điểm thi đã có số liệu", ""},
	{"điểm_thi.thiếu", "số", "Điểm thi còn thiếu", ""},
	{"điểm_thi.không_tổ_chức", "số", "Điểm thi không tổ chức buổi thi", ""},
	{"điểm_thiếu", "bảng", "Các điểm thi còn thiếu", ""},
	{"điểm_thiếu.mã", "chữ", "Mã điểm thi", ""},
	{"điểm_thiếu.tên", "chữ", "Tên điểm thi", ""},
	{"điểm_thiếu.đăng_ký", "số", "Lượt thí sinh đăng ký", ""},
	{"điểm_thiếu.buổi", "chữ", "Buổi thi", ""},
	{"buổi_thiếu", "bảng", "Buổi thi chưa có số liệu được duyệt (báo cáo kết thúc)", ""},
	{"buổi_thiếu.tên", "chữ", "Buổi thi", ""},
	{"điểm_không_tổ_chức", "bảng", "Điểm thi không tổ chức buổi thi", ""},
	{"điểm_không_tổ_chức.mã", "chữ", "Mã điểm thi", ""},
	{"điểm_không_tổ_chức.tên", "chữ", "Tên điểm thi", ""},
	{"điểm_không_tổ_chức.lý_do", "chữ", "Lý do", ""},
	{"điểm_không_tổ_chức.buổi", "chữ", "Buổi thi", ""},
	{"môn", "bảng", "Số liệu từng bài thi, môn thi", ""},
	{"môn.buổi", "chữ", "Buổi thi", ""},
	{"môn.tên", "chữ", "Tên bài thi, môn thi", ""},
	{"môn.điểm", "số", "Số điểm thi có môn này", ""},
	{"môn.đăng_ký", "số", "Thí sinh đăng ký", ""},
	{"môn.dự_thi", "số", "Thí sinh dự thi", ""},
	{"môn.vắng", "số", "Thí sinh vắng", ""},
	{"môn.tỷ_lệ", "chữ", "Tỷ lệ dự thi", ""},
	{"môn.phòng", "số", "Số phòng thi", ""},
	{"môn.bài_thu", "chữ", "Số bài thu; “–” khi không đếm", ""},
	{"môn.khiển_trách", "chữ", "Thí sinh bị khiển trách", ""},
	{"môn.cảnh_cáo", "chữ", "Thí sinh bị cảnh cáo", ""},
	{"môn.đình_chỉ", "chữ", "Thí sinh bị đình chỉ", ""},
	{"tổng", "nhóm", "Cộng các môn (lượt thí sinh)", ""},
	{"tổng.đăng_ký", "số", "Lượt đăng ký", ""},
	{"tổng.dự_thi", "số", "Lượt dự thi", ""},
	{"tổng.vắng", "số", "Lượt vắng", ""},
	{"tổng.tỷ_lệ", "chữ", "Tỷ lệ dự thi", ""},
	{"tổng.khiển_trách", "chữ", "Thí sinh bị khiển trách", ""},
	{"tổng.cảnh_cáo", "chữ", "Thí sinh bị cảnh cáo", ""},
	{"tổng.đình_chỉ", "chữ", "Thí sinh bị đình chỉ", ""},
	{"lý_do_vắng", "bảng", "Lượt vắng theo lý do", ""},
	{"lý_do_vắng.tên", "chữ", "Lý do", ""},
	{"lý_do_vắng.số", "số", "Lượt vắng", ""},
	{"cán_bộ_vi_phạm", "bảng", "Cán bộ vi phạm quy chế, theo hình thức", ""},
	{"cán_bộ_vi_phạm.tên", "chữ", "Hình thức", ""},
	{"cán_bộ_vi_phạm.số", "số", "Số người", ""},
	{"sự_cố", "bảng", "Sự cố theo loại và mức", ""},
	{"sự_cố.buổi", "chữ", "Buổi thi", ""},
	{"sự_cố.loại", "chữ", "Loại sự cố", ""},
	{"sự_cố.mức", "chữ", "Mức độ", ""},
	{"sự_cố.số", "số", "Số sự cố", ""},
	{"sự_cố.chưa_xong", "số", "Số sự cố chưa xử lý xong", ""},
	{"tình_hình", "bảng", "Lời của Văn phòng về tình hình chung, mỗi dòng một đoạn", ""},
	{"tình_hình.dòng", "chữ", "Một đoạn", ""},
	{"thời_tiết", "bảng", "Thời tiết, mỗi dòng một đoạn", ""},
	{"thời_tiết.dòng", "chữ", "Một đoạn", ""},
	{"xử_lý", "bảng", "Diễn biến và xử lý sự cố", ""},
	{"xử_lý.dòng", "chữ", "Một đoạn", ""},
	{"đánh_giá", "bảng", "Đánh giá", ""},
	{"đánh_giá.dòng", "chữ", "Một đoạn", ""},
	{"kiến_nghị", "bảng", "Kiến nghị", ""},
	{"kiến_nghị.dòng", "chữ", "Một đoạn", ""},
	{"thay_thế", "có/không", "Báo cáo này thay một báo cáo đã phát hành", ""},
	{"bản_cũ", "nhóm", "Báo cáo bị thay", ""},
	{"bản_cũ.số", "chữ", "Số, ký hiệu", ""},
	{"bản_cũ.ngày", "chữ", "Ngày", ""},
	{"đính_chính", "bảng", "Số liệu đã đổi", ""},
	{"đính_chính.dòng", "chữ", "Một số liệu", ""},
	{"kính_gửi", "bảng", "Nơi báo cáo được gửi tới", ""},
	{"kính_gửi.tên", "chữ", "Tên", ""},
	{"nơi_nhận", "bảng", "Các nơi nhận khác", ""},
	{"nơi_nhận.tên", "chữ", "Tên", ""},
	{"nơi_nhận.vai", "chữ", "Chữ trong ngoặc", ""},
	{"chức_vụ", "bảng", "Quyền hạn, chức vụ của người ký, từ trên xuống", ""},
	{"chức_vụ.dòng", "chữ", "Một dòng", ""},
	{"người_ký", "chữ", "Họ tên người ký", ""},
	{"ủy_quyền", "chữ", "Văn bản ủy quyền, khi ký TUQ.", ""},
	{"ủy_quyền_đến", "chữ", "Ngày hết hạn ủy quyền", ""},
	{"ngày", "chữ", "Ngày của báo cáo; để trống ngày khi chưa lấy số", ""},
}

// data is what a template is filled with. day is "2021-07-07", or "2021-07" while the day is open.
func (c Content) data(t Texts, to []Recipient, old origin, day string) map[string]any {
	type row = map[string]any
	d := row{
		"tỉnh": c.Province, "kỳ_thi": c.Exam, "năm": c.Year, "đợt": c.Round, "buổi": c.about(), "ngày": day,
		"tình_hình": lines(t.General), "thời_tiết": lines(t.Weather), "xử_lý": lines(t.Incidents), "đánh_giá": lines(t.Assessment), "kiến_nghị": lines(t.Proposals),
		"chức_vụ": lines(t.Posts), "người_ký": t.Signer, "ủy_quyền": t.Delegation, "ủy_quyền_đến": t.DelegatedTill,
		"thay_thế": old.Reference != "", "bản_cũ": row{"số": old.Reference, "ngày": text.FormatDay(old.IssuedOn)}, "đính_chính": lines(strings.Join(old.Changed, "\n")),
		"buổi_thiếu": rowsOf(c.Unheard, "tên"),
	}
	var asOf, approved int64
	version, expected, accepted := 0, 0, 0
	var papers, missing, notHeld, incidents []row
	var why, staff wordSums
	var sum reports.LineSum
	for _, s := range c.Sittings {
		f := s.Figures
		asOf, approved, version = max(asOf, f.AsOf), max(approved, s.ApprovedAt), max(version, s.Number)
		expected, accepted = expected+f.Expected, accepted+f.Expected-len(f.Missing)
		for _, l := range f.Lines {
			papers = append(papers, row{"buổi": f.Title, "tên": l.Name, "điểm": l.Sites, "đăng_ký": l.Registered, "dự_thi": l.Present, "vắng": l.Absent, "tỷ_lệ": l.Rate(), "phòng": l.Rooms,
				"bài_thu": asked(l.Sheets, l.SheetSites), "khiển_trách": asked(l.Reprimanded, l.JudgedSites), "cảnh_cáo": asked(l.Warned, l.JudgedSites), "đình_chỉ": asked(l.Suspended, l.JudgedSites)})
			sum.Registered, sum.Present, sum.Absent = sum.Registered+l.Registered, sum.Present+l.Present, sum.Absent+l.Absent
			sum.Reprimanded, sum.Warned, sum.Suspended, sum.JudgedSites = sum.Reprimanded+l.Reprimanded, sum.Warned+l.Warned, sum.Suspended+l.Suspended, sum.JudgedSites+l.JudgedSites
			for _, w := range l.Why {
				why.add(w)
			}
		}
		for _, w := range f.Staff {
			staff.add(w)
		}
		for _, m := range f.Missing {
			missing = append(missing, row{"mã": m.Code, "tên": m.Name, "đăng_ký": m.Registered, "buổi": f.Title})
		}
		for _, m := range f.NotHeld {
			notHeld = append(notHeld, row{"mã": m.Code, "tên": m.Name, "lý_do": m.Reason, "buổi": f.Title})
		}
		for _, i := range f.Incident {
			incidents = append(incidents, row{"buổi": f.Title, "loại": i.Name, "mức": reports.SeverityLabel(i.Severity), "số": i.N, "chưa_xong": i.Open})
		}
	}
	d["bản_số"], d["số_liệu_đến"], d["duyệt_lúc"] = version, text.FormatDayTime(asOf), text.FormatDayTime(approved)
	d["tạm_thời"] = len(missing) > 0 || len(c.Unheard) > 0
	d["điểm_thi"] = row{"phải_báo_cáo": expected, "đã_có": accepted, "thiếu": len(missing), "không_tổ_chức": len(notHeld)}
	d["môn"], d["điểm_thiếu"], d["điểm_không_tổ_chức"], d["sự_cố"] = orNone(papers), orNone(missing), orNone(notHeld), orNone(incidents)
	d["lý_do_vắng"], d["cán_bộ_vi_phạm"] = why.rows(), staff.rows()
	d["tổng"] = row{"đăng_ký": sum.Registered, "dự_thi": sum.Present, "vắng": sum.Absent, "tỷ_lệ": sum.Rate(),
		"khiển_trách": asked(sum.Reprimanded, sum.JudgedSites), "cảnh_cáo": asked(sum.Warned, sum.JudgedSites), "đình_chỉ": asked(sum.Suspended, sum.JudgedSites)}
	first, others := []row{}, []row{}
	for _, r := range to {
		if r.Principal {
			first = append(first, row{"tên": r.Name})
		} else {
			others = append(others, row{"tên": r.Name, "vai": r.Role})
		}
	}
	d["kính_gửi"], d["nơi_nhận"] = first, others
	return d
}

// about says what sittings a content is of.
func (c Content) about() string {
	if len(c.Sittings) == 0 {
		return ""
	}
	if len(c.Sittings) == 1 {
		return c.Sittings[0].Figures.Title
	}
	return c.Sittings[0].Figures.Title + " đến " + c.Sittings[len(c.Sittings)-1].Figures.Title
}

// asked writes a count, or a dash when nobody was asked for it: that is no zero.
func asked(n, sites int64) string {
	if sites == 0 {
		return text.NoFigure
	}
	return text.FormatNumber(n)
}

// orNone makes a table of no rows, which a template tells from a field that is not there.
func orNone(rows []map[string]any) []map[string]any {
	if rows == nil {
		return []map[string]any{}
	}
	return rows
}

func rowsOf(values []string, field string) []map[string]any {
	rows := []map[string]any{}
	for _, v := range values {
		rows = append(rows, map[string]any{field: v})
	}
	return rows
}

// lines makes a row of every line that is not empty.
func lines(s string) []map[string]any {
	var kept []string
	for line := range strings.Lines(s) {
		if line = strings.TrimSpace(line); line != "" {
			kept = append(kept, line)
		}
	}
	return rowsOf(kept, "dòng")
}

// wordSums adds counts of one word over lines and sittings, in the order the words come.
type wordSums []reports.WordSum

func (w *wordSums) add(n reports.WordSum) {
	i := slices.IndexFunc(*w, func(o reports.WordSum) bool { return o.Code == n.Code })
	if i < 0 {
		*w = append(*w, n)
		return
	}
	(*w)[i].N += n.N
}

func (w wordSums) rows() []map[string]any {
	rows := []map[string]any{}
	for _, n := range w {
		rows = append(rows, map[string]any{"tên": n.Name, "số": n.N})
	}
	return rows
}

// cmpCodes orders sites as people count them: "2" before "10".
func cmpCodes(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) }

// sittingTitle names a sitting as its figures do.
func sittingTitle(x exam.Sitting) string {
	return fmt.Sprintf("%s, %s %s", x.Title(), x.HalfName(), text.FormatDay(x.Day))
}

// Fields gives the fields that a template may use, with examples.
func Fields() []FieldDoc {
	sample := sampleData()
	docs := slices.Clone(fieldDocs)
	for i, d := range docs {
		docs[i].Example = cmp.Or(d.Example, exampleOf(sample, strings.Split(d.Name, ".")))
	}
	return docs
}

func exampleOf(v any, path []string) string {
	for _, name := range path {
		if table, ok := v.([]map[string]any); ok && len(table) > 0 {
			v = table[0]
		}
		group, ok := v.(map[string]any)
		if !ok {
			return ""
		}
		v = group[name]
	}
	switch v := v.(type) {
	case string:
		return v
	case int:
		return text.FormatNumber(int64(v))
	case int64:
		return text.FormatNumber(v)
	case bool:
		return map[bool]string{true: "có", false: "không"}[v]
	}
	return ""
}

// sampleData is a filled-in paper without a real name in it, every table with a row: what templates are
// tried on and explained by.
func sampleData() map[string]any {
	c, t, to, old := sample()
	return c.data(t, to, old, "2021-07-07")
}

func sample() (Content, Texts, []Recipient, origin) {
	one := int64(1)
	f := reports.Figures{Title: "Ngữ văn, buổi sáng 7/7/2021", AsOf: 1625626800000, Expected: 27, Accepted: 26,
		Missing: []reports.SiteName{{Code: "11", Name: "Điểm thi mẫu số 11", Registered: 118}},
		NotHeld: []reports.SiteName{{Code: "15", Name: "Điểm thi mẫu số 15", Reason: "Vùng phong tỏa"}},
		Lines: []reports.LineSum{{Key: "mau", Name: "Ngữ văn", Sites: 25, Registered: 3124, Present: 3097, Absent: 27, Rooms: 140, Sheets: 3097, SheetSites: 25,
			Reprimanded: 1, Warned: 0, Suspended: 2, JudgedSites: 25, Why: []reports.WordSum{{Code: "sick", Name: "Ốm, tai nạn", N: 9}, {Code: "dropped", Name: "Bỏ thi", N: 18}}}},
		Staff:    []reports.WordSum{{Code: "reprimand", Name: "Khiển trách", N: 1}},
		Incident: []reports.IncidentSum{{Category: "facility", Name: "Điện, nước, cơ sở vật chất", Severity: "minor", N: 2, Open: 0}}}
	c := Content{Province: "Mẫu", Exam: "Kỳ thi tốt nghiệp THPT năm 2021", Year: 2021, Round: "Đợt 1", Unheard: []string{"Toán, buổi chiều 7/7/2021"},
		Sittings: []Sitting{{ID: "mau", Version: "mau", Number: 2, ApprovedBy: "Chủ tịch Hội đồng thi", ApprovedAt: 1625627400000, Figures: f,
			Sites: []Site{{Code: "01", Name: "Điểm thi mẫu số 01", Lines: []Line{{Key: "mau", Name: "Ngữ văn", Registered: 241, Present: 238, Absent: 3, Rooms: 11, Reprimanded: &one, Warned: &one, Suspended: &one}}}}}}}
	t := Texts{General: "Công tác bảo vệ, y tế, giao thông được bảo đảm.", Weather: "Trời mưa nhỏ, không ảnh hưởng đến việc đi lại.", Incidents: "Mất điện 10 phút tại một điểm thi, đã dùng máy phát.",
		Assessment: "Buổi thi diễn ra an toàn, nghiêm túc.", Proposals: "Không có.", Posts: "KT. Giám đốc\nPhó Giám đốc", Signer: "Nguyễn Văn Mẫu", Delegation: "12/GUQ-SGDĐT", DelegatedTill: "2021-12-31"}
	to := []Recipient{{Name: "Văn phòng Bộ Giáo dục và Đào tạo", Principal: true}, {Name: "Thường trực Ban Chỉ đạo thi cấp tỉnh", Role: "b/c"}}
	return c, t, to, origin{Reference: "04/BC-SGDĐT", IssuedOn: "2021-07-07", Changed: []string{"Ngữ văn, có mặt: 3.098 → 3.097"}}
}
