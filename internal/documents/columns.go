package documents

import (
	"cmp"
	"strconv"
	"strings"

	"bangvang/internal/base/sheet"
)

// columns are those of the registry as a spreadsheet: what is exported can be imported again. Their
// names are the form's fields, so that a wrong field names its cell.
func columns() []sheet.Column {
	priorities := make([]sheet.Choice, 0, 4)
	for _, p := range Priorities() {
		priorities = append(priorities, sheet.Choice{Value: cmp.Or(string(p), "thuong"), Title: p.Title()})
	}
	return []sheet.Column{
		{Name: "number", Title: "Số, ký hiệu", Aliases: []string{"so_ky_hieu", "Số ký hiệu", "Số hiệu", "Số/ký hiệu", "Số văn bản"}, Required: true, Max: 80, Example: "08/CT-UBND", Help: "Như ghi trên văn bản."},
		{Name: "issued_on", Title: "Ngày ban hành", Aliases: []string{"ngay_ban_hanh", "Ngày văn bản", "Ngày ký"}, Kind: sheet.Day, Example: "12/5/2021"},
		{Name: "year", Title: "Năm", Kind: sheet.Number, Help: "Chỉ cần khi văn bản không ghi ngày."},
		{Name: "issuer", Title: "Cơ quan ban hành", Aliases: []string{"co_quan", "Cơ quan", "Nơi ban hành"}, Required: true, Max: 200, Example: "UBND tỉnh"},
		{Name: "type", Title: "Loại văn bản", Aliases: []string{"loai", "Thể loại", "Loại", "Hình thức"}, Example: "Chỉ thị", Help: "Để trống nếu ký hiệu đã cho biết."},
		{Name: "subject", Title: "Trích yếu", Aliases: []string{"trich_yeu", "Trích yếu nội dung", "Về việc", "Nội dung"}, Required: true, Max: 500},
		{Name: "field", Title: "Lĩnh vực", Aliases: []string{"linh_vuc"}},
		{Name: "effective_on", Title: "Ngày hiệu lực", Aliases: []string{"ngay_hieu_luc", "Hiệu lực từ"}, Kind: sheet.Day},
		{Name: "expires_on", Title: "Hết hiệu lực từ ngày", Aliases: []string{"ngay_het_hieu_luc", "Ngày hết hiệu lực"}, Kind: sheet.Day},
		{Name: "class", Title: "Mức độ", Aliases: []string{"Phân loại"}, Choices: []sheet.Choice{
			{Value: string(Public), Title: Public.Title()}, {Value: string(Internal), Title: Internal.Title()}, {Value: string(Secret), Title: Secret.Title(), Aliases: []string{"Tối mật", "Tuyệt mật"}}},
			Help: "Công khai hoặc Nội bộ. Văn bản mật không được nhập vào hệ thống này."},
		{Name: "signer_authority", Title: "Thẩm quyền ký", Help: "KT., TL., TUQ., TM., Q. hoặc để trống."},
		{Name: "signer_position", Title: "Chức vụ người ký", Max: 100},
		{Name: "signer_name", Title: "Người ký", Aliases: []string{"nguoi_ky"}, Max: 50},
		{Name: "delegation", Title: "Văn bản ủy quyền", Max: 200},
		{Name: "delegated_till", Title: "Ủy quyền đến ngày", Kind: sheet.Day},
		{Name: "description", Title: "Ghi chú", Aliases: []string{"ghi_chu"}, Max: 500},
		{Name: "language", Title: "Ngôn ngữ", Max: 100},
		{Name: "pages", Title: "Số trang", Kind: sheet.Number},
		{Name: "copies", Title: "Số lượng bản", Kind: sheet.Number},
		{Name: "recipients", Title: "Nơi nhận", Max: 4000, Help: "Các nơi cách nhau bằng dấu chấm phẩy."},
		{Name: "file_code", Title: "Mã hồ sơ", Max: 30},
		{Name: "arrival", Title: "Số đến", Kind: sheet.Number},
		{Name: "received_on", Title: "Ngày đến", Kind: sheet.Day},
		{Name: "due_on", Title: "Hạn xử lý", Kind: sheet.Day},
		{Name: "priority", Title: "Độ khẩn", Choices: priorities},
		{Name: string(Replaces), Title: "Thay thế", Aliases: []string{"thay_the"}, Help: "Số, ký hiệu của văn bản trước, cách nhau bằng dấu chấm phẩy."},
		{Name: string(Amends), Title: "Sửa đổi, bổ sung", Aliases: []string{"sua_doi", "Sửa đổi"}},
		{Name: string(Guides), Title: "Hướng dẫn thực hiện", Aliases: []string{"huong_dan"}},
		{Name: string(BasedOn), Title: "Căn cứ", Aliases: []string{"can_cu"}},
		{Name: "files", Title: "Tệp", Aliases: []string{"tep", "Tên tệp", "Tệp đính kèm"}, Max: 2000, Help: "Tên tệp trong tệp nén, cách nhau bằng dấu chấm phẩy; tệp đầu là bản gốc."},
	}
}

