package inspect_test

import (
	"bytes"
	"compress/zlib"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image/jpeg"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/image/tiff"

	"bangvang/internal/base/fault"
	"bangvang/internal/base/inspect"
	"bangvang/internal/base/privacy"
	"bangvang/internal/base/sheet"
)

// compiled is where the tests keep the compiled PDF reader between runs. It is another place for
// other versions of the modules: in a test binary the reader's compiler does not know its own.
var compiled = sync.OnceValues(func() (string, error) {
	modules, err := os.ReadFile("../../../go.sum")
	if err != nil {
		return "", err
	}
	dir := filepath.Join(os.TempDir(), fmt.Sprintf("bangvang-test-inspect-%x", sha256.Sum256(modules))[:40])
	in, err := inspect.New(inspect.Options{Dir: dir})
	if err != nil {
		return "", err
	}
	return dir, in.Warm(context.Background())
})

func inspector(t *testing.T, o inspect.Options) *inspect.Inspector {
	t.Helper()
	dir, err := compiled()
	if err != nil {
		t.Fatal(err)
	}
	o.Dir = dir
	in, err := inspect.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func inspectBytes(t *testing.T, o inspect.Options, name string, b []byte) (inspect.Report, error) {
	t.Helper()
	return inspector(t, o).Inspect(t.Context(), name, bytes.NewReader(b))
}

func has(list []string, part string) bool {
	return strings.Contains(strings.Join(list, "\n"), part)
}

func checkPreview(t *testing.T, b []byte, wantWidth int) {
	t.Helper()
	img, err := jpeg.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatalf("preview of %d bytes: %v", len(b), err)
	}
	if w := img.Bounds().Dx(); w != wantWidth || len(b) > 64<<10 {
		t.Errorf("the preview is %d pixels wide, %d bytes", w, len(b))
	}
}

func TestAPDFTellsPagesTextAndItsLook(t *testing.T) {
	t.Parallel()
	b := pdf("Kỳ thi tốt nghiệp trung học phổ thông", "Điểm thi số 12 huyện Tam Đường")
	rep, err := inspectBytes(t, inspect.Options{}, "ke-hoach.pdf", b)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(b)
	if rep.Type != inspect.PDF || rep.Misnamed || rep.Size != int64(len(b)) || rep.SHA256 != hex.EncodeToString(sum[:]) || rep.Pages != 2 {
		t.Errorf("the report is %+v", rep)
	}
	if rep.Text() != "Kỳ thi tốt nghiệp trung học phổ thông\n\nĐiểm thi số 12 huyện Tam Đường" || !rep.HasText() || rep.BlankPages != 0 || len(rep.Warnings) > 0 {
		t.Errorf("text %q, warnings %q", rep.TextByPage, rep.Warnings)
	}
	checkPreview(t, rep.Preview, 640)
}

func TestAScanSaysThatItHasNoText(t *testing.T) {
	t.Parallel()
	rep, err := inspectBytes(t, inspect.Options{}, "quet.pdf", pdf("", ""))
	if err != nil || rep.HasText() || rep.BlankPages != 2 || !has(rep.Warnings, "bản quét") {
		t.Errorf("%+v, %v", rep.Warnings, err)
	}
	rep, err = inspectBytes(t, inspect.Options{}, "quet.pdf", pdf("Trang có chữ đọc được", ""))
	if err != nil || !rep.HasText() || rep.BlankPages != 1 || !has(rep.Warnings, "1 trong 2 trang") {
		t.Errorf("half a scan: %+v, %v", rep.Warnings, err)
	}
}

func TestARegularFileIsReadFromItsBeginningAndNotMoved(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "a.pdf")
	b := pdf("Văn bản trên đĩa")
	if err := os.WriteFile(name, b, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.Seek(7, 0); err != nil {
		t.Fatal(err)
	}
	rep, err := inspector(t, inspect.Options{}).Inspect(t.Context(), "a.pdf", f)
	if err != nil || rep.Pages != 1 || rep.Size != int64(len(b)) {
		t.Errorf("%+v, %v", rep, err)
	}
	if at, err := f.Seek(0, 1); at != 7 || err != nil {
		t.Errorf("the file stands at %d, %v", at, err)
	}
}

