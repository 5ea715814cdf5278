package documents_test

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"

	"bangvang/internal/base/fault"
	"bangvang/internal/base/sheet"
	"bangvang/internal/documents"
)

const header12 = "so_ky_hieu,ngay_ban_hanh,loai,co_quan,trich_yeu,tep,thay_the,Mức độ\n"

func archive(t *testing.T, files ...string) *bytes.Reader {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		w, err := z.Create(files[i])
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(w, files[i+1])
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return bytes.NewReader(b.Bytes())
}

func (o *office) startImport(rows string, files *bytes.Reader) (documents.Preview, error) {
	if files == nil {
		return o.StartImport(o.clerk(), "so.csv", []byte(header12+rows), nil, 0)
	}
	return o.StartImport(o.clerk(), "so.csv", []byte(header12+rows), files, files.Size())
}

func TestImportWritesNothingBeforeItIsAccepted(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		rows := "15/2020/TT-BGDĐT,26/5/2020,Thông tư,Bộ Giáo dục và Đào tạo,Ban hành Quy chế thi,quy-che.pdf;phu-luc.pdf,,Công khai\n" +
			"08/CT-UBND,12/5/2021,Chỉ thị,Chủ tịch UBND tỉnh,Tăng cường chỉ đạo,,,\n" +
			"24/2020/TT-BGDĐT,24/12/2020,,Bộ GDĐT,Quy chế mới,,15/2020/TT-BGDĐT,\n"
		p, err := o.startImport(rows, archive(t, "van ban/Quy-che.pdf", "quy chế", "van ban/phu-luc.pdf", "phụ lục", "__MACOSX/._x", "rác", "thua.pdf", "không ai nhắc"))
		o.must(err)
		if !p.Acceptable() || len(p.Rows) != 3 || p.Rows[0].Files != 2 || len(p.Unused) != 1 || p.Unused[0] != "thua.pdf" {
			t.Fatalf("preview %+v", p)
		}
		if l, err := o.List(o.exam(), documents.Filter{}); err != nil || l.Total != 0 {
			t.Fatalf("the preview wrote %d documents, %v", l.Total, err)
		}
		_, err = o.PreviewImport(o.exam(), p.ID)
		want(t, err, fault.NotFound, "another person's import")
		_, err = o.AcceptImport(o.clerk(), p.ID)
		o.must(err)
		_, err = o.AcceptImport(o.clerk(), p.ID)
		want(t, err, fault.NotFound, "accepting twice")
		o.examine()
		l, err := o.List(o.exam(), documents.Filter{})
		o.must(err)
		if l.Total != 3 || l.Documents[0].State != documents.StateRegistered || l.Documents[2].EnteredName != "Cô Hoa" {
			t.Fatalf("entered %+v", l.Documents)
		}
		for _, d := range l.Documents {
			files, err := o.FilesOf(o.exam(), d)
			o.must(err)
			from, _, err := o.Relations(o.exam(), d)
			o.must(err)
			switch d.Content.Number.String() {
			case "15/2020/TT-BGDĐT":
				if len(files) != 2 || files[0].Role != documents.Original || files[0].Body != "quy chế" {
					t.Errorf("files %+v", files)
				}
			case "24/2020/TT-BGDĐT":
				if len(from) != 1 || from[0].Kind != documents.Replaces || d.Content.Type != "thong-tu" {
					t.Errorf("relations %+v, type %s", from, d.Content.Type)
				}
			}
		}
	})
}

func TestImportNamesEveryRefusedCellAndFile(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		o.enter(directive())
		rows := "08/CT-UBND,12/5/2021,Chỉ thị,UBND tỉnh,Đã có trong sổ,,,\n" + // 2
			"09/CT-UBND,31/2/2021,Chỉ thị,UBND tỉnh,Ngày không có,,,\n" + // 3
			"10/CT-UBND,12/5/2021,Chỉ thị,Cục Lạ,Cơ quan lạ,,,\n" + // 4
			"11/CT-UBND,12/5/2021,Chỉ thị,UBND tỉnh,Tệp thiếu,thieu.pdf,,\n" + // 5
			"12/CT-UBND,12/5/2021,Chỉ thị,UBND tỉnh,Quan hệ lạ,,99/2019/TT-BGDĐT,\n" + // 6
			"13/CT-UBND,12/5/2021,Chỉ thị,UBND tỉnh,Văn bản mật,,,Mật\n" + // 7
			"14/CT-UBND,12/5/2021,Chỉ thị,UBND tỉnh,Lần một,,,\n" + // 8
			"14/CT-UBND,12/5/2021,Chỉ thị,UBND tỉnh,Lần hai,,,\n" // 9
		p, err := o.startImport(rows, archive(t, "virus.pdf", "MZ chương trình"))
		o.must(err)
		got := map[int]string{}
		for _, r := range p.Refusals {
			got[r.Row] = r.Column + ": " + r.Message
		}
		for row, has := range map[int]string{2: "A: Số 08/CT-UBND năm 2021", 3: "B: ", 4: "D: Danh mục chưa có", 5: "F: Tệp nén không có", 6: "G: Không thấy 99/2019", 7: "H: Văn bản mật", 9: "A: Trùng với dòng 8"} {
			if !strings.HasPrefix(got[row], has) {
				t.Errorf("row %d is refused with %q, want %q…", row, got[row], has)
			}
		}
		if _, ok := got[8]; ok || len(p.Refused) != 1 || p.Refused[0].Name != "virus.pdf" || p.Acceptable() {
			t.Errorf("refused files %+v, refusals %v", p.Refused, got)
		}
		_, err = o.AcceptImport(o.clerk(), p.ID)
		want(t, err, fault.Conflict, "accepting what is refused")
		if l, _ := o.List(o.exam(), documents.Filter{}); l.Total != 1 {
			t.Errorf("%d documents after a refused import", l.Total)
		}
		o.must(o.DropImport(o.clerk(), p.ID))
		_, err = o.StartImport(o.clerk(), "so.csv", []byte(header12+rows), strings.NewReader("không phải zip"), 14)
		want(t, err, fault.Invalid, "an archive that is none")
		_, err = o.StartImport(o.publisherCtx(), "so.csv", []byte(header12), nil, 0)
		want(t, err, fault.Denied, "importing by the publisher")
	})
}