// input reads a row as a person's entry.
func inputOf(r sheet.Record) Input {
	priority := Priority(r.Get("priority"))
	if priority == "thuong" {
		priority = Normal
	}
	return Input{
		Number: r.Get("number"), Year: int(r.Int("year")), Issuer: r.Get("issuer"), Type: r.Get("type"), Field: r.Get("field"),
		IssuedOn: dayCell(r, "issued_on"), EffectiveOn: dayCell(r, "effective_on"), ExpiresOn: dayCell(r, "expires_on"),
		Subject: r.Get("subject"), Description: r.Get("description"), Language: r.Get("language"), Pages: int(r.Int("pages")), Copies: int(r.Int("copies")),
		Signer: Signer{Authority: Authority(r.Get("signer_authority")), Position: r.Get("signer_position"), Name: r.Get("signer_name"),
			Delegation: r.Get("delegation"), DelegatedTill: dayCell(r, "delegated_till")},
		Recipients: strings.ReplaceAll(r.Get("recipients"), ";", "\n"), Class: Class(r.Get("class")),
		Handling: Handling{FileCode: r.Get("file_code"), Arrival: int(r.Int("arrival")), ReceivedOn: dayCell(r, "received_on"), DueOn: dayCell(r, "due_on"), Priority: priority},
	}
}

// dayCell gives a day without the time of day a cell may have.
func dayCell(r sheet.Record, name string) string {
	day, _, _ := strings.Cut(r.Get(name), " ")
	return day
}

// row gives a document as a row of the spreadsheet; relations and files are names.
func (d Document) row(c *Catalog, relations map[RelationKind][]string, files []string) []string {
	n := func(v int) string {
		if v == 0 {
			return ""
		}
		return strconv.Itoa(v)
	}
	k, h := d.Content, d.Handling
	return []string{k.Number.String(), k.IssuedOn, n(k.Year), c.IssuerName(k.Issuer, k.IssuedOn), c.TypeName(k.Type), k.Subject, c.FieldName(k.Field),
		k.EffectiveOn, k.ExpiresOn, string(d.Class), string(k.Signer.Authority), k.Signer.Position, k.Signer.Name, k.Signer.Delegation, k.Signer.DelegatedTill,
		strings.ReplaceAll(k.Description, "\n", " "), k.Language, n(k.Pages), n(k.Copies), strings.Join(k.Recipients, "; "), h.FileCode, n(h.Arrival), h.ReceivedOn, h.DueOn,
		cmp.Or(string(h.Priority), "thuong"), strings.Join(relations[Replaces], "; "), strings.Join(relations[Amends], "; "), strings.Join(relations[Guides], "; "),
		strings.Join(relations[BasedOn], "; "), strings.Join(files, "; ")}
}