func TestPDFsThatCarryMoreThanPages(t *testing.T) {
	t.Parallel()
	script := pdfObjects("<</Type/Catalog/Pages 2 0 R/Names<</JavaScript<</Names[(a)<</S/JavaScript/JS(app.alert\\(1\\))>>]>>/EmbeddedFiles<</Names[(x)<</Type/Filespec/F(danh-sach.xlsx)/UF(danh-sach.xlsx)/EF<</F 4 0 R>>>>]>>>>>>",
		"<</Type/Pages/Count 1/Kids[3 0 R]>>", "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]>>", stream("/Type/EmbeddedFile", "abc"))
	rep, err := inspectBytes(t, inspect.Options{}, "a.pdf", script)
	if err != nil {
		t.Fatal(err)
	}
	if !rep.Macros || len(rep.Embedded) != 1 || rep.Embedded[0] != "danh-sach.xlsx" || !has(rep.Warnings, "JavaScript") || !has(rep.Warnings, "danh-sach.xlsx") {
		t.Errorf("%+v", rep)
	}
}

func TestScriptsAreFoundWhereverAnActionStands(t *testing.T) {
	t.Parallel()
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	io.WriteString(z, "9 0 <</S/JavaScript/JS(app.alert\\(1\\))>>")
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	pages, page := "<</Type/Pages/Count 1/Kids[3 0 R]>>", "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]>>"
	for name, objects := range map[string][]string{
		"on opening":                  {"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>", pages, page},
		"on a page":                   {"<</Type/Catalog/Pages 2 0 R>>", pages, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/AA<</O<</S/JavaScript/JS(1)>>>>>>"},
		"a program":                   {"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/Launch/F(cmd.exe)>>>>", pages, page},
		"in a stream of objects":      {"<</Type/Catalog/Pages 2 0 R>>", pages, page, stream("/Type/ObjStm/N 1/First 4/Filter/FlateDecode", packed.String())},
		"none":                        {"<</Type/Catalog/Pages 2 0 R>>", pages, page},
		"a stream that is not packed": {"<</Type/Catalog/Pages 2 0 R>>", pages, page, stream("/Type/ObjStm/N 1/First 4/Filter/FlateDecode", "không nén")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rep, err := inspectBytes(t, inspect.Options{}, "a.pdf", pdfObjects(objects...))
			if want := !strings.HasPrefix(name, "none") && !strings.HasSuffix(name, "not packed"); err != nil || rep.Macros != want || has(rep.Warnings, "mã lệnh") != want {
				t.Errorf("programs: %v, warnings %v, %v", rep.Macros, rep.Warnings, err)
			}
		})
	}
}

func TestADocumentTellsTextTablesAndWhatToTakeOut(t *testing.T) {
	t.Parallel()
	body := paragraph("Quyết định về việc thành lập điểm thi") +
		`<w:tbl><w:tr><w:tc>` + paragraph("Họ và tên") + `</w:tc><w:tc>` + paragraph("Ngày sinh") + `</w:tc></w:tr><w:tr><w:tc>` + paragraph("Vàng A Páo") + `</w:tc><w:tc>` + paragraph("01/02/2003") + `</w:tc></w:tr></w:tbl>` +
		`<w:p><mc:AlternateContent><mc:Choice><w:txbxContent>` + paragraph("Dấu mật") + `</w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent>` + paragraph("Dấu mật") + `</w:txbxContent></mc:Fallback></mc:AlternateContent><w:del><w:r><w:delText>chữ đã xóa</w:delText></w:r></w:del><w:r><w:instrText> INCLUDEPICTURE "http://example.invalid/a.png" </w:instrText></w:r></w:p>`
	rep, err := inspectBytes(t, inspect.Options{}, "qd.docx", docx(t, body,
		part{"word/_rels/document.xml.rels", relations("attachedTemplate", "http://example.invalid/t.dotm")},
		part{"word/_rels/footnotes.xml.rels", relations("hyperlink", "http://example.invalid/plain")},
		part{"word/footer1.xml", `<w:ftr xmlns:w="x">` + paragraph("Nơi nhận") + `</w:ftr>`},
		part{"word/comments.xml", `<w:comments xmlns:w="x">` + paragraph("ghi chú riêng") + `</w:comments>`},
		part{"word/embeddings/oleObject1.bin", "x"},
		part{"docProps/core.xml", `<c:coreProperties xmlns:c="c" xmlns:dc="d"><dc:title>Quyết định</dc:title></c:coreProperties>`}))
	if err != nil {
		t.Fatal(err)
	}
	if rep.Type != inspect.DOCX || rep.Title != "Quyết định" || rep.Preview != nil {
		t.Errorf("%+v", rep)
	}
	if text := rep.Text(); !strings.Contains(text, "thành lập điểm thi\nHọ và tên Ngày sinh") || !strings.Contains(text, "Nơi nhận") || strings.Count(text, "Dấu mật") != 1 || strings.Contains(text, "đã xóa") || strings.Contains(text, "riêng") {
		t.Errorf("text %q", text)
	}
	if len(rep.Reading.Blocks) != 2 || len(rep.Reading.Notes) == 0 || !strings.Contains(rep.Reading.HTML(), "<table") {
		t.Errorf("reading copy %+v", rep.Reading)
	}
	if len(rep.Tables) != 1 || len(rep.Tables[0].Rows) != 2 || rep.Tables[0].Rows[1][0] != "Vàng A Páo" {
		t.Errorf("tables %q", rep.Tables)
	}
	if !rep.Revisions || !rep.Comments || len(rep.Embedded) != 1 || len(rep.ExternalLinks) != 2 || has(rep.ExternalLinks, "plain") {
		t.Errorf("%+v", rep)
	}
	for _, want := range []string{"Track Changes", "Comments", "oleObject1.bin", "t.dotm"} {
		if !has(rep.Warnings, want) {
			t.Errorf("no warning about %s in %q", want, rep.Warnings)
		}
	}
}