// All rows are entered in one transaction, during which nobody else's save is.
func TestImportOfTooManyRowsIsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		_, err := o.startImport(strings.Repeat("08/CT-UBND,12/5/2021,Chỉ thị,UBND tỉnh,Trích yếu,,,\n", 2001), nil)
		want(t, err, fault.Invalid, "2,001 rows")
		if f := fault.FieldsOf(err); len(f) != 1 || f[0].Name != "sheet" || !strings.Contains(f[0].Message, "2.000 dòng") || !strings.Contains(f[0].Message, "chia") {
			t.Errorf("fields %+v", f)
		}
	})
}

// Two rows of an issuer that the catalog did not have: the second must see what the first added.
func TestIssuerAddedInATransactionIsSeenInIt(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		in := directive()
		in.Issuer, in.NewIssuer = "Cục Quản lý thử nghiệm", true
		id := o.enter(in)
		d, err := o.Document(o.exam(), id)
		o.must(err)
		_, err = o.Register(o.clerk(), documents.Incoming, in)
		want(t, err, fault.Conflict, "the same number of the new issuer")
		if !strings.Contains(fault.Message(err), "Cục Quản lý thử nghiệm") {
			t.Errorf("%s issued by %q: %v", d.Label(), d.Content.Issuer, err)
		}
	})
}

// What is exported can be imported again into an empty registry.
func TestExportComesBack(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		in := directive()
		in.Signer = documents.Signer{Authority: documents.OnBehalf, Position: "PHÓ CHỦ TỊCH", Name: "Tống Thanh Hải"}
		in.Handling = documents.Handling{FileCode: "H01", Arrival: 7, ReceivedOn: "2021-05-14", Priority: documents.Urgent}
		in.Recipients = "Tỉnh ủy\nLưu: VT"
		id := o.posted(in)
		newer := directive()
		newer.Number, newer.IssuedOn = "09/CT-UBND", "2021-06-01"
		second := o.enter(newer)
		o.relate(second, documents.Amends, id)
		o.file(second, "Chỉ thị 09.pdf", "nội dung chín")
		o.examine()
		var b bytes.Buffer
		o.must(o.Export(o.exam(), &b))
		z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
		o.must(err)
		f, err := z.Open("so-van-ban.xlsx")
		o.must(err)
		data, err := io.ReadAll(f)
		o.must(err)
		if _, _, err := sheet.Read("so-van-ban.xlsx", data); err != nil {
			t.Fatal(err)
		}
		before, err := o.List(o.exam(), documents.Filter{})
		o.must(err)
		o.exec("UPDATE document SET number_key = '', number = number || ' cũ'") // make room for the same numbers
		p, err := o.StartImport(o.clerk(), "so-van-ban.xlsx", data, bytes.NewReader(b.Bytes()), int64(b.Len()))
		o.must(err)
		if !p.Acceptable() {
			t.Fatalf("refused %v %+v", p.Refusals, p.Refused)
		}
		_, err = o.AcceptImport(o.clerk(), p.ID)
		o.must(err)
		after, err := o.List(o.exam(), documents.Filter{State: documents.StateRegistered})
		o.must(err)
		for _, d := range after.Documents {
			for _, old := range before.Documents {
				if d.ID != old.ID && d.Content.Number == old.Content.Number && (asText(d.Content) != asText(old.Content) || d.Handling != old.Handling) {
					t.Errorf("came back as\n%s\nnot as\n%s", asText(d.Content), asText(old.Content))
				}
			}
		}
		m, err := o.Metadata(o.exam(), id)
		if err != nil || m.FileCode != "H01" || m.DocOrdinal != 7 || m.Priority != "Khẩn" || m.SignerInfo.FullName != "Tống Thanh Hải" || len(m.To) != 2 {
			t.Errorf("metadata %+v, %v", m, err)
		}
	})
}