func TestTextInFontsOlderThanUnicodeIsConverted(t *testing.T) {
	t.Parallel()
	rep, err := inspectBytes(t, inspect.Options{}, "cu.pdf", pdf("KÕ ho¹ch tæ chøc kú thi tèt nghiÖp trung häc phæ th«ng n¨m 2021"))
	if err != nil || rep.Text() != "Kế hoạch tổ chức kỳ thi tốt nghiệp trung học phổ thông năm 2021" || !has(rep.Warnings, "TCVN3") {
		t.Errorf("%q, %q, %v", rep.Text(), rep.Warnings, err)
	}
}

func TestATIFFIsAScan(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := tiff.Encode(&b, picture(800, 600), nil); err != nil {
		t.Fatal(err)
	}
	rep, err := inspectBytes(t, inspect.Options{}, "quet.tif", b.Bytes())
	if err != nil || rep.Pages != 1 || rep.Width != 800 || rep.Misnamed || rep.HasText() {
		t.Errorf("%+v, %v", rep, err)
	}
	checkPreview(t, rep.Preview, 640)
}

func TestAListInAWorkbookOrADocumentRaisesTheAlarm(t *testing.T) {
	t.Parallel()
	var book bytes.Buffer
	if err := sheet.Write(&book, sheet.Data{Sheet: "Thí sinh", Columns: []sheet.Column{{Name: "name", Title: "Họ và tên"}, {Name: "number", Title: "Số báo danh"}}, Rows: slices.Values([][]string{{"Vàng A Páo", "07000012"}, {"Lò Thị Hoa", "07000013"}, {"Lý Văn Sơn", "07000014"}})}); err != nil {
		t.Fatal(err)
	}
	row := func(cells ...string) string {
		return "<w:tr><w:tc>" + paragraph(cells[0]) + "</w:tc><w:tc>" + paragraph(cells[1]) + "</w:tc></w:tr>"
	}
	word := docx(t, "<w:tbl>"+row("Họ và tên", "Ngày sinh")+row("Vàng A Páo", "01/02/2003")+row("Lò Thị Hoa", "02/02/2003")+"</w:tbl>")
	for name, c := range map[string]struct {
		b    []byte
		want privacy.Kind
	}{"a.xlsx": {book.Bytes(), privacy.Candidates}, "a.docx": {word, privacy.BirthDates}} {
		rep, err := inspectBytes(t, inspect.Options{}, name, c.b)
		if err != nil {
			t.Fatal(err)
		}
		if found := privacy.Scan(2021, rep.TextByPage, rep.Tables); len(found) != 1 || found[0].Kind != c.want {
			t.Errorf("in %s, with %q: %v", name, rep.Tables, found)
		}
	}
}

func TestAnImageLosesWhatItKnowsOfItsPlace(t *testing.T) {
	t.Parallel()
	rep, err := inspectBytes(t, inspect.Options{}, "IMG_1.JPG", jpegFile(t, 1600, 1200, exifBlock))
	if err != nil {
		t.Fatal(err)
	}
	if rep.Width != 1200 || rep.Height != 1600 || !rep.Location || rep.HasText() || !has(rep.Warnings, "GPS") {
		t.Errorf("%+v", rep)
	}
	checkPreview(t, rep.Preview, 640)
	if bytes.Contains(rep.Preview, []byte("Exif")) {
		t.Error("the preview carries the original's metadata")
	}
	rep, err = inspectBytes(t, inspect.Options{}, "nho.png", pngFile(t, 300, 200))
	if err != nil || rep.Width != 300 || rep.Misnamed {
		t.Errorf("%+v, %v", rep, err)
	}
	checkPreview(t, rep.Preview, 300)
}

func TestWhatIsRefusedAndHow(t *testing.T) {
	t.Parallel()
	fixture := func(name string) []byte {
		b, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	good, word := pdf("Văn bản"), docx(t, paragraph("Văn bản"))
	lying := bytes.Clone(archive(t, part{"word/document.xml", strings.Repeat("<a/>", 1000)}, part{"[Content_Types].xml", "<Types/>"}))
	for name, c := range map[string]struct {
		file string
		b    []byte
		o    inspect.Options
		kind fault.Kind
		says string
	}{
		"an empty file":                       {"a.pdf", nil, inspect.Options{}, fault.Invalid, "không có nội dung"},
		"a renamed Windows program":           {"thong-bao.pdf", []byte("MZ\x90\x00" + strings.Repeat("\x00", 600)), inspect.Options{}, fault.Invalid, "chương trình chạy được"},
		"a renamed Linux program":             {"thong-bao.pdf", []byte("\x7FELF\x02\x01\x01"), inspect.Options{}, fault.Invalid, "chương trình chạy được"},
		"a script":                            {"a.docx", []byte("#!/bin/sh\nrm -rf /\n"), inspect.Options{}, fault.Invalid, "chương trình chạy được"},
		"a web page":                          {"a.pdf", []byte("<!DOCTYPE html><script>x</script>"), inspect.Options{}, fault.Invalid, "trang web"},
		"a drawing with scripts":              {"a.png", []byte("<svg xmlns='http://www.w3.org/2000/svg'/>"), inspect.Options{}, fault.Invalid, "hình vẽ"},
		"an old Word file":                    {"a.doc", []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + strings.Repeat("\x00", 600)), inspect.Options{}, fault.Invalid, ".docx"},
		"a plain archive":                     {"a.zip", archive(t, part{"a.txt", "x"}), inspect.Options{}, fault.Invalid, "giải nén"},
		"more bytes than accepted":            {"lon.pdf", bytes.Repeat([]byte("%PDF-1.7 "), 1000), inspect.Options{Size: 4096}, fault.TooLarge, "300 dpi"},
		"a type not wanted here":              {"a.docx", word, inspect.Options{Accept: []inspect.Type{inspect.PDF}}, fault.Invalid, "Ở đây nhận: PDF."},
		"a PDF with a password":               {"mat.pdf", fixture("password.pdf"), inspect.Options{}, fault.Invalid, "đặt mật khẩu"},
		"half a PDF":                          {"a.pdf", good[:len(good)/2], inspect.Options{}, fault.Invalid, "thiếu phần cuối"},
		"a PDF without anything inside":       {"a.pdf", []byte("%PDF-1.7\nrubbish\n%%EOF\n"), inspect.Options{}, fault.Invalid, "bị hỏng"},
		"a PDF that is a ZIP too":             {"a.pdf", append(bytes.Clone(good), archive(t, part{"a.exe", "MZ"})...), inspect.Options{}, fault.Invalid, "tệp nén ẩn"},
		"a picture that is a ZIP too":         {"a.png", append(pngFile(t, 9, 9), archive(t, part{"a.exe", "MZ"})...), inspect.Options{}, fault.Invalid, "tệp nén ẩn"},
		"a program in front of a PDF":         {"a.pdf", append([]byte("MZ"+strings.Repeat("\x00", 100)), good...), inspect.Options{}, fault.Invalid, "chương trình"},
		"half a Word file":                    {"a.docx", word[:len(word)/2], inspect.Options{}, fault.Invalid, "thiếu phần cuối"},
		"a Word file with a damaged part":     {"a.docx", bytes.Replace(lying, lying[60:70], []byte("0123456789"), 1), inspect.Options{}, fault.Invalid, "bị hỏng"},
		"a Word file that is a bomb":          {"a.docx", docx(t, "", part{"word/media/a.bmp", strings.Repeat("\x00", 64<<20)}), inspect.Options{}, fault.Invalid, "bung ra quá lớn"},
		"a Word file with a bomb in its text": {"a.docx", docx(t, strings.Repeat("<w:p/>", 4<<20)), inspect.Options{}, fault.Invalid, "bung ra quá lớn"},
		"a Word file with macros":             {"a.docx", docx(t, paragraph("x"), part{"word/vbaProject.bin", "x"}), inspect.Options{}, fault.Invalid, "macro"},
		"a Word file with two main parts":     {"a.docx", docx(t, paragraph("x"), part{"WORD/document.xml", "<x/>"}), inspect.Options{}, fault.Invalid, "bị hỏng"},
		"a picture of too many pixels":        {"a.png", emptyPNG(t, 10_000, 10_000), inspect.Options{}, fault.Invalid, "quá nhiều điểm ảnh"},
		"half a picture":                      {"a.jpg", jpegFile(t, 400, 400, "")[:3000], inspect.Options{}, fault.Invalid, "thiếu phần cuối"},
		"a picture whose middle is missing":   {"a.jpg", append(jpegFile(t, 400, 400, "")[:3000], 0xFF, 0xD9), inspect.Options{}, fault.Invalid, "bị hỏng"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rep, err := inspectBytes(t, c.o, c.file, c.b)
			if !fault.Is(err, c.kind) || !strings.Contains(fault.Message(err), c.says) || !strings.Contains(fault.Message(err), "“"+c.file+"”") {
				t.Errorf("refused as %v", err)
			}
			if rep.Preview != nil {
				t.Error("a refused file has a picture")
			}
		})
	}
}

func TestAPDFThatOnlyRestrictsPrintingIsAccepted(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile("testdata/restricted.pdf")
	if err != nil {
		t.Fatal(err)
	}
	rep, err := inspectBytes(t, inspect.Options{}, "han-che.pdf", b)
	if err != nil || !rep.Encrypted || !has(rep.Warnings, "hạn chế in") || !rep.HasText() {
		t.Errorf("%+v, %v", rep, err)
	}
}

func TestANameThatSaysOtherwiseIsTold(t *testing.T) {
	t.Parallel()
	rep, err := inspector(t, inspect.Options{}).Identify("van\u202Ebản.docx", bytes.NewReader(pdf("Văn bản")))
	if err != nil || !rep.Misnamed || rep.Type != inspect.PDF || rep.SHA256 == "" {
		t.Fatalf("%+v, %v", rep, err)
	}
	if len(rep.Warnings) != 1 || !strings.Contains(rep.Warnings[0], "đây là PDF") || strings.ContainsRune(rep.Warnings[0], '\u202E') {
		t.Errorf("warnings %q", rep.Warnings)
	}
	if rep.Pages != 0 || rep.Preview != nil {
		t.Error("a file that is only identified was opened")
	}
}

func TestAChildThatTakesForeverIsEnded(t *testing.T) {
	t.Parallel()
	begin := time.Now()
	rep, err := inspectBytes(t, inspect.Options{Timeout: time.Second}, "vong.pdf", endlessPDF())
	if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "slow") || !strings.Contains(fault.Message(err), "quá phức tạp") {
		t.Errorf("after %v: %v, %+v", time.Since(begin), err, rep)
	}
	if spent := time.Since(begin); spent > 30*time.Second {
		t.Errorf("it took %v to end", spent)
	}
}

func TestAChildThatTakesAllMemoryIsEnded(t *testing.T) {
	t.Parallel()
	file := emptyPNG(t, 8000, 8000) // 256 MB of pixels
	_, err := inspectBytes(t, inspect.Options{Memory: 128 << 20, Pixels: 1 << 30}, "to.png", file)
	if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "died") || !strings.Contains(fault.Message(err), "quá phức tạp") {
		t.Errorf("refused as %v", err)
	}
	if _, err := inspectBytes(t, inspect.Options{Memory: 1 << 30, Pixels: 1 << 30}, "to.png", file); err != nil {
		t.Errorf("with memory enough: %v", err)
	}
}

func TestACallerThatGivesUpEndsTheChild(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	in := inspector(t, inspect.Options{})
	if err := in.Warm(t.Context()); err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	_, err := in.Inspect(ctx, "vong.pdf", bytes.NewReader(endlessPDF()))
	if !errors.Is(err, context.DeadlineExceeded) || time.Since(begin) > 10*time.Second {
		t.Errorf("after %v: %v", time.Since(begin), err)
	}
}

func TestABurstRunsOnlyAFewChildrenAtOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	log := filepath.Join(dir, childrenLog)
	if err := os.WriteFile(log, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	in, err := inspect.New(inspect.Options{Dir: dir, AtOnce: 3})
	if err != nil {
		t.Fatal(err)
	}
	file := pngFile(t, 3000, 2000)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, err := in.Inspect(t.Context(), "a.png", bytes.NewReader(file)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	b, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(b), "alive"); n != 8 {
		t.Errorf("%d children wrote to the log", n)
	}
	for n := 4; n <= 8; n++ {
		if strings.Contains(string(b), "alive "+string(rune('0'+n))) {
			t.Errorf("%d children ran at once", n)
		}
	}
	if !strings.Contains(string(b), "alive 2") && !strings.Contains(string(b), "alive 3") {
		t.Error("children ran one after another")
	}
}
